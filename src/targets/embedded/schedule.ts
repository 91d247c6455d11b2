import { UsageError } from '../../common/errors.ts';

/** Decides which lane runs next, whenever more than one can. */
export interface Chooser {
  /**
   * @param ready CPUs of the lanes that can run, ascending; at least two. The list may change after the call.
   * @param last CPU of the lane that ran last; -1 at the start.
   * @returns one of `ready`.
   */
  next(ready: readonly number[], last: number): number;
}

/** Switches to the next lane at every point. */
export class RoundRobin implements Chooser {
  next(ready: readonly number[], last: number): number {
    return ready.find((cpu) => cpu > last) ?? ready[0];
  }
}

/**
 * Follows a written schedule: a list of lanes, one for each choice. A choice whose lane cannot run is skipped. After
 * the end of the list the current lane runs as long as it can, then the others do.
 */
export class FixedSchedule implements Chooser {
  readonly #choices: readonly number[];
  #at = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  next(ready: readonly number[], last: number): number {
    if (this.#at < this.#choices.length) {
      const choice = this.#choices[this.#at++];
      if (ready.includes(choice)) return choice;
    }
    return ready.includes(last) ? last : ready[0];
  }
}

/** Records the choices of another chooser. */
export class Recorder implements Chooser {
  readonly choices: number[] = [];
  readonly #chooser: Chooser;

  constructor(chooser: Chooser) {
    this.#chooser = chooser;
  }

  next(ready: readonly number[], last: number): number {
    const choice = this.#chooser.next(ready, last);
    this.choices.push(choice);
    return choice;
  }
}

/** Maximum number of choices in a schedule: a few bytes can stand for many choices. */
const MAX_CHOICES = 1_000_000;

/** The number that a part of a text says in at most `most` digits; -1 if it says no such number. */
function digits(text: string, from: number, to: number, most: number): number {
  if (to <= from || to - from > most) return -1;
  let number = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/**
 * Parses the attribute `schedule`: CPUs, as in `0,1,1,0`; `0:3,1` is short for `0,0,0,1`, and `-` for no choices.
 * @throws UsageError if the text is not a schedule.
 */
export function parseSchedule(text: string): number[] {
  const choices: number[] = [];
  if (text === '-') return choices;
  // The text is not split, which would take memory: this runs for each block of each program.
  for (let from = 0, end = 0; from <= text.length; from = end + 1) {
    const comma = text.indexOf(',', from);
    end = comma < 0 ? text.length : comma;
    const colon = text.indexOf(':', from);
    const hasCount = colon >= 0 && colon < end;
    const cpu = digits(text, from, hasCount ? colon : end, 4);
    const count = hasCount ? digits(text, colon + 1, end, 6) : 1;
    const isChoice = cpu >= 0 && count >= 0;
    if (!isChoice || choices.length + count > MAX_CHOICES) {
      const expected = isChoice ? `at most ${MAX_CHOICES} choices` : 'CPUs (0,1,1,0 or 0:3,1)';
      const shown = text.length > 80 ? `${text.slice(0, 80)}...` : text;
      const found = JSON.stringify(text.slice(from, Math.min(end, from + 40)));
      throw new UsageError(`schedule=${shown}: expected ${expected}, found ${found}`);
    }
    for (let n = count; n > 0; n--) choices.push(cpu);
  }
  return choices;
}

/** Prints the attribute `schedule`, in its short form. */
export function printSchedule(choices: readonly number[]): string {
  const words: string[] = [];
  for (let i = 0; i < choices.length; ) {
    let end = i + 1;
    while (end < choices.length && choices[end] === choices[i]) end++;
    words.push(end - i > 1 ? `${choices[i]}:${end - i}` : `${choices[i]}`);
    i = end;
  }
  return words.length === 0 ? '-' : words.join(',');
}
