import { type Check, mapper } from './check.ts';
import type { Conversation } from './conversation.ts';
import { NotApplicable } from './reasons.ts';
import { cpuOf, runBlock, shown, type TimedStep, timesOf } from './timed.ts';

/** How often a block runs where a wrong adapter may answer it correctly by chance. */
const ROUNDS = 20;
/** How many steps a lane has, so that the lanes are likely to overlap. */
const LANE_STEPS = 8;

/**
 * How many lanes to use.
 * @throws NotApplicable if the adapter cannot run two lanes at once.
 */
function needsLanes(talk: Conversation): number {
  talk.needsAbility('parallel');
  if (talk.manifest.cpus < 2) throw new NotApplicable('it has only one CPU');
  return Math.min(talk.manifest.cpus, 4);
}

/** One lane writes 1, 2, 3 ... to a word, another lane reads it, so that each value read tells when it was read. */
async function writesAndReads(talk: Conversation): Promise<readonly TimedStep[]> {
  talk.needs('read', 'write');
  const { map } = mapper(talk);
  const block: string[] = [];
  for (let i = 1; i <= LANE_STEPS; i++) block.push(`@0 write a0 ${i}`, '@1 read a0');
  return (await runBlock(talk, { before: [`@0 a0 = ${map} f0`], block })).block;
}

/** The value that a read answered; the notation leaves out 0. */
const valueRead = (outcome: string): number => Number(outcome.split(':')[1] ?? 0);

/** The next line that does not tell how a block of the run before it interleaved. */
async function lineAfterCourses(talk: Conversation): Promise<string | undefined> {
  for (;;) {
    const line = await talk.line();
    if (line === undefined || !/^(?:chance|course) /.test(line)) return line;
  }
}

/** Checks of parallel blocks. */
export const BLOCKS: readonly Check[] = [
  {
    name: 'parallel blocks',
    sentence:
      'Each step of a block, and no other step, has times [CALLED RETURNED]. They come from one counter, which starts at 1.',
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
    sentence: 'A program may have several blocks. The counter starts at 1 in each of them.',
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
    sentence:
      'A block begins after the step before it has returned; the step after it begins after all lanes have ended.',
    async run(talk) {
      needsLanes(talk);
      const { map } = mapper(talk);
      talk.needs('read', 'write');
      const second = `a0+0x${talk.manifest.page.toString(16)}`;
      const before = [`@0 a0 = ${map} f0 f1`, '@1 write a0 5'];
      const block = ['@0 read a0', '@1 read a0', `@1 write ${second} 9`, `@1 a1 = ${map} f2`];
      const after = [`@0 read ${second}`, '@0 read a1'];
      for (let round = 0; round < ROUNDS; round++) {
        const parts = await runBlock(talk, { before, block, after });
        for (const read of parts.block.slice(0, 2))
          if (read.outcome !== 'f0:5') talk.fail(`${read.step} => f0:5`, `=> ${read.answer}`);
        if (parts.after[0] !== 'f1:9') talk.fail(`${after[0]} => f1:9`, `=> ${parts.after[0]}`);
        if (parts.after[1] !== 'f2') talk.fail(`${after[1]} => f2`, `=> ${parts.after[1]}`);
      }
    },
  },
  {
    name: 'logical times',
    sentence:
      'The times are taken right before each call and right after its return, so they agree with the values that reads see.',
    async run(talk) {
      needsLanes(talk);
      for (let round = 0; round < ROUNDS; round++) {
        const all = await writesAndReads(talk);
        const writes = all.filter(({ step }) => step.includes(' write '));
        for (const read of all.filter(({ step }) => step.endsWith(' read a0'))) {
          const seen = valueRead(read.outcome);
          const past = writes.findLast(({ returned }) => returned < read.called);
          const latest = writes.findLast(({ called }) => called < read.returned);
          if (past && seen < writes.indexOf(past) + 1)
            talk.fail(`${writes.indexOf(past) + 1} or more, as that was written before`, shown([past, read]));
          if (seen > (latest ? writes.indexOf(latest) + 1 : 0))
            talk.fail('no value that is written later', shown([read, writes[seen - 1] ?? read]));
        }
      }
    },
  },
  {
    name: 'lanes at once',
    sentence: 'All lanes run at once: their steps overlap or alternate, at least sometimes.',
    async run(talk) {
      needsLanes(talk);
      const { map, unmap } = mapper(talk);
      const lane = (cpu: number): string[] =>
        Array.from({ length: LANE_STEPS }, (_, i) => `a${cpu * LANE_STEPS + i}`).flatMap((area) => [
          `@${cpu} ${area} = ${map} f${cpu}`,
          `@${cpu} ${unmap(area, 1)}`,
        ]);
      for (let round = 0; round < 10 * ROUNDS; round++) {
        const { block } = await runBlock(talk, { block: [...lane(0), ...lane(1)] });
        const [zero, one] = ['@0', '@1'].map((cpu) => block.filter(({ step }) => cpuOf(step) === cpu));
        if (zero[0].called < one.at(-1)!.returned && one[0].called < zero.at(-1)!.returned) return;
      }
      throw new NotApplicable(`in ${10 * ROUNDS} blocks one lane always ran after the other, so no race can be found`);
    },
  },
  {
    name: 'attributes of a block',
    sentence: 'Unknown attributes of a block are ignored.',
    async run(talk) {
      needsLanes(talk);
      const block = ['@0 read null', '@1 read null'];
      await runBlock(talk, { block }, 'par delay=0:3,1:10 surprise=1');
    },
  },
  {
    name: 'repeat',
    sentence:
      'repeat=N runs the program up to N times. The runs are answered in order, with a line `again` between them.',
    async run(talk) {
      needsLanes(talk);
      talk.needsAbility('repeat');
      const block = ['@0 read null', '@1 read null'];
      const { id, text } = talk.programText(['@0 read hole', 'par repeat=3', ...block, 'end']);
      talk.send(text);
      let line = await talk.line();
      if (line !== `trace ${id}`) talk.fail(`trace ${id}`, line);
      let runs = 0;
      for (line = 'again'; line === 'again'; line = await lineAfterCourses(talk)) {
        const answers: string[] = [];
        while (answers.length < 3) {
          const answer = await talk.line();
          if (answer === undefined || !/^(?:@.* )?=> /.test(answer))
            talk.fail(`=> OUTCOME of step ${answers.length + 1} of 3, run ${runs + 1}`, answer);
          answers.push(answer!.slice(answer!.indexOf('=>') + 2).trim());
        }
        timesOf(talk, block, answers.slice(1));
        runs++;
      }
      if (line !== `end ${id}`) talk.fail(`again, or end ${id}`, line);
      if (runs > 3) talk.fail('at most 3 runs', `${runs} runs`);
    },
  },
  {
    name: 'skipped in a block',
    sentence: 'A step of a block that needs an unbound name is skipped; the other steps are executed.',
    async run(talk) {
      needsLanes(talk);
      const [skipped, first, second] = await talk.run(['par', '@0 read a5', '@0 read null', '@1 read null', 'end']);
      if (!/^skipped(?: \[[0-9]+ [0-9]+\])?$/.test(skipped)) talk.fail('@0 read a5 => skipped', `=> ${skipped}`);
      for (const answer of [first, second])
        if (!/^fault \[[0-9]+ [0-9]+\]$/.test(answer)) talk.fail('=> fault [CALLED RETURNED]', `=> ${answer}`);
    },
  },
  {
    name: 'garbage in a block',
    sentence: 'A malformed line in a block is answered by error LINE-NUMBER TEXT, where par and end count as lines.',
    async run(talk) {
      needsLanes(talk);
      const { id, text } = talk.programText(['@0 read null', 'par', '@0 read null', 'garbage', '@1 read null', 'end']);
      talk.send(text);
      const { error } = await talk.answer(id, 4);
      if (error === undefined || !/^error 4(?: |$)/.test(error)) talk.fail('error 4 TEXT', error ?? 'a trace');
      await talk.expect(['@0 read null => fault']);
    },
  },
];
