import { statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Program } from '../../reference/calls/valid.ts';
import { UsageError } from '../common/errors.ts';
import { closeNames, suggest, UnknownName, unknownName } from '../common/names.ts';
import { oneLine } from '../common/printable.ts';
import { commandLine } from '../common/shell.ts';
import {
  type Answer,
  type DirectTarget,
  type Manifest,
  membersOf,
  type OnAnswer,
  type Spent,
  type Target,
} from './target.ts';

/**
 * A target that `openTarget` opened: a `Target` with its specification. Close it when you are done.
 *
 * @example
 * ```ts
 * import { type OpenTarget, openTarget } from 'mmspec';
 *
 * const target: OpenTarget = await openTarget('mutant:no-guard-page');
 * console.log(target.spec, target.direct !== undefined); // mutant:no-guard-page true
 * await target.close();
 * ```
 */
export interface OpenTarget {
  /** The specification as given to `openTarget`: `embedded`, `mutant:NAME`, `linux:bookworm`, `exec:./adapter` ... */
  readonly spec: string;
  readonly manifest: Manifest;
  /** The same target without promises; undefined unless it runs in this process. */
  readonly direct?: DirectTarget;
  /**
   * Whether `openTarget` with the same specification opens another instance, which runs beside this one. `on-request`: the
   * kit does so only when it is asked to, since a command may use a device that others cannot use at the same time.
   */
  readonly copies?: 'independent' | 'on-request';
  /** Executes programs: see `Target.run`. Each answer holds the program that it answers. */
  run(programs: readonly Program[], onAnswer?: OnAnswer): Promise<Answer[]>;
  /** The functions that programs have entered so far: see `Target.entered`. */
  entered?(): ReadonlySet<string>;
  /** Where its time went: see `Target.spent`. */
  spent?(): Promise<Spent | undefined>;
  /** Where the sources of the implementation define a function: see `Target.definition`. */
  definition?(name: string): string | undefined;
  /** Restarts the target: see `Target.fresh`. Undefined if every program starts on a fresh target anyway. */
  fresh?(): Promise<void>;
  /** Ends the target and all processes and machines that it started. */
  close(): Promise<void>;
}

/**
 * How to run a target that is a virtual machine. Other targets ignore `cpus`, and refuse the rest.
 *
 * @example
 * ```ts
 * import { type OpenOptions, openTarget } from 'mmspec';
 *
 * const options: OpenOptions = { cpus: 4 };
 * const target = await openTarget('embedded', options); // a virtual machine would have 4 CPUs
 * await target.close();
 * ```
 */
export interface OpenOptions {
  /** CPUs of each virtual machine, and of `vmalloc:`; 2 by default. */
  readonly cpus?: number;
  /** Number of virtual machines that run side by side; 1 by default. */
  readonly vms?: number;
  /** Name of the fault to inject into the kernel (`mmspec list mutants` lists them); none by default. */
  readonly fault?: string;
}

/** A target in words: its specification, and the name that it gives itself. */
export const describeTarget = ({ spec, manifest }: OpenTarget): string => oneLine(`${spec} (${manifest.name})`);

/** Whether a specification names a virtual machine, which may have to be prepared and booted. */
export const isMachine = (spec: string): boolean => spec.startsWith('linux:');

/** Whether the places at which schedules hold lanes can be chosen. */
export const takesPoints = (spec: string): boolean => isMachine(spec) || spec.startsWith('vmalloc:');

/** Whether a specification names a simulated implementation in this process: opening it only loads code. */
export const isEmbedded = (spec: string): boolean => /^(?:embedded|mutant)(?::|$)/.test(spec);

/**
 * Wraps a target of this process.
 * @param copies whether `spec` opens another instance of it.
 */
export function openDirect(spec: string, target: DirectTarget, copies?: OpenTarget['copies']): OpenTarget {
  return {
    spec,
    ...(copies ? { copies } : {}),
    manifest: target.manifest,
    direct: target,
    run: async (programs) => programs.map((program) => target.executeTrace(program)),
    close: async () => {},
  };
}

const openRemote = (spec: string, target: Target, copies?: OpenTarget['copies']): OpenTarget => ({
  spec,
  ...(copies ? { copies } : {}),
  ...membersOf(target),
});

/** The targets whose specifications start with `NAME:`. */
interface Scheme {
  readonly usage: string;
  readonly summary: string;
  /** Its targets are virtual machines: they take a fault and a number of machines. */
  readonly machines?: true;
  /** @param rest the specification without `NAME:`. */
  open(spec: string, rest: string, options: OpenOptions): Promise<OpenTarget>;
}

/** By name. Each scheme loads its code only when it is used. */
const SCHEMES: Readonly<Record<string, Scheme>> = {
  embedded: {
    usage: 'embedded[:lazy|:eager]',
    summary: 'a conforming implementation on a simulated machine, in this process',
    async open(spec, rest) {
      const { embedded, IMPLEMENTATIONS, UNUSUAL_IMPLEMENTATIONS } = await import('./embedded/index.ts');
      const target = embedded(rest || 'lazy');
      if (target) return openDirect(spec, target, 'independent');
      const known = [...IMPLEMENTATIONS, ...UNUSUAL_IMPLEMENTATIONS].map((name) => `embedded:${name}`);
      throw unknownName(`unknown target ${spec}`, spec, known, commandLine('list', 'targets'));
    },
  },
  mutant: {
    usage: 'mutant:NAME',
    summary: 'an implementation with one seeded fault (mmspec list mutants)',
    async open(spec, rest) {
      const { mutant, mutantNames } = await import('./embedded/index.ts');
      const target = mutant(rest);
      if (target) return openDirect(spec, target, 'independent');
      throw unknownName(`unknown mutant ${rest}`, rest, mutantNames(), commandLine('list', 'mutants'));
    },
  },
  linux: {
    usage: 'linux:NAME',
    summary: 'a stock Linux kernel in QEMU (mmspec linux list)',
    machines: true,
    async open(spec, rest, options) {
      const { openLinux } = await import('./linux/index.ts');
      return openRemote(spec, await openLinux(rest, options));
    },
  },
  vmalloc: {
    usage: 'vmalloc:KDIR',
    summary: 'mm/vmalloc.c of a source tree of Linux, built as a program (docs/vmalloc-target.md)',
    async open(spec, rest, options) {
      const { openVmalloc } = await import('./vmalloc/index.ts');
      return openRemote(spec, await openVmalloc(rest, options));
    },
  },
  exec: {
    usage: "exec:'COMMAND'",
    summary: 'an adapter that speaks the wire protocol over its standard input and output',
    open: (spec) => openProcess(spec, 'on-request'),
  },
  tcp: { usage: 'tcp:HOST:PORT', summary: 'an adapter behind a TCP socket', open: (spec) => openProcess(spec) },
  unix: { usage: 'unix:PATH', summary: 'an adapter behind a Unix socket', open: (spec) => openProcess(spec) },
  ffi: {
    usage: 'ffi:PATH',
    summary: 'a shared library with the C ABI of fixtures/adapters/mmspec.h',
    open: (spec) => openProcess(spec, 'independent'),
  },
};

async function openProcess(spec: string, copies?: OpenTarget['copies']): Promise<OpenTarget> {
  const { openAdapter } = await import('./process/index.ts');
  return openRemote(spec, await openAdapter(spec), copies);
}

async function openModule(spec: string): Promise<OpenTarget> {
  const { openModuleTarget } = await import('./module/index.ts');
  return openRemote(spec, await openModuleTarget(spec), 'independent');
}

/** The scheme that a specification begins with; undefined for any other text. */
function schemeOf(spec: string): Scheme | undefined {
  const [name] = spec.split(':', 1);
  return Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined;
}

/** Whether a specification is the path of a module. */
export const isModule = (spec: string): boolean => !schemeOf(spec) && /\.[mc]?[jt]s$/.test(spec);

/** @throws UsageError for an option that only virtual machines take: ignored, it would seem to have had an effect. */
function refuseMachineOptions(spec: string, { fault, vms = 1 }: OpenOptions): void {
  const machines = Object.values(SCHEMES).flatMap((scheme) => (scheme.machines ? [scheme.usage] : []));
  const only = `only virtual machines take it: ${machines.join(', ')}`;
  if (fault !== undefined) throw new UsageError(`fault ${fault}: ${spec} has no faults to inject; ${only}`);
  if (vms !== 1) throw new UsageError(`${vms} virtual machines asked for, but ${spec} is none; ${only}`);
}

/** The forms of a target specification, with what they open. */
export const TARGET_FORMS: readonly { readonly usage: string; readonly summary: string }[] = [
  ...Object.values(SCHEMES).map(({ usage, summary }) => ({ usage, summary })),
  { usage: './module.ts', summary: 'a module whose default export is a DirectTarget, run in a child process' },
];

/** The specification of an adapter or a library in a file; undefined if the text names no such file. */
function specificationOfFile(text: string): string | undefined {
  const path = resolve(text);
  const file = statSync(path, { throwIfNoEntry: false });
  if (!file?.isFile()) return undefined;
  if (/\.(so|dylib)$/.test(text)) return `ffi:${text}`;
  return (file.mode & 0o111) === 0 ? undefined : `exec:./${relative('.', path)}`;
}

/** The specifications of all targets that have names of their own, by name. */
async function namedTargets(): Promise<Map<string, string>> {
  const { IMPLEMENTATIONS, mutantNames, UNUSUAL_IMPLEMENTATIONS } = await import('./embedded/index.ts');
  const { listPrepared, SUITES } = await import('./linux/index.ts');
  const kernels = new Set([...SUITES, ...listPrepared()].map(({ name }) => name));
  return new Map([
    ...[...IMPLEMENTATIONS, ...UNUSUAL_IMPLEMENTATIONS].map((name) => [name, `embedded:${name}`] as const),
    ...mutantNames().map((name) => [name, `mutant:${name}`] as const),
    ...[...kernels].map((name) => [name, `linux:${name}`] as const),
  ]);
}

/** The specifications that a text may stand for: `linux:bookworm` for `bookworm`, `exec:./adapter` for a file. */
async function specificationsLike(text: string): Promise<string[]> {
  const file = specificationOfFile(text);
  if (file !== undefined) return [file];
  const bare = await namedTargets();
  if (bare.has(text)) return [bare.get(text)!];
  const close = closeNames(text, [...bare.keys(), ...bare.values(), 'embedded']);
  return [...new Set(close.map((name) => bare.get(name) ?? name))];
}

/** Opens a target of a scheme. The error for an unknown name suggests the target of another scheme that has the name. */
async function openOfScheme(scheme: Scheme, spec: string, options: OpenOptions): Promise<OpenTarget> {
  const rest = spec.replace(/^[^:]*:?/, '');
  try {
    return await scheme.open(spec, rest, options);
  } catch (error) {
    if (!(error instanceof UnknownName)) throw error;
    const named = await namedTargets();
    const other = named.get(rest) ?? named.get(closeNames(rest, [...named.keys()])[0]);
    const fits = other !== undefined && !error.suggested.includes(other) && schemeOf(other) !== scheme;
    // A close name of another kind helps only if this kind has none.
    throw fits && (named.has(rest) || error.suggested.length === 0) ? error.suggesting([other]) : error;
  }
}

/**
 * Opens the target that a specification names: `embedded`, `mutant:NAME`, `linux:NAME`, `vmalloc:KDIR`, `exec:'COMMAND'`,
 * `tcp:HOST:PORT`, `unix:PATH`, `ffi:PATH`, or the path of a module.
 * @throws UsageError if no such target exists, or if it takes no such option; the message lists what does. TargetFailure if
 * it does not start.
 *
 * @example
 * ```ts
 * import { openTarget } from 'mmspec';
 *
 * const target = await openTarget('embedded:lazy');
 * try {
 *   console.log(target.manifest.profile); // documented
 * } finally {
 *   await target.close();
 * }
 * ```
 */
export async function openTarget(spec: string, options: OpenOptions = {}): Promise<OpenTarget> {
  const scheme = schemeOf(spec);
  if (!scheme?.machines) refuseMachineOptions(spec, options);
  if (scheme) return openOfScheme(scheme, spec, options);
  if (isModule(spec)) return openModule(spec);
  const meant = suggest(await specificationsLike(spec));
  const forms = TARGET_FORMS.map((form) => `  ${form.usage.padEnd(24)} ${form.summary}`).join('\n');
  throw new UsageError(`unknown target ${spec}${meant}\na target is one of:\n${forms}`);
}
