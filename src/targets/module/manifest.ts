import { CALLS, VOCABULARY } from '../../../reference/calls/index.ts';
import { isPageSize, PAGE_SIZES, type Window } from '../../../reference/notation/header.ts';
import type { CallName } from '../../../reference/notation/names.ts';
import { profileNamed } from '../../../reference/profiles/profiles.ts';
import { type TRAITS, type TraitName, withTraits } from '../../../reference/profiles/traits.ts';
import { UsageError } from '../../common/errors.ts';
import { isSizeName, type Sizes } from '../sizes.ts';
import { parseSupport, type Support } from '../support.ts';
import type { Manifest } from '../target.ts';

/** The choices of traits, by name. */
export type TraitChoices = {
  readonly [T in TraitName]?: keyof Extract<(typeof TRAITS)[number], { readonly name: T }>['choices'];
};

/** What a module says about its target. Everything but the calls has the same default as in the handshake of an adapter. */
export interface ManifestDescription {
  /** Implementation and version; `unnamed target` by default. */
  readonly name?: string;
  /** `documented` by default. */
  readonly profile?: string;
  /** Traits that differ from the profile. */
  readonly traits?: TraitChoices | ReadonlyMap<string, string>;
  /** How many CPUs a program may use; 1 by default. */
  readonly cpus?: number;
  /** How many frames of the pool a program may use; 64 by default. */
  readonly frames?: number;
  /** Page size in bytes; 4096 by default. */
  readonly page?: number;
  /** Where areas and VMAs lie, in page numbers, `[start, end)`. */
  readonly windows?: { readonly kernel?: Window; readonly user?: Window } | ReadonlyMap<'kernel' | 'user', Window>;
  /** Optional abilities, such as `counts`. */
  readonly can?: Iterable<string>;
  /** By call: what the target supports of it: `{ vmap: ['contiguous'] }`. */
  readonly support?: { readonly [N in CallName]?: readonly string[] };
  /** Sizes of its structures, in pages. */
  readonly sizes?: Partial<Sizes>;
  /** How many pages a program may count on, with `memory=ample`. */
  readonly memory?: number;
  /** Maximum length of a program, in steps. */
  readonly steps?: number;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const shown = (value: unknown): string => JSON.stringify(value) ?? String(value);

/** @throws UsageError saying what is wrong in the manifest, and what is expected. */
function wrong(field: string, value: unknown, expected: string): never {
  throw new UsageError(`the manifest of the module has ${field} ${shown(value)}; expected ${expected}`);
}

function whole(field: string, value: unknown, otherwise: number, expected: string): number {
  if (value === undefined) return otherwise;
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : wrong(field, value, expected);
}

/** The entries of a map, or of an object. */
function entries(field: string, value: unknown, expected: string): [string, unknown][] {
  if (value === undefined) return [];
  if (value instanceof Map) return [...value];
  return isObject(value) && !(Symbol.iterator in value) ? Object.entries(value) : wrong(field, value, expected);
}

function list(field: string, value: unknown, expected: string): string[] {
  if (value === undefined) return [];
  const items = isObject(value) && Symbol.iterator in value ? [...(value as Iterable<unknown>)] : undefined;
  return items?.every((item) => typeof item === 'string') ? (items as string[]) : wrong(field, value, expected);
}

const isWindow = (value: unknown): value is Window =>
  isObject(value) &&
  Number.isSafeInteger(value.start) &&
  Number.isSafeInteger(value.end) &&
  (value.start as number) < (value.end as number);

/**
 * Fills in what a module leaves out of its manifest.
 * @throws UsageError saying in words what is wrong.
 */
export function completeManifest(given: unknown): Manifest {
  if (!isObject(given)) return wrong('the value', given, 'an object with the calls of the target');
  const profile = given.profile ?? 'documented';
  if (typeof profile !== 'string') return wrong('profile', profile, 'the name of a profile (documented)');
  const traits = entries('traits', given.traits, "choices by trait ({ tlb: 'before-return' })") as [string, string][];
  try {
    withTraits(profileNamed(profile).traits, traits);
  } catch (error) {
    throw new UsageError(`the manifest of the module is wrong: ${(error as Error).message}`);
  }
  const page = whole('page', given.page, 4096, PAGE_SIZES);
  if (!isPageSize(page)) wrong('page', page, PAGE_SIZES);
  const windows = entries('windows', given.windows, '{ kernel: { start, end } } in page numbers');
  for (const [side, window] of windows)
    if ((side !== 'kernel' && side !== 'user') || !isWindow(window))
      wrong(`windows.${side}`, window, '{ start, end } in page numbers for kernel or user, and start before end');
  const can = new Set(list('can', given.can, "abilities (['counts'])"));
  const calls = new Set(list('calls', given.calls, "names of calls (['vmap', 'vunmap', 'read'])"));
  for (const { name, ability } of CALLS) if (ability !== undefined && can.has(ability)) calls.add(name);
  if (calls.size === 0) wrong('calls', given.calls, "the names of its calls (['vmap', 'vunmap', 'read'])");
  return {
    name: typeof given.name === 'string' && given.name !== '' ? given.name : 'unnamed target',
    profile,
    traits: new Map(traits),
    cpus: whole('cpus', given.cpus, 1, 'a number of CPUs'),
    frames: whole('frames', given.frames, 64, 'a number of frames'),
    page,
    windows: new Map(windows as ['kernel' | 'user', Window][]),
    calls,
    can,
    support: supportOf(given.support),
    sizes: sizesOf(given.sizes),
    ...(given.memory === undefined ? {} : { memory: whole('memory', given.memory, 0, 'a number of pages') }),
    steps:
      given.steps === Number.POSITIVE_INFINITY
        ? given.steps
        : whole('steps', given.steps, Infinity, 'a number of steps'),
  };
}

function sizesOf(given: unknown): Partial<Sizes> {
  const sizes: Record<string, number> = {};
  for (const [name, pages] of entries('sizes', given, 'sizes in pages ({ block: 16 })'))
    if (isSizeName(name)) sizes[name] = whole(`sizes.${name}`, pages, 0, 'a number of pages');
  return sizes;
}

function supportOf(given: unknown): ReadonlyMap<string, Support> {
  const found = new Map<string, Support>();
  for (const [name, limits] of entries('support', given, "limits by call ({ vmap: ['contiguous'] })")) {
    const call = VOCABULARY.get(name);
    if (!call) return wrong('support', name, 'the name of a call');
    const words = isObject(limits) && 'words' in limits ? limits.words : limits;
    try {
      found.set(name, parseSupport(call, list(`support.${name}`, words, "limits (['contiguous'])")));
    } catch (error) {
      throw new UsageError(`the manifest of the module is wrong: ${(error as Error).message}`);
    }
  }
  return found;
}
