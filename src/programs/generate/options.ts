import type { Call } from '../../../reference/calls/call.ts';
import type { Clause } from '../../../reference/clauses/clause.ts';
import { CALLS } from '../../../reference/contract.ts';
import { DOCUMENTED, type Traits } from '../../../reference/profiles/traits.ts';
import type { Sizes } from '../../targets/sizes.ts';
import type { Support } from '../../targets/support.ts';
import type { Manifest } from '../../targets/target.ts';

/** What programs consist of. */
export interface Options {
  readonly traits: Traits;
  readonly cpus: number;
  /** Frames in the pool. */
  readonly frames: number;
  /** Page size in bytes. */
  readonly page: number;
  /** The calls that programs are made of. */
  readonly calls: readonly Call[];
  /** Steps of the longest program. Lengths are log-uniform: 1 to 9 steps are as likely as 10 to 99. */
  readonly steps: number;
  /** Pages of the largest mapping. */
  readonly pages: number;
  /** Pages that are mapped at a time, at most; a single mapping may exceed it. */
  readonly livePages: number;
  /** Whether to draw steps about which a real kernel prints a warning, by contract. */
  readonly warns: boolean;
  /** Factors for calls that are drawn more often than usual. */
  readonly favour: ReadonlyMap<Call, number>;
  /**
   * How lanes of a block interleave: as the attribute `schedule` says; by chance, influenced by delays only; or `mixed`:
   * by chance in one half of the programs, and in the other half the target sweeps a preemption or picks schedules;
   * `swept`: it does so in all of them.
   */
  readonly overlap: 'scheduled' | 'by-chance' | 'mixed' | 'swept';
  /** By call: what the target supports of it, where that is less than the whole call. */
  readonly support: ReadonlyMap<string, Support>;
  /** The abilities of the target. Some arguments need one. */
  readonly can: ReadonlySet<string>;
  /** The sizes of the target's structures, as far as it tells them. */
  readonly sizes: Partial<Sizes>;
}

/** The calls of `calls` that a target can execute. */
export const callsOf = (manifest: Pick<Manifest, 'calls' | 'can'>, calls: readonly Call[] = CALLS): readonly Call[] =>
  calls.filter((call) => manifest.calls.has(call.name) && (!call.ability || manifest.can.has(call.ability)));

/** Clauses that belong to no single call, and the calls that exercise them. */
const SHARED_CLAUSES: readonly (readonly [clauses: RegExp, exercisedBy: (call: Call) => boolean])[] = [
  [/^(VA|MAP|UNMAP)-/, ({ side }) => side === 'kernel'],
  [/^(MMAP|COW)-/, ({ side }) => side === 'user'],
  [/^COUNT-/, ({ sees }) => sees === 'counts'],
];

/** How much more often favoured calls are drawn. */
const FAVOUR_FACTOR = 5;

/** The calls that exercise any of the clauses, with the factor by which to draw them more often. */
export function favouring(clauses: readonly Clause[], calls: readonly Call[] = CALLS): ReadonlyMap<Call, number> {
  const exercises = (call: Call, clause: Clause): boolean =>
    call.clauses.includes(clause) || SHARED_CLAUSES.some(([ids, holds]) => ids.test(clause.id) && holds(call));
  const favoured = calls.filter((call) => clauses.some((clause) => exercises(call, clause)));
  return new Map(favoured.map((call) => [call, FAVOUR_FACTOR]));
}

/** The default options, some of them replaced. */
export const optionsWith = (changes: Partial<Options> = {}): Options => ({
  traits: DOCUMENTED,
  cpus: 2,
  frames: 64,
  page: 4096,
  calls: CALLS.filter((call) => !call.ability),
  steps: 400,
  pages: 640,
  livePages: 8192,
  warns: true,
  favour: new Map(),
  overlap: 'scheduled',
  can: new Set(),
  support: new Map(),
  sizes: {},
  ...changes,
});

/** How much a target accepts at once: steps of a program, bytes of a line. */
export type Limits = Partial<Pick<Manifest, 'steps' | 'line'>>;

/** Bytes of a line without its list of frames, at most. */
const LINE_WITHOUT_FRAMES = 48;
/** Bytes of one frame in a line, at most. */
const BYTES_PER_FRAME = ' f255'.length;

const pagesPerLine = (line: number): number => Math.max(1, Math.floor((line - LINE_WITHOUT_FRAMES) / BYTES_PER_FRAME));

/** Options that keep programs, and their lines, within the limits of a target. */
export const within = (options: Options, { steps, line }: Limits): Options => ({
  ...options,
  steps: Math.min(options.steps, steps ?? options.steps),
  pages: line === undefined ? options.pages : Math.min(options.pages, pagesPerLine(line)),
});

/** The options for a target that is judged under `traits`, some of them replaced. */
export const optionsFor = (manifest: Manifest, traits: Traits, changes: Partial<Options> = {}): Options => {
  const options = optionsWith({
    traits,
    cpus: manifest.cpus,
    frames: Math.min(manifest.frames, 64),
    page: manifest.page,
    calls: callsOf(manifest),
    support: manifest.support ?? new Map(),
    can: manifest.can,
    ...changes,
  });
  return within(options, manifest);
};
