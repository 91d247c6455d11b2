import { type Check, mapper } from './check.ts';
import { NotHere } from './conversation.ts';

const address = '/0x[0-9a-f]+/';

/** Checks of how programs travel: order, borders, errors, limits. */
export const PROGRAMS: readonly Check[] = [
  {
    name: 'several programs in flight',
    sentence: 'Programs that are sent before the first trace came back are answered in their order.',
    async run(talk) {
      const { map } = mapper(talk);
      const count = Math.min(talk.manifest.inflight, 8);
      if (count < 2) throw new NotHere('it takes one program at a time (limit inflight 1)');
      const steps = [`@0 a0 = ${map} f0`, '@0 read a0', '@0 read a1'];
      const programs = Array.from({ length: count }, () => talk.programText(steps));
      talk.say(programs.map((program) => program.text).join(''));
      for (const { id } of programs) {
        const { outcomes, error } = await talk.answer(id, steps.length);
        if (error !== undefined) talk.wrong(`trace ${id}`, error);
        if (outcomes[1] !== 'f0' || outcomes[2] !== 'skipped') talk.wrong('=> f0, => skipped', outcomes.join(', '));
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
        talk.say(piece.replaceAll('\n', '\r\n'));
        await new Promise((resolve) => setImmediate(resolve));
      }
      const { outcomes, error } = await talk.answer(id, 2);
      if (error !== undefined) talk.wrong(`trace ${id}`, error);
      if (talk.manifest.page === 4096 && outcomes[1] !== 'f1') talk.wrong('=> f1', `=> ${outcomes[1]}`);
    },
  },
  {
    name: 'large numbers',
    sentence: 'The number after program is echoed, never interpreted.',
    async run(talk) {
      talk.say('program 999999999999999 cpus 1 frames 1\n@0 read null\nend 999999999999999\n');
      const { outcomes } = await talk.answer(999999999999999, 1);
      if (outcomes[0] !== 'fault') talk.wrong('=> fault', `=> ${outcomes[0]}`);
    },
  },
  {
    name: 'empty program',
    sentence: 'A program without steps has an empty trace.',
    run: async (talk) => void (await talk.run([])),
  },
  {
    name: 'careful',
    sentence: 'A program that is sent with careful is answered like any other.',
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
    sentence: 'A line that makes no sense is answered error LINE-NUMBER TEXT, and the next program is run.',
    async run(talk) {
      for (const line of ['garbage', '@0', '@0 a0 = read', '@99 read null', '@0 read a0+', '@0 read 5']) {
        const { id, text } = talk.programText(['@0 read null', line, '@0 read null']);
        talk.say(text);
        const { error } = await talk.answer(id, 3);
        if (error === undefined || !/^error 2(?: |$)/.test(error))
          talk.wrong(`error 2 TEXT (for the line ${line})`, error ?? 'a trace');
        await talk.expect(['@0 read null => fault']);
      }
    },
  },
  {
    name: 'garbage between programs',
    sentence: 'A line outside a program that makes no sense is answered error 0 TEXT.',
    async run(talk) {
      talk.say('no such thing\n');
      const line = await talk.line();
      if (line === undefined || !/^error 0(?: |$)/.test(line)) talk.wrong('error 0 TEXT', line);
      await talk.expect(['@0 read null => fault']);
    },
  },
  {
    name: 'line that is too long',
    sentence: 'A line beyond limit line is an error, not a crash.',
    async run(talk) {
      const { map } = mapper(talk);
      const { line } = talk.manifest;
      if (line > 1 << 20) throw new NotHere(`its lines may have ${line} bytes`);
      const { id, text } = talk.programText([`@0 a0 = ${map}${' f0'.repeat(Math.ceil(line / 3) + 1)}`]);
      talk.say(text);
      const { error } = await talk.answer(id, 1);
      // Taking more than was announced is no fault.
      if (error !== undefined && !/^error 1(?: |$)/.test(error)) talk.wrong('error 1 TEXT', error);
      await talk.expect(['@0 read null => fault']);
    },
  },
  {
    name: 'long line',
    sentence: 'A line of limit line bytes is understood.',
    async run(talk) {
      const { map } = mapper(talk);
      const start = `@0 a0 = ${map}`;
      const count = Math.floor((Math.min(talk.manifest.line, 8192) - start.length) / 3);
      await talk.expect([`${start}${' f0'.repeat(count)} => /0x[0-9a-f]+|null/`]);
    },
  },
  {
    name: 'long program',
    sentence: 'A program of limit steps steps is answered whole.',
    async run(talk) {
      const { map, unmap } = mapper(talk);
      const rounds = Math.floor(Math.min(talk.manifest.steps, 10_000) / 4);
      const steps: string[] = [];
      for (let i = 0; i < rounds; i++)
        steps.push(`@0 a${i} = ${map} f0`, `@0 read a${i}`, `@0 ${unmap(`a${i}`, 1)}`, `@0 read a${i}+0x10`);
      const outcomes = await talk.run(steps);
      const at = outcomes.findIndex((outcome, i) => i % 4 === 1 && outcome !== 'f0');
      if (at >= 0 && outcomes[at - 1] !== 'null') talk.wrong(`${steps[at]} => f0`, `=> ${outcomes[at]}`);
    },
  },
  {
    name: 'reset',
    sentence: 'reset is answered by ready, and forgets everything.',
    async run(talk) {
      const { map } = mapper(talk);
      await talk.run([`@0 a0 = ${map} f0`, '@0 read a0']);
      talk.say('reset\n');
      for (let line = await talk.line(); line !== 'ready'; line = await talk.line()) {
        if (line === undefined || /^(?:trace|error|=>)/.test(line)) talk.wrong('ready', line);
        talk.log.push(line!);
      }
      await talk.expect(['@0 read a0 => skipped', `@0 a0 = ${map} f0 => ${address}`, '@0 read a0 => f0']);
    },
  },
];
