import type { Program } from '../../reference/notation/program.ts';
import { UsageError } from '../common/errors.ts';
import type { Answer, DirectTarget, Manifest, Target } from './target.ts';

/** A target that was opened by its specification. */
export interface OpenTarget {
  /** As given on the command line: `embedded`, `mutant:NAME`, `linux:bookworm`, `exec:./adapter` ... */
  readonly spec: string;
  readonly manifest: Manifest;
  /** Present where the target runs in this process. */
  readonly direct?: DirectTarget;
  run(programs: readonly Program[]): Promise<Answer[]>;
  /** The next program runs on a target that was started anew; missing where each program does so anyway. */
  fresh?(): Promise<void>;
  close(): Promise<void>;
}

/** What may be said about how a target is to be run. */
export interface OpenOptions {
  /** CPUs of a virtual machine. */
  readonly cpus?: number;
  /** Virtual machines side by side. */
  readonly vms?: number;
  /** A fault to inject into a live kernel. */
  readonly fault?: string;
}

/** A target of this process as an opened one. */
export function openDirect(spec: string, target: DirectTarget): OpenTarget {
  return {
    spec,
    manifest: target.manifest,
    direct: target,
    run: async (programs) => programs.map((program) => target.executeTrace(program)),
    close: async () => {},
  };
}

const remote = (spec: string, target: Target): OpenTarget => ({
  spec,
  manifest: target.manifest,
  run: (programs) => target.run(programs),
  ...(target.fresh ? { fresh: () => target.fresh!() } : {}),
  close: () => target.close(),
});

/** One way of naming targets. */
interface Scheme {
  readonly usage: string;
  readonly summary: string;
  open(spec: string, rest: string, options: OpenOptions): Promise<OpenTarget>;
}

const SCHEMES: Readonly<Record<string, Scheme>> = {
  embedded: {
    usage: 'embedded[:lazy|:eager]',
    summary: 'a conforming implementation on a simulated machine, in this process',
    async open(spec, rest) {
      const { embedded, IMPLEMENTATIONS } = await import('./embedded/index.ts');
      const made = embedded(rest || 'lazy');
      if (!made)
        throw new UsageError(
          `unknown target ${spec}; there are: ${IMPLEMENTATIONS.map((n) => `embedded:${n}`).join(', ')}`,
        );
      return openDirect(spec, made);
    },
  },
  mutant: {
    usage: 'mutant:NAME',
    summary: 'an implementation with one seeded fault (mmspec list mutants)',
    async open(spec, rest) {
      const { mutant, mutantNames } = await import('./embedded/index.ts');
      const made = mutant(rest);
      if (!made) throw new UsageError(`unknown mutant ${rest}; there are: ${mutantNames().join(', ')}`);
      return openDirect(spec, made);
    },
  },
  linux: {
    usage: 'linux:NAME',
    summary: 'a stock Linux kernel in QEMU (mmspec linux list)',
    async open(spec, rest, options) {
      const { openLinux } = await import('./linux/index.ts');
      return remote(spec, await openLinux(rest, options));
    },
  },
  exec: {
    usage: "exec:'COMMAND'",
    summary: 'an adapter that speaks the wire over its standard input and output',
    open: (spec) => openProcess(spec),
  },
  tcp: { usage: 'tcp:HOST:PORT', summary: 'an adapter behind a TCP socket', open: (spec) => openProcess(spec) },
  unix: { usage: 'unix:PATH', summary: 'an adapter behind a Unix socket', open: (spec) => openProcess(spec) },
  ffi: {
    usage: 'ffi:PATH',
    summary: 'a shared library with the C ABI of fixtures/adapters/mmspec.h',
    open: (spec) => openProcess(spec),
  },
};

async function openProcess(spec: string): Promise<OpenTarget> {
  const { openAdapter } = await import('./process/index.ts');
  return remote(spec, await openAdapter(spec));
}

async function openModule(spec: string): Promise<OpenTarget> {
  const { openModuleTarget } = await import('./module/index.ts');
  return remote(spec, await openModuleTarget(spec));
}

/** What a target can be named by, with what it is. */
export const TARGET_FORMS: readonly { readonly usage: string; readonly summary: string }[] = [
  ...Object.values(SCHEMES).map(({ usage, summary }) => ({ usage, summary })),
  { usage: './module.ts', summary: 'a module whose default export is a DirectTarget, run in a child process' },
];

/**
 * Opens a target by its specification.
 * @throws UsageError where there is no such target, naming what exists; TargetFailure where it cannot be started.
 */
export async function openTarget(spec: string, options: OpenOptions = {}): Promise<OpenTarget> {
  const colon = spec.indexOf(':');
  const name = colon < 0 ? spec : spec.slice(0, colon);
  const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined;
  if (scheme) return scheme.open(spec, colon < 0 ? '' : spec.slice(colon + 1), options);
  if (/\.[mc]?[jt]s$/.test(spec)) return openModule(spec);
  const forms = TARGET_FORMS.map((form) => `  ${form.usage.padEnd(24)} ${form.summary}`).join('\n');
  throw new UsageError(`unknown target ${spec}; a target is one of:\n${forms}`);
}
