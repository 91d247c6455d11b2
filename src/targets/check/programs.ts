import { type Check, mapper } from './check.ts';
import { NotApplicable } from './reasons.ts';

const address = '/0x[0-9a-f]+/';

/** Checks of how programs are sent and answered: order, line ends, errors, limits. */
export const PROGRAMS: readonly Check[] = [
  {
    name: 'several programs in flight',
    sentence: 'Programs that are sent before the first trace arrives are answered in order.',
    async run(talk) {
      const { map } = mapper(talk);
      const count = Math.min(talk.manifest.inflight, 8);
      if (count < 2) throw new NotApplicable('it takes only one program at a time (limit inflight 1)');
      const steps = [`@0 a0 = ${map} f0`, '@0 read a0', '@0 read a1'];
      const programs = Array.from({ length: count }, () => talk.programText(steps));
      talk.send(programs.map((program) => program.text).join(''));
      for (const { id } of programs) {
        const { outcomes, error } = await talk.answer(id, steps.length);
        if (error !== undefined) talk.fail(`trace ${id}`, error);
        if (outcomes[1] !== 'f0' || outcomes[2] !== 'skipped') talk.fail('=> f0, => skipped', outcomes.join(', '));
      }
    },
  },
  {
    name: 'half lines',
    sentence: 'A line may arrive in pieces, and end with a carriage return.',
    async run(talk) {
      const { map } = mapper(talk);
      const { id, text } = talk.programText([`@0 a0 = ${map} f0 f1`, '@0 read a0+0x1000']);
      const half = Math.floor(text.length / 2) - 3;
      for (const piece of [text.slice(0, 9), text.slice(9, half), text.slice(half)]) {
        talk.send(piece.replaceAll('\n', '\r\n'));
        await new Promise((resolve) => setImmediate(resolve));
      }
      const { outcomes, error } = await talk.answer(id, 2);
      if (error !== undefined) talk.fail(`trace ${id}`, error);
      if (talk.manifest.page === 4096 && outcomes[1] !== 'f1') talk.fail('=> f1', `=> ${outcomes[1]}`);
    },
  },
  {
    name: 'large numbers',
    sentence: 'The number after program is repeated in the answer, and otherwise ignored.',
    async run(talk) {
      talk.send('program 999999999999999 cpus 1 frames 1\n@0 read null\nend 999999999999999\n');
      const { outcomes } = await talk.answer(999999999999999, 1);
      if (outcomes[0] !== 'fault') talk.fail('=> fault', `=> ${outcomes[0]}`);
    },
  },
  {
    name: 'empty program',
    sentence: 'A program without steps has an empty trace.',
    run: async (talk) => void (await talk.run([])),
  },
  {
    name: 'careful',
    sentence: 'A program with careful is answered like any other.',
    async run(talk) {
      const { map, unmap } = mapper(talk);
      await talk.expect(
        [`@0 a0 = ${map} f0 => ${address}`, '@0 read a0 => f0', `@0 ${unmap('a0', 1)} => ok`],
        ' careful',
      );
    },
  },
  {
    name: 'garbage in a program',
    sentence: 'A malformed line is answered by error LINE-NUMBER TEXT, and the next program runs.',
    async run(talk) {
      for (const line of ['garbage', '@0', '@0 a0 = read', '@99 read null', '@0 read a0+', '@0 read 5']) {
        const { id, text } = talk.programText(['@0 read null', line, '@0 read null']);
        talk.send(text);
        const { error } = await talk.answer(id, 3);
        if (error === undefined || !/^error 2(?: |$)/.test(error))
          talk.fail(`error 2 TEXT (for the line ${line})`, error ?? 'a trace');
        await talk.expect(['@0 read null => fault']);
      }
    },
  },
  {
    name: 'garbage between programs',
    sentence: 'A malformed line outside a program is answered by error 0 TEXT.',
    async run(talk) {
      talk.send('no such thing\n');
      const line = await talk.line();
      if (line === undefined || !/^error 0(?: |$)/.test(line)) talk.fail('error 0 TEXT', line);
      await talk.expect(['@0 read null => fault']);
    },
  },
  {
    name: 'overlong line',
    sentence: 'A line longer than limit line is answered by an error, and does not crash the adapter.',
    async run(talk) {
      const { map } = mapper(talk);
      const { line } = talk.manifest;
      if (line > 1 << 20) throw new NotApplicable(`its lines may have up to ${line} bytes`);
      const { id, text } = talk.programText([`@0 a0 = ${map}${' f0'.repeat(Math.ceil(line / 3) + 1)}`]);
      talk.send(text);
      const { error } = await talk.answer(id, 1);
      // An adapter may take longer lines than it announces.
      if (error !== undefined && !/^error 1(?: |$)/.test(error)) talk.fail('error 1 TEXT', error);
      await talk.expect(['@0 read null => fault']);
    },
  },
  {
    name: 'long line',
    sentence: 'A line as long as limit line is understood.',
    async run(talk) {
      const { map } = mapper(talk);
      const start = `@0 a0 = ${map}`;
      const count = Math.floor((Math.min(talk.manifest.line, 8192) - start.length) / 3);
      await talk.expect([`${start}${' f0'.repeat(count)} => /0x[0-9a-f]+|null/`]);
    },
  },
  {
    name: 'long program',
    sentence: 'A program with as many steps as limit steps is answered completely.',
    async run(talk) {
      const { map, unmap } = mapper(talk);
      const rounds = Math.floor(Math.min(talk.manifest.steps, 10_000) / 4);
      const steps: string[] = [];
      for (let i = 0; i < rounds; i++)
        steps.push(`@0 a${i} = ${map} f0`, `@0 read a${i}`, `@0 ${unmap(`a${i}`, 1)}`, `@0 read a${i}+0x10`);
      const outcomes = await talk.run(steps);
      const at = outcomes.findIndex((outcome, i) => i % 4 === 1 && outcome !== 'f0');
      if (at >= 0 && outcomes[at - 1] !== 'null') talk.fail(`${steps[at]} => f0`, `=> ${outcomes[at]}`);
    },
  },
  {
    name: 'reset',
    sentence: 'reset is answered by ready, and discards all state.',
    async run(talk) {
      const { map } = mapper(talk);
      await talk.run([`@0 a0 = ${map} f0`, '@0 read a0']);
      talk.send('reset\n');
      for (let line = await talk.line(); line !== 'ready'; line = await talk.line()) {
        if (line === undefined || /^(?:trace|error|=>)/.test(line)) talk.fail('ready', line);
      }
      await talk.expect(['@0 read a0 => skipped', `@0 a0 = ${map} f0 => ${address}`, '@0 read a0 => f0']);
    },
  },
];
