import type { Call, Effect } from '../../../reference/calls/call.ts';
import { CALLS } from '../../../reference/contract.ts';
import { globExpression } from '../../common/glob.ts';

/** Something of an implementation that fills up and empties while a program runs. */
interface Structure {
  readonly name: string;
  /** Calls of this side touch it. */
  readonly side: 'kernel' | 'user';
  /** Its phases, each with a sentence. */
  readonly phases: Readonly<Record<string, string>>;
}

/**
 * The structures that the contract or a profile knows. The phases go from filling up to emptying. The bugs of this layer
 * live where a structure changes its phase.
 */
const STRUCTURES = [
  {
    name: 'areas',
    side: 'kernel',
    phases: {
      one: 'one kernel area is live',
      some: 'several kernel areas are live',
      many: 'more than 16 kernel areas are live',
      'one-given-back': 'the first of several areas is unmapped',
      'all-but-one-given-back': 'only one of at least three areas is left',
      emptied: 'the last of several areas is unmapped',
    },
  },
  {
    name: 'block',
    side: 'kernel',
    phases: {
      one: 'a block has its first small mapping',
      some: 'a block has several small mappings',
      'all-but-one': 'a block has room for one more mapping of the size of the last one',
      full: 'a block is full',
      'one-given-back': 'the first mapping of a full block is unmapped',
      'all-but-one-given-back': 'only one mapping of a full block is left',
      emptied: 'all mappings of a full block are unmapped',
    },
  },
  {
    name: 'lazy',
    side: 'kernel',
    phases: {
      empty: 'a flush is called and nothing is lazy',
      one: 'one area is unmapped and not flushed',
      some: 'several areas are unmapped and not flushed',
      many: 'more than 16 areas are unmapped and not flushed',
      'all-but-one': 'one more small area would reach the threshold of a purge',
      full: 'the lazy pages are exactly as many as the threshold of a purge',
      crossed: 'an unmapping goes beyond the threshold of a purge',
      emptied: 'a flush finds lazy areas',
    },
  },
  {
    name: 'arena',
    side: 'kernel',
    phases: {
      full: 'live and lazy areas take up all addresses of the arena',
    },
  },
  {
    name: 'translations',
    side: 'kernel',
    phases: {
      one: 'a CPU that looked at an area may hold one old translation',
      some: 'a CPU may hold old translations of several areas',
      emptied: 'a flush is called while a CPU may hold old translations',
    },
  },
  {
    name: 'object',
    side: 'user',
    phases: {
      one: 'one VMA maps an object',
      some: 'several VMAs map an object',
      many: 'more than eight VMAs map an object',
      'one-given-back': 'the first of several VMAs of an object is unmapped',
      'all-but-one-given-back': 'only one of at least three VMAs of an object is left',
      emptied: 'the last of several VMAs of an object is unmapped',
    },
  },
  {
    name: 'vma',
    side: 'user',
    phases: {
      empty: 'a VMA is created without pages',
      one: 'one page of a larger VMA is mapped',
      some: 'several pages of a VMA are mapped, but not all',
      'all-but-one': 'all pages of a VMA but one are mapped',
      full: 'all pages of a VMA are mapped',
      'one-given-back': 'one page of a full VMA is unmapped',
      'all-but-one-given-back': 'all pages of a full VMA but one are unmapped',
      emptied: 'all pages of a full VMA are unmapped, and the VMA stays',
    },
  },
  {
    name: 'tables',
    side: 'user',
    phases: {
      crossed: 'a VMA needs two page tables',
      spanned: 'a VMA covers a whole page table',
      'filled-across': 'a call maps pages on both sides of a distance of one page table from the start of a VMA',
      'emptied-across': 'a call unmaps pages on both sides of a distance of one page table from the start of a VMA',
      'emptied-over-hole': 'a call unmaps pages in a mostly empty range that is at least as long as a page table',
      'neighbours-unmapped': 'a VMA with a neighbour is unmapped',
      'neighbours-continue': 'a VMA continues the object of the VMA before it',
    },
  },
  {
    name: 'frame',
    side: 'user',
    phases: {
      one: 'a user page maps a frame',
      some: 'several user pages map a frame',
      many: 'at least 256 user pages map a frame',
      'one-given-back': 'the first of several pages that map a frame is unmapped',
      'all-but-one-given-back': 'only one of at least three pages that map a frame is left',
      emptied: 'the last of several pages that map a frame is unmapped',
    },
  },
] as const satisfies readonly Structure[];

/** A phase of a structure that programs should reach, alone or while another CPU runs a call. */
export interface State {
  readonly id: string;
  readonly sentence: string;
  /** Calls that are necessary to reach it. */
  readonly calls: readonly string[];
}

/** Effects of calls that leave the structures as they are, or change them in a way that no target reports. */
const UNTOUCHING: ReadonlySet<Effect> = new Set(['none', 'reclaims']);

/** Calls that touch the structures of a side, and may overlap others. */
export const touching = (side: Structure['side']): readonly Call[] =>
  CALLS.filter((call) => call.side === side && !UNTOUCHING.has(call.effect) && !call.sequential);

/** `block-full`: the place of a phase in `STATES`. The states beside calls follow it, in the order of `touching`. */
type PhaseOf<S extends Structure> = S extends Structure ? `${S['name']}-${Extract<keyof S['phases'], string>}` : never;
export type Phase = PhaseOf<(typeof STRUCTURES)[number]>;

/** A structure, and one of its phases. */
export interface StructurePhase {
  readonly side: Structure['side'];
  readonly structure: string;
  readonly phase: string;
}

/** All phases of all structures, in order. */
export const PHASES: readonly StructurePhase[] = STRUCTURES.flatMap(({ name, side, phases }) =>
  Object.keys(phases).map((phase) => ({ side, structure: name, phase })),
);

const states: State[] = [];
const places: Partial<Record<Phase, number>> = {};
for (const { name, side, phases } of STRUCTURES) {
  for (const [phase, sentence] of Object.entries(phases)) {
    places[`${name}-${phase}` as Phase] = states.length;
    states.push({ id: `${name}-${phase}`, sentence, calls: [] });
    for (const call of touching(side)) {
      const beside = `${sentence}, in a parallel block with ${call.name}; a CPU looked before and looks again after the block`;
      states.push({ id: `${name}-${phase}-beside-${call.name}`, sentence: beside, calls: [call.name] });
    }
  }
}

/** The vocabulary of states, in order. */
export const STATES: readonly State[] = states;

/** The place of each phase in `STATES`. */
export const PLACES = places as Readonly<Record<Phase, number>>;

/** The states that a pattern matches: an id, or a glob with `*`. Empty if no state matches. */
export function statesMatching(pattern: string): readonly State[] {
  const expression = globExpression(pattern);
  return STATES.filter(({ id }) => expression.test(id));
}
