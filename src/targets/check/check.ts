import { VOCABULARY } from '../../../reference/calls/index.ts';
import type { CallName } from '../../../reference/notation/names.ts';
import { parseStep } from '../../../reference/notation/parse.ts';
import { printStep } from '../../../reference/notation/print.ts';
import { Scanner } from '../../../reference/notation/scanner.ts';
import { nearest } from '../support.ts';
import type { Conversation } from './conversation.ts';
import { NotApplicable } from './reasons.ts';

/** A requirement of PROTOCOL.md that can be tested. */
export interface Check {
  readonly name: string;
  /** The requirement, in one sentence. */
  readonly sentence: string;
  /**
   * Tests the requirement in a conversation that has completed the handshake.
   * @throws CheckFailed if the adapter does not meet it; NotApplicable if it does not apply to the adapter.
   */
  readonly run: (talk: Conversation) => Promise<void>;
}

/**
 * Calls that make a kernel area and give it back, among those that the adapter announces.
 * @throws NotApplicable if it announces none.
 */
export function mapper(talk: Conversation): {
  readonly map: string;
  readonly unmap: (area: string, pages: number) => string;
} {
  const { calls } = talk.manifest;
  if (calls.has('vmap') && calls.has('vunmap')) return { map: 'vmap', unmap: (area) => `vunmap ${area}` };
  talk.needs('vm_map_ram', 'vm_unmap_ram');
  return { map: 'vm_map_ram', unmap: (area, pages) => `vm_unmap_ram ${area} ${pages}` };
}

/**
 * Runs all parts of a check, even if some do not apply.
 * @throws NotApplicable if some do not apply, with one reason for each call that the adapter does not support; CheckFailed.
 */
export async function runParts<T>(parts: readonly T[], run: (part: T) => Promise<void>): Promise<void> {
  const reasons = new Map<string, string>();
  for (const part of parts) {
    try {
      await run(part);
    } catch (error) {
      if (!(error instanceof NotApplicable)) throw error;
      const { call = error.message, message } = error;
      if (!reasons.has(call)) reasons.set(call, message);
    }
  }
  if (reasons.size > 0) throw new NotApplicable([...reasons.values()].join('; '));
}

/** The example of a call: its steps, with arguments that the adapter supports. */
export function exampleOf({ manifest }: Conversation, name: CallName): string[] {
  const { support, frames, page } = manifest;
  return VOCABULARY.get(name)!.example.steps.map((text) => {
    const step = parseStep(new Scanner(text, 1), VOCABULARY);
    const limits = support?.get(step.call.name);
    return limits ? printStep({ ...step, args: nearest(limits, step.call, step.args, frames, page) }) : text;
  });
}
