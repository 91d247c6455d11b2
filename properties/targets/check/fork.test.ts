import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { VOCABULARY } from '../../../reference/contract.ts';
import { parse } from '../../../reference/notation/document.ts';
import { printOutcome } from '../../../reference/notation/outcome.ts';
import { CALLS } from '../../../src/targets/check/calls.ts';
import { Conversation } from '../../../src/targets/check/conversation.ts';
import { CheckFailed } from '../../../src/targets/check/reasons.ts';
import { type EmbeddedTarget, embedded, mutant } from '../../../src/targets/embedded/index.ts';
import type { WireManifest } from '../../../src/targets/wire/handshake.ts';

/** A conversation with an embedded implementation, without a process and without the wire. */
class EmbeddedConversation extends Conversation {
  readonly #target: EmbeddedTarget;

  constructor(target: EmbeddedTarget) {
    const streams = { to: new PassThrough(), from: new PassThrough() };
    super({ ...streams, ended: new Promise(() => {}), log: () => '', kill: () => Promise.resolve() }, 1000);
    this.#target = target;
    this.manifest = target.manifest as WireManifest;
  }

  override run(steps: readonly string[]): Promise<string[]> {
    const text = ['mmspec program 1', 'cpus 2', 'frames 8', ...steps].join('\n');
    const [{ trace }] = parse(`${text}\n`, VOCABULARY).entries;
    return Promise.resolve(this.#target.execute(trace.program).map((outcome) => printOutcome(outcome, 4096)));
  }
}

/** What the check of forks expects, and what it gets instead; undefined if an implementation passes it. */
async function failureOf(target: EmbeddedTarget | undefined): Promise<string[] | undefined> {
  const check = CALLS.find(({ name }) => name === 'fork');
  try {
    await check!.run(new EmbeddedConversation(target!));
    return undefined;
  } catch (error) {
    if (!(error instanceof CheckFailed)) throw error;
    return [error.expected, error.got];
  }
}

test.each(['lazy', 'eager'])('a conforming implementation passes the check of forks: %s', async (name) => {
  expect(await failureOf(embedded(name))).toBeUndefined();
});

test.each([
  ['fork-takes-no-references', '@0 page_count f1 => 2', '=> 1'],
  ['fork-misses-last-page', '@0 page_count f1 => 2', '=> 1'],
  ['exit-unmaps-parent', '@0 page_count f1 => 1', '=> 0'],
  ['exit-keeps-references', '@0 page_count f1 => 1', '=> 2'],
  ['fork-copies-dontcopy', '@0 page_count f1 => 1', '=> 2'],
])('an implementation whose fork or exit is wrong fails it: %s', async (name, expected, got) => {
  expect(await failureOf(mutant(name))).toEqual([expected, got]);
});
