import { PassThrough } from 'node:stream';
import { VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import { printOutcome } from '../../reference/notation/outcome.ts';
import type { Check } from '../../src/targets/check/check.ts';
import { Conversation } from '../../src/targets/check/conversation.ts';
import { CheckFailed } from '../../src/targets/check/reasons.ts';
import type { EmbeddedTarget } from '../../src/targets/embedded/index.ts';
import type { WireManifest } from '../../src/targets/wire/handshake.ts';

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

/**
 * What a check expects of an embedded implementation, and what it gets instead; undefined if it passes.
 * @param checks the list in which the check is.
 */
export async function failureOf(
  checks: readonly Check[],
  name: string,
  target: EmbeddedTarget | undefined,
): Promise<string[] | undefined> {
  const check = checks.find((one) => one.name === name);
  try {
    await check!.run(new EmbeddedConversation(target!));
    return undefined;
  } catch (error) {
    if (!(error instanceof CheckFailed)) throw error;
    return [error.expected, error.got];
  }
}
