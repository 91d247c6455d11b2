import { CALLS, VOCABULARY } from '../../../reference/calls/index.ts';
import { profileNamed } from '../../../reference/profiles/profiles.ts';
import { withTraits } from '../../../reference/profiles/traits.ts';
import { ABILITIES } from '../wire/handshake.ts';
import type { Check } from './check.ts';

/** Checks of the handshake. */
export const HANDSHAKE: readonly Check[] = [
  {
    name: 'handshake',
    sentence:
      'The handshake uses only profiles, traits, calls and abilities that exist, and names the windows that it needs.',
    async run(talk) {
      const { profile, traits, calls, can, windows } = talk.manifest;
      try {
        withTraits(profileNamed(profile).traits, traits);
      } catch (error) {
        talk.fail((error as Error).message.split('; ').at(-1)!, (error as Error).message.split('; ')[0]);
      }
      for (const call of calls) {
        if (!VOCABULARY.has(call)) talk.fail(`calls out of ${[...VOCABULARY.keys()].join(', ')}`, `calls ${call}`);
      }
      for (const ability of can)
        if (!ABILITIES.includes(ability)) talk.fail(`can out of ${ABILITIES.join(', ')}`, `can ${ability}`);
      const sides = new Set(CALLS.filter((call) => calls.has(call.name)).map((call) => call.side));
      for (const side of ['kernel', 'user'] as const)
        if (sides.has(side) && !windows.has(side)) talk.fail(`window ${side} START END`, 'no such line');
      if (!calls.has('read'))
        talk.fail('read among the calls: without it nothing can be judged', `calls ${[...calls].join(' ')}`);
    },
  },
  {
    name: 'hello again',
    sentence: 'hello is answered at any time, even in the middle of a program, which is then dropped.',
    async run(talk) {
      const { name } = talk.manifest;
      talk.send('program 7 cpus 1 frames 1\n@0 read null\n');
      const again = await talk.hello();
      if (again.name !== name) talk.fail(`name ${name}`, `name ${again.name}`);
      await talk.expect(['@0 read null => fault']);
    },
  },
  {
    name: 'noise before hello',
    sentence: 'Unknown lines before hello are ignored.',
    async run(talk) {
      // A serial line may have garbage in its buffers.
      talk.send('\x00\x7f login: \n\nhelo\n');
      await talk.hello();
      await talk.expect(['@0 read null => fault']);
    },
  },
];

/** Checks how the adapter ends. Runs last. */
export const BYE: Check = {
  name: 'bye',
  sentence: 'The adapter ends on bye, and at the end of its input.',
  async run(talk) {
    talk.sendLast('bye\n');
    while ((await talk.line()) !== undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(''), 1000);
    });
    const how = await Promise.race([talk.link.ended, late]);
    clearTimeout(timer);
    if (how === '') talk.fail('the adapter to end', 'it still runs');
  },
};
