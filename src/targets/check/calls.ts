import type { Call } from '../../../reference/calls/call.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import { parseOutcome, parseStep } from '../../../reference/notation/parse.ts';
import { Scanner } from '../../../reference/notation/scanner.ts';
import type { Check } from './check.ts';
import type { Conversation } from './conversation.ts';

/** Runs the example of a call, as far as the adapter has the calls that it needs. */
async function tryCall(talk: Conversation, { example, outcomes: kinds }: Call): Promise<void> {
  const { steps, outcome: right } = example;
  const others = steps.map((step) => parseStep(new Scanner(step, 1), VOCABULARY).call.name);
  if (others.some((call) => !talk.manifest.calls.has(call))) return;
  const outcome = (await talk.run(steps)).at(-1)!;
  const expected = `${steps.at(-1)} => ${right ?? kinds.join(' or ')}`;
  if (right !== undefined && outcome !== right) talk.wrong(expected, `=> ${outcome}`);
  let kind: string;
  try {
    kind = parseOutcome(new Scanner(outcome, 1), talk.manifest.page).kind;
  } catch {
    return talk.wrong(expected, `=> ${outcome}`);
  }
  if (!kinds.includes(kind as never)) talk.wrong(expected, `=> ${outcome}`);
}

/** Checks of the calls themselves. */
export const CALLS: readonly Check[] = [
  {
    name: 'announced calls',
    sentence: 'Every call that was announced is executed, and answers with an outcome of its own kinds.',
    async run(talk) {
      for (const name of talk.manifest.calls) {
        const call = VOCABULARY.get(name);
        if (call) await tryCall(talk, call);
      }
    },
  },
  {
    name: 'unknown calls',
    sentence: 'A call that it does not have is answered unsupported, whatever its arguments.',
    async run(talk) {
      const lines = ['@0 no_such_call => unsupported', '@0 no_such_call null 0x1000 f0 plain 7 => unsupported'];
      for (const { name, example } of VOCABULARY.values()) {
        if (talk.manifest.calls.has(name) || example.steps.length > 1) continue;
        lines.push(`${example.steps[0]} => unsupported`);
      }
      await talk.expect([...lines, '@0 read null => fault']);
    },
  },
  {
    name: 'reread',
    sentence: 'reread tells the same as read where the page tables are right.',
    async run(talk) {
      talk.needsAbility('reread');
      talk.needs('vmap');
      await talk.expect(['@0 a0 = vmap f2 => /0x[0-9a-f]+/', '@0 reread a0 => f2', '@0 reread null => fault']);
    },
  },
  {
    name: 'counts',
    sentence: 'page_count and page_mapcount are differences from the start of the program.',
    async run(talk) {
      talk.needsAbility('counts');
      const lines = ['@0 page_count f0 => 0', '@0 page_mapcount f0 => 0'];
      if (talk.manifest.calls.has('vmap') && talk.manifest.calls.has('vfree'))
        lines.push(
          '@0 a0 = vmap f0 f1 f0 flags=put_pages => /0x[0-9a-f]+/',
          '@0 page_count f0 => 2',
          '@0 page_count f1 => 1',
          '@0 vfree a0 => ok',
          '@0 page_count f0 => 0',
        );
      await talk.expect(lines);
      await talk.expect(lines);
    },
  },
  {
    name: 'fail_after',
    sentence: 'fail_after K lets the (K+1)-th allocation from there on fail, once; a program starts without.',
    async run(talk) {
      talk.needsAbility('fail_after');
      talk.needs('vmap');
      await talk.expect([
        '@0 fail_after 0 => ok',
        '@0 a0 = vmap f0 => null',
        '@0 a1 = vmap f0 => /0x[0-9a-f]+/',
        '@0 read a1 => f0',
        '@0 fail_after 0 => ok',
      ]);
      await talk.expect(['@0 a0 = vmap f0 => /0x[0-9a-f]+/']);
    },
  },
];
