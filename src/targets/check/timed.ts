import type { Conversation } from './conversation.ts';

/** A step of a parallel block with its answer: the outcome, and the logical times of call and return. */
export interface TimedStep {
  readonly step: string;
  readonly answer: string;
  readonly outcome: string;
  readonly called: number;
  readonly returned: number;
}

/** A program with one parallel block, or the answers to it: what is before, in and after the block. */
export interface Parts<T> {
  readonly before?: readonly string[];
  readonly block: readonly T[];
  readonly after?: readonly string[];
}

/** The CPU of a step: `@1`. */
export const cpuOf = (step: string): string => step.split(' ')[0];

/** Steps with their answers, for messages. */
export const shown = (steps: readonly TimedStep[]): string =>
  steps.map(({ step, answer }) => `${step} => ${answer}`).join('; ');

/**
 * Reads the times in the answers to a block.
 * @throws CheckFailed if a time is missing, or if the times contradict each other.
 */
export function timesOf(talk: Conversation, steps: readonly string[], answers: readonly string[]): TimedStep[] {
  const all = steps.map((step, i): TimedStep => {
    const found = /^(.+) \[([0-9]+) ([0-9]+)\]$/.exec(answers[i]);
    if (!found) talk.fail(`${step} => OUTCOME [CALLED RETURNED]`, `=> ${answers[i]}`);
    return { step, answer: answers[i], outcome: found![1], called: Number(found![2]), returned: Number(found![3]) };
  });
  const backwards = all.find(({ called, returned }) => called >= returned);
  if (backwards) talk.fail(`${backwards.step}: called before it returns`, `=> ${backwards.answer}`);
  const numbers = all.flatMap(({ called, returned }) => [called, returned]).sort((a, b) => a - b);
  if (new Set(numbers).size < numbers.length) talk.fail('each number only once', shown(all));
  if (numbers.some((number, i) => number !== i + 1))
    talk.fail(`the numbers 1 to ${numbers.length}: the counter starts at 1 in each block`, shown(all));
  for (const [i, { step, called }] of all.entries()) {
    const before = all.findLast((one, at) => at < i && cpuOf(one.step) === cpuOf(step));
    if (before && called < before.returned)
      talk.fail('the steps of a lane one after the other, in order', shown([before, all[i]]));
  }
  return all;
}

/**
 * Runs a program with a block.
 * @param par the line that begins the block, with its attributes.
 * @throws CheckFailed if the times of the block are wrong, or if another step has times.
 */
export async function runBlock(
  talk: Conversation,
  { before = [], block, after = [] }: Parts<string>,
  par = 'par',
): Promise<Required<Parts<TimedStep>>> {
  const answers = await talk.run([...before, par, ...block, 'end', ...after]);
  const end = before.length + block.length;
  const parts = {
    before: answers.slice(0, before.length),
    block: timesOf(talk, block, answers.slice(before.length, end)),
    after: answers.slice(end),
  };
  const timed = [...parts.before, ...parts.after].find((answer) => answer.endsWith(']'));
  if (timed !== undefined) talk.fail('no times outside a block', `=> ${timed}`);
  return parts;
}
