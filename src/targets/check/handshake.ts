import { CALLS, VOCABULARY } from '../../../reference/contract.ts';
import { profileNamed } from '../../../reference/profiles/profiles.ts';
import { withTraits } from '../../../reference/profiles/traits.ts';
import type { Check } from './check.ts';

const abilities = ['reread', 'counts', 'parallel', 'repeat', 'schedule', 'fail_after', 'speculate', 'warn'];

/** Checks of what the adapter says about itself. */
export const HANDSHAKE: readonly Check[] = [
  {
    name: 'handshake',
    sentence: 'What the handshake says is known to the kit.',
    async run(talk) {
      const { profile, traits, calls, can, windows } = talk.manifest;
      try {
        withTraits(profileNamed(profile).traits, traits);
      } catch (error) {
        talk.wrong((error as Error).message.split('; ').at(-1)!, (error as Error).message.split('; ')[0]);
      }
      for (const call of calls) {
        if (!VOCABULARY.has(call) && call !== 'fail_after' && call !== 'speculate')
          talk.wrong(`calls out of ${[...VOCABULARY.keys()].join(', ')}`, `calls ${call}`);
      }
      for (const ability of can)
        if (!abilities.includes(ability)) talk.wrong(`can out of ${abilities.join(', ')}`, `can ${ability}`);
      const sides = new Set(CALLS.filter((call) => calls.has(call.name)).map((call) => call.side));
      for (const side of ['kernel', 'user'] as const)
        if (sides.has(side) && !windows.has(side)) talk.wrong(`window ${side} START END`, 'no such line');
      if (!calls.has('read')) talk.wrong('calls with read in it: nothing can be judged without', [...calls].join(' '));
    },
  },
  {
    name: 'hello again',
    sentence: 'hello is answered at any time, also within a program, which is dropped.',
    async run(talk) {
      const { name } = talk.manifest;
      talk.say('program 7 cpus 1 frames 1\n@0 read null\n');
      const again = await talk.hello();
      if (again.name !== name) talk.wrong(`name ${name}`, `name ${again.name}`);
      await talk.expect(['@0 read null => fault']);
    },
  },
  {
    name: 'noise before hello',
    sentence: 'Lines that it does not understand before hello are ignored.',
    async run(talk) {
      // Said again from the start, as a serial line with rubbish in its buffers would.
      talk.say('\x00\x7f login: \n\nhelo\n');
      await talk.hello();
      await talk.expect(['@0 read null => fault']);
    },
  },
];

/** Tried last: nothing comes after it. */
export const BYE: Check = {
  name: 'bye',
  sentence: 'bye, or the end of its input, ends it.',
  async run(talk) {
    talk.link.to.end('bye\n');
    for (let line = await talk.line(); line !== undefined; line = await talk.line()) talk.log.push(line);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(''), 1000);
    });
    const how = await Promise.race([talk.link.ended, late]);
    clearTimeout(timer);
    if (how === '') talk.wrong('the end of the adapter', 'nothing: it goes on');
  },
};
