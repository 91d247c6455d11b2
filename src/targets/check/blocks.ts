import { type Check, mapper } from './check.ts';
import { type Conversation, NotHere } from './conversation.ts';

/** Blocks that are run where one alone may happen to come out right. */
const ROUNDS = 20;
/** Steps of a lane, where lanes are to meet. */
const LANE = 8;

/** A step of a block, and what was answered. */
interface Timed {
  readonly step: string;
  readonly answer: string;
  readonly outcome: string;
  readonly called: number;
  readonly returned: number;
}

/** Two lanes at least can run at once. */
function needsLanes(talk: Conversation): number {
  talk.needsAbility('parallel');
  if (talk.manifest.cpus < 2) throw new NotHere('it has one CPU only');
  return Math.min(talk.manifest.cpus, 4);
}

const cpuOf = (step: string): string => step.split(' ')[0];
const shown = (all: readonly Timed[]): string => all.map(({ step, answer }) => `${step} => ${answer}`).join('; ');

/** Reads the times of a block's answers, and throws where they cannot be. */
function timesOf(talk: Conversation, steps: readonly string[], answers: readonly string[]): Timed[] {
  const all = steps.map((step, i): Timed => {
    const found = /^(.+) \[([0-9]+) ([0-9]+)\]$/.exec(answers[i]);
    if (!found) talk.wrong(`${step} => OUTCOME [CALLED RETURNED]`, `=> ${answers[i]}`);
    return { step, answer: answers[i], outcome: found![1], called: Number(found![2]), returned: Number(found![3]) };
  });
  const backwards = all.find(({ called, returned }) => called >= returned);
  if (backwards) talk.wrong(`${backwards.step}: called before it returns`, `=> ${backwards.answer}`);
  const numbers = all.flatMap(({ called, returned }) => [called, returned]).sort((a, b) => a - b);
  if (new Set(numbers).size < numbers.length) talk.wrong('no number twice', shown(all));
  if (numbers.some((number, i) => number !== i + 1))
    talk.wrong(`the numbers 1 to ${numbers.length}: the counter starts at 1 in each block`, shown(all));
  for (const [i, { step, called }] of all.entries()) {
    const before = all.findLast((one, at) => at < i && cpuOf(one.step) === cpuOf(step));
    if (before && called < before.returned)
      talk.wrong('the steps of a lane one after the other, in their order', shown([before, all[i]]));
  }
  return all;
}

/** Steps that come before a block, in it and after it; the answers to them. */
interface Parts<T> {
  readonly before?: readonly string[];
  readonly block: readonly T[];
  readonly after?: readonly string[];
}

/** Runs a block; only its own steps may have times. */
async function runBlock(
  talk: Conversation,
  { before = [], block, after = [] }: Parts<string>,
  par = 'par',
): Promise<Required<Parts<Timed>>> {
  const answers = await talk.run([...before, par, ...block, 'end', ...after]);
  const end = before.length + block.length;
  const told = {
    before: answers.slice(0, before.length),
    block: timesOf(talk, block, answers.slice(before.length, end)),
    after: answers.slice(end),
  };
  const timed = [...told.before, ...told.after].find((answer) => answer.endsWith(']'));
  if (timed !== undefined) talk.wrong('no times outside of a block', `=> ${timed}`);
  return told;
}

/** One lane writes 1, 2, 3 ... to a word, another one reads it: what was read tells when it was read. */
async function writesAndReads(talk: Conversation): Promise<readonly Timed[]> {
  talk.needs('read', 'write');
  const { map } = mapper(talk);
  const block: string[] = [];
  for (let i = 1; i <= LANE; i++) block.push(`@0 write a0 ${i}`, '@1 read a0');
  return (await runBlock(talk, { before: [`@0 a0 = ${map} f0`], block })).block;
}

/** The value that a read told; 0 is not written. */
const valueTold = (outcome: string): number => Number(outcome.split(':')[1] ?? 0);

/** Checks of parallel blocks. */
export const BLOCKS: readonly Check[] = [
  {
    name: 'parallel blocks',
    sentence: 'Each step of a block, and no other, carries [CALLED RETURNED], from one counter that starts at 1.',
    async run(talk) {
      const cpus = needsLanes(talk);
      const block: string[] = [];
      for (let cpu = 0; cpu < cpus; cpu++) block.push(`@${cpu} read null`, `@${cpu} read hole`);
      for (let round = 0; round < ROUNDS; round++)
        await runBlock(talk, { before: ['@0 read null'], block, after: ['@1 read null'] });
    },
  },
  {
    name: 'several blocks',
    sentence: 'A program may have several blocks; the counter starts at 1 in each.',
    async run(talk) {
      needsLanes(talk);
      const block = ['@0 read null', '@1 read null', '@1 read hole'];
      const answers = await talk.run(['par', ...block, 'end', '@0 read null', 'par', ...block, 'end']);
      timesOf(talk, block, answers.slice(0, 3));
      timesOf(talk, block, answers.slice(4));
    },
  },
  {
    name: 'before and after a block',
    sentence: 'A block begins when the step before it has returned, and the step after it begins when all have.',
    async run(talk) {
      needsLanes(talk);
      const { map } = mapper(talk);
      talk.needs('read', 'write');
      const second = `a0+0x${talk.manifest.page.toString(16)}`;
      const before = [`@0 a0 = ${map} f0 f1`, '@1 write a0 5'];
      const block = ['@0 read a0', '@1 read a0', `@1 write ${second} 9`, `@1 a1 = ${map} f2`];
      const after = [`@0 read ${second}`, '@0 read a1'];
      for (let round = 0; round < ROUNDS; round++) {
        const told = await runBlock(talk, { before, block, after });
        for (const read of told.block.slice(0, 2))
          if (read.outcome !== 'f0:5') talk.wrong(`${read.step} => f0:5`, `=> ${read.answer}`);
        if (told.after[0] !== 'f1:9') talk.wrong(`${after[0]} => f1:9`, `=> ${told.after[0]}`);
        if (told.after[1] !== 'f2') talk.wrong(`${after[1]} => f2`, `=> ${told.after[1]}`);
      }
    },
  },
  {
    name: 'logical times',
    sentence: 'The times are taken right before the call and right after its return: what is seen agrees with them.',
    async run(talk) {
      needsLanes(talk);
      for (let round = 0; round < ROUNDS; round++) {
        const all = await writesAndReads(talk);
        const writes = all.filter(({ step }) => step.includes(' write '));
        for (const read of all.filter(({ step }) => step.endsWith(' read a0'))) {
          const seen = valueTold(read.outcome);
          const past = writes.findLast(({ returned }) => returned < read.called);
          const latest = writes.findLast(({ called }) => called < read.returned);
          if (past && seen < writes.indexOf(past) + 1)
            talk.wrong(`${writes.indexOf(past) + 1} or more, which was written before`, shown([past, read]));
          if (seen > (latest ? writes.indexOf(latest) + 1 : 0))
            talk.wrong('no value that was written later', shown([read, writes[seen - 1] ?? read]));
        }
      }
    },
  },
  {
    name: 'lanes at once',
    sentence: 'All lanes run at once: their steps overlap or alternate, at least at times.',
    async run(talk) {
      needsLanes(talk);
      const { map, unmap } = mapper(talk);
      const lane = (cpu: number): string[] =>
        Array.from({ length: LANE }, (_, i) => `a${cpu * LANE + i}`).flatMap((area) => [
          `@${cpu} ${area} = ${map} f${cpu}`,
          `@${cpu} ${unmap(area, 1)}`,
        ]);
      for (let round = 0; round < 10 * ROUNDS; round++) {
        const { block } = await runBlock(talk, { block: [...lane(0), ...lane(1)] });
        const [zero, one] = ['@0', '@1'].map((cpu) => block.filter(({ step }) => cpuOf(step) === cpu));
        if (zero[0].called < one.at(-1)!.returned && one[0].called < zero.at(-1)!.returned) return;
      }
      throw new NotHere(`in ${10 * ROUNDS} blocks one lane ran after the other, so that no race can show`);
    },
  },
  {
    name: 'attributes of a block',
    sentence: 'Attributes that an adapter does not know are passed over.',
    async run(talk) {
      needsLanes(talk);
      const block = ['@0 read null', '@1 read null'];
      await runBlock(talk, { block }, 'par delay=0:3,1:10 surprise=1');
    },
  },
  {
    name: 'repeat',
    sentence: 'repeat=N runs the program up to N times; the times are told one after the other, again between them.',
    async run(talk) {
      needsLanes(talk);
      talk.needsAbility('repeat');
      const block = ['@0 read null', '@1 read null'];
      const { id, text } = talk.programText(['@0 read hole', 'par repeat=3', ...block, 'end']);
      talk.say(text);
      let line = await talk.line();
      if (line !== `trace ${id}`) talk.wrong(`trace ${id}`, line);
      let times = 0;
      for (line = 'again'; line === 'again'; line = await talk.line()) {
        const answers: string[] = [];
        while (answers.length < 3) {
          const answer = await talk.line();
          if (answer === undefined || !/^(?:@.* )?=> /.test(answer))
            talk.wrong(`=> OUTCOME of step ${answers.length + 1} of 3, time ${times + 1}`, answer);
          answers.push(answer!.slice(answer!.indexOf('=>') + 2).trim());
        }
        timesOf(talk, block, answers.slice(1));
        times++;
      }
      if (line !== `end ${id}`) talk.wrong(`again, or end ${id}`, line);
      if (times > 3) talk.wrong('the program 3 times at most', `${times} times`);
    },
  },
  {
    name: 'skipped in a block',
    sentence: 'A step of a block that needs a name that was never bound is skipped; the others are as they are.',
    async run(talk) {
      needsLanes(talk);
      const [skipped, first, second] = await talk.run(['par', '@0 read a5', '@0 read null', '@1 read null', 'end']);
      if (!/^skipped(?: \[[0-9]+ [0-9]+\])?$/.test(skipped)) talk.wrong('@0 read a5 => skipped', `=> ${skipped}`);
      for (const answer of [first, second])
        if (!/^fault \[[0-9]+ [0-9]+\]$/.test(answer)) talk.wrong('=> fault [CALLED RETURNED]', `=> ${answer}`);
    },
  },
  {
    name: 'garbage in a block',
    sentence: 'A line of a block that makes no sense is answered error LINE-NUMBER TEXT; par and end are lines too.',
    async run(talk) {
      needsLanes(talk);
      const { id, text } = talk.programText(['@0 read null', 'par', '@0 read null', 'garbage', '@1 read null', 'end']);
      talk.say(text);
      const { error } = await talk.answer(id, 4);
      if (error === undefined || !/^error 4(?: |$)/.test(error)) talk.wrong('error 4 TEXT', error ?? 'a trace');
      await talk.expect(['@0 read null => fault']);
    },
  },
];
