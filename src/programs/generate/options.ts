import type { Call } from '../../../reference/calls/call.ts';
import type { Clause } from '../../../reference/clauses/clause.ts';
import { CALLS } from '../../../reference/contract.ts';
import { DOCUMENTED, type Traits } from '../../../reference/profiles/traits.ts';
import type { Manifest } from '../../targets/target.ts';

/** What programs may consist of. */
export interface Options {
  readonly traits: Traits;
  readonly cpus: number;
  /** Frames in the pool. */
  readonly frames: number;
  /** Page size in bytes. */
  readonly page: number;
  /** The calls that programs are made of. */
  readonly calls: readonly Call[];
  /** The longest program, in steps; the number of digits of a program's length is even. */
  readonly steps: number;
  /** The most pages of one mapping. */
  readonly pages: number;
  /** The most pages that are mapped at one time, about. */
  readonly livePages: number;
  /** Whether steps may be drawn about which a real kernel warns in its log, by contract. */
  readonly warns: boolean;
  /** How much more often than usual some calls are drawn. */
  readonly favour: ReadonlyMap<Call, number>;
  /** Who decides how the lanes of a block overlap: its attribute `schedule`, or chance, which delays only nudge. */
  readonly overlap: 'scheduled' | 'by-chance';
  /** Whether a program with a block may be run several times in one go. */
  readonly repeats: boolean;
}

/** The calls of `calls` that a target can execute. */
export const callsOf = (manifest: Pick<Manifest, 'calls' | 'can'>, calls: readonly Call[] = CALLS): readonly Call[] =>
  calls.filter((call) => manifest.calls.has(call.name) && (!call.ability || manifest.can.has(call.ability)));

/** Clauses that no single call has are about what areas, or VMAs, or counts are like. */
const ABOUT: readonly (readonly [clauses: RegExp, (call: Call) => boolean])[] = [
  [/^(VA|MAP|UNMAP)-/, ({ side }) => side === 'kernel'],
  [/^(MMAP|COW)-/, ({ side }) => side === 'user'],
  [/^COUNT-/, ({ ability }) => ability === 'counts'],
];

/** Draws the calls more often whose clauses are among the given ones, or that have to do with them. */
export function favouring(clauses: readonly Clause[], calls: readonly Call[] = CALLS): ReadonlyMap<Call, number> {
  const concerned = (call: Call, clause: Clause): boolean =>
    call.clauses.includes(clause) || ABOUT.some(([ids, holds]) => ids.test(clause.id) && holds(call));
  return new Map(calls.filter((call) => clauses.some((clause) => concerned(call, clause))).map((call) => [call, 5]));
}

/** The options of everyday runs, with some replaced. */
export const optionsWith = (wishes: Partial<Options> = {}): Options => ({
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
  repeats: false,
  ...wishes,
});

/** Bytes of a line beside its list of frames, and of one frame in it, at most. */
const LINE_WITHOUT_FRAMES = 48;
const FRAME = ' f255'.length;

/** Options with programs, and lines of them, that are no longer than a target takes. */
export const within = (options: Options, { steps, line }: Limits): Options => ({
  ...options,
  steps: Math.min(options.steps, steps ?? options.steps),
  pages: line === undefined ? options.pages : Math.min(options.pages, pagesIn(line)),
});

const pagesIn = (line: number): number => Math.max(1, Math.floor((line - LINE_WITHOUT_FRAMES) / FRAME));

/** How much a target takes at once. */
export type Limits = Partial<Pick<Manifest, 'steps' | 'line'>>;

/** The options for a target that is judged under `traits`. */
export const optionsFor = (manifest: Manifest, traits: Traits, wishes: Partial<Options> = {}): Options => {
  const options = optionsWith({
    traits,
    cpus: manifest.cpus,
    frames: Math.min(manifest.frames, 64),
    page: manifest.page,
    calls: callsOf(manifest),
    ...wishes,
  });
  return within(options, manifest);
};
