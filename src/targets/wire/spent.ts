import type { Writable } from 'node:stream';
import type { Spent } from '../target.ts';

/** What the harness sends in answer to `spent`: numbers of programs and steps, then microseconds by what took them. */
const SPENT = /^log spent programs (\d+) steps (\d+)((?: \w+ \d+)*)$/;

/** How long a target may take to answer, in milliseconds. */
const TIMEOUT_MS = 2000;

/**
 * Parses the answer to `spent`.
 * @returns undefined if the line says something else.
 */
export function parseSpent(line: string): Spent | undefined {
  const found = SPENT.exec(line);
  if (!found) return undefined;
  const microseconds = [...found[3].matchAll(/(\w+) (\d+)/g)].map(([, name, value]) => [name, Number(value)] as const);
  return { programs: Number(found[1]), steps: Number(found[2]), microseconds: new Map(microseconds) };
}

/** Asks a target where its time went. Only a harness of the kit knows the question; to other targets it would be an error. */
export class SpentQuestion {
  #resolve: ((spent: Spent) => void) | undefined;

  /** Asks, and waits for the answer: undefined if none comes. */
  async ask(to: Writable): Promise<Spent | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const answer = new Promise<Spent | undefined>((resolve) => {
      this.#resolve = resolve;
      timer = setTimeout(() => resolve(undefined), TIMEOUT_MS);
    });
    to.write('spent\n');
    return answer.finally(() => clearTimeout(timer));
  }

  /** Takes a line. Returns whether it was the answer. */
  answered(line: string): boolean {
    const spent = this.#resolve && parseSpent(line);
    if (spent) this.#resolve?.(spent);
    return spent !== undefined;
  }
}

/** What several targets spent together. */
export function sumOfSpent(all: readonly Spent[]): Spent | undefined {
  if (all.length === 0) return undefined;
  const microseconds = new Map<string, number>();
  for (const one of all)
    for (const [name, value] of one.microseconds) microseconds.set(name, (microseconds.get(name) ?? 0) + value);
  const sum = (part: 'programs' | 'steps') => all.reduce((total, one) => total + one[part], 0);
  return { programs: sum('programs'), steps: sum('steps'), microseconds };
}
