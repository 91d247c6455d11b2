/** Decides which lane goes on, wherever more than one can. */
export interface Chooser {
  /**
   * @param ready CPUs of the lanes that can go on, ascending; two at least.
   * @param last the CPU of the lane that ran last, -1 at the start.
   * @returns one of `ready`.
   */
  next(ready: readonly number[], last: number): number;
}

/** Every lane in turn, one point each. */
export class RoundRobin implements Chooser {
  next(ready: readonly number[], last: number): number {
    return ready.find((cpu) => cpu > last) ?? ready[0];
  }
}

/**
 * A written schedule: the lanes in the order in which they are to go on. A lane that cannot go on is passed over; at
 * the end each lane runs as long as it can, the last one first.
 */
export class Written implements Chooser {
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

/** Writes down what another chooser decides. */
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

/** Reads the attribute `schedule`: `0,1,1,0`, `0:3,1` for three times 0 and then 1, `-` for nothing. */
export function parseSchedule(text: string): number[] {
  const choices: number[] = [];
  if (text === '-') return choices;
  for (const word of text.split(',')) {
    const match = /^(\d{1,4})(?::(\d{1,6}))?$/.exec(word);
    if (!match) throw new Error(`schedule=${text}: expected CPUs (0,1,1,0 or 0:3,1), found ${JSON.stringify(word)}`);
    for (let n = Number(match[2] ?? 1); n > 0; n--) choices.push(Number(match[1]));
  }
  return choices;
}

/** Writes the attribute `schedule`; runs are written short. */
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
