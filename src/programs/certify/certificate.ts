import { grouped } from '../../common/words.ts';

/** How certain it is that a counterexample is as short as possible. */
export interface Certificate {
  /** Every shorter program over the counterexample's own calls and arguments was tried, and none fails in this way. */
  readonly certified: boolean;
  /** All programs of up to this many steps were tried. */
  readonly steps: number;
  /** Programs that were tried: if certified, those that are shorter; otherwise all. */
  readonly tried: number;
  /** The same as a sentence. */
  readonly text: string;
}

/** What was tried of a program with parallel blocks. */
export interface OverlapTried {
  /** Preemptions that schedules were allowed to have; undefined if the target does not let the kit choose schedules. */
  readonly preemptions: number | undefined;
  /** The target lets the kit choose schedules, but not all of them were tried. */
  readonly uncovered: boolean;
  /** The program was tried without each set of its steps, under all of these schedules. */
  readonly parts: boolean;
}

/** What the sentence of a certificate says. */
interface Facts extends Omit<Certificate, 'text'> {
  /** A signal ended the search before the budget did. */
  readonly interrupted: boolean;
}

const upTo = (count: number): string => (count === 1 ? '1 step' : `up to ${count} steps`);

const reasonOf = (interrupted: boolean): string => (interrupted ? 'it was interrupted' : 'the budget ended');

/** Nothing was tried in full: the sentence is the same with and without blocks. */
const untried = ({ tried, interrupted }: Facts): string =>
  `not certified: ${reasonOf(interrupted)} before anything was tried in full (${grouped(tried)} tried)`;

/** The sentence for a program without blocks. `runs`: runs of equal steps counted as one step. */
export function certificateText(facts: Facts, { runs }: { readonly runs: boolean }): string {
  const { certified, steps, tried, interrupted } = facts;
  const over = runs ? 'over these calls, counting runs of equal calls as one call,' : 'over these calls';
  const number = tried === 0 ? 'none exists' : `${grouped(tried)} tried`;
  if (certified) return `certified: no shorter program ${over} fails this way (${number})`;
  if (steps === 0) return untried(facts);
  const count = `${grouped(tried)} tried, then ${reasonOf(interrupted)}`;
  return `not certified: no program of ${upTo(steps)} ${over} fails this way (${count})`;
}

/** The sentence for a program of `length` steps with parallel blocks. */
export function overlapText(facts: Facts, length: number, { parts, preemptions, uncovered }: OverlapTried): string {
  const { certified, steps, tried, interrupted } = facts;
  const fewer = `with fewer of its steps it passes under every schedule of up to ${preemptions} preemptions`;
  const apart = `no program of ${upTo(steps)} over these calls fails this way without overlap`;
  if (certified) return `certified: ${fewer}, and ${apart} (${grouped(tried)} tried)`;
  const done = [...(parts ? [fewer] : []), ...(steps > 0 ? [apart] : [])];
  if (done.length === 0) return untried(facts);
  const ended =
    steps < length
      ? `, then ${reasonOf(interrupted)}`
      : uncovered
        ? '; not every schedule was tried'
        : '; the target does not let the kit choose schedules';
  return `not certified: ${done.join(', and ')} (${grouped(tried)} tried${ended})`;
}
