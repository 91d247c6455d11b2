import { grouped } from '../../common/words.ts';

/** How sure it is that a counterexample is the shortest. */
export interface Certificate {
  /** Every shorter program over the counterexample's own calls and arguments was tried, and none fails this way. */
  readonly certified: boolean;
  /** All programs of up to so many steps were tried. */
  readonly steps: number;
  /** Programs that were tried: where it is certified those that are shorter, else all. */
  readonly tried: number;
  /** What it says, in words. */
  readonly text: string;
}

/** What was tried of a program with blocks: what is left of it without some steps, under so many preemptions. */
export interface Overlap {
  /** Most preemptions of the schedules that were tried; undefined where the target cannot be told a schedule. */
  readonly preemptions: number | undefined;
  /** All of it was tried. */
  readonly parts: boolean;
}

/** What a text is made of; `interrupted` where somebody ended it before the budget did. */
interface Facts extends Omit<Certificate, 'text'> {
  readonly interrupted: boolean;
}

const steps = (count: number): string => (count === 1 ? '1 step' : `up to ${count} steps`);

const endOf = (interrupted: boolean): string => (interrupted ? 'it was interrupted' : 'the budget ended');

/** The words of a certificate. */
export function certificateText(
  { certified, steps: done, tried, interrupted }: Facts,
  { bulk }: { bulk: boolean },
): string {
  const over = bulk ? 'over these calls, like calls in a row counted as one,' : 'over these calls';
  const number = tried === 0 ? 'there is none to try' : `${grouped(tried)} tried`;
  if (certified) return `certified: no shorter program ${over} fails this way (${number})`;
  const end = endOf(interrupted);
  if (done === 0) return `not certified: ${end} before anything was tried in full (${grouped(tried)} tried)`;
  return `not certified: no program of ${steps(done)} ${over} fails this way (${grouped(tried)} tried, then ${end})`;
}

/** The words of a certificate of a program of `length` steps some of which overlap. */
export function overlapText(
  { certified, steps: done, tried, interrupted }: Facts,
  length: number,
  overlap: Overlap,
): string {
  const { parts, preemptions } = overlap;
  const end = endOf(interrupted);
  const fewer = `with fewer of its steps it holds under every schedule of up to ${preemptions} preemptions`;
  const apart = `no program of ${steps(done)} over these calls fails this way without overlap`;
  if (certified) return `certified: ${fewer}, and ${apart} (${grouped(tried)} tried)`;
  const told = [...(parts ? [fewer] : []), ...(done > 0 ? [apart] : [])];
  if (told.length === 0) return `not certified: ${end} before anything was tried in full (${grouped(tried)} tried)`;
  const ended = done < length ? `, then ${end}` : '; no schedule can be chosen';
  return `not certified: ${told.join(', and ')} (${grouped(tried)} tried${ended})`;
}
