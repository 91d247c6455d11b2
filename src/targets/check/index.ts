import { starterFor } from '../process/spec.ts';
import { BLOCKS } from './blocks.ts';
import { CALLS } from './calls.ts';
import type { Check } from './check.ts';
import { Conversation, NotHere, Wrong } from './conversation.ts';
import { BYE, HANDSHAKE } from './handshake.ts';
import { MEMORY } from './memory.ts';
import { PROGRAMS } from './programs.ts';

/** Everything that is tried, in this order. */
export const CHECKS: readonly Check[] = [...HANDSHAKE, ...PROGRAMS, ...MEMORY, ...CALLS, ...BLOCKS, BYE];

/** What came of one check. */
export interface CheckResult {
  readonly check: Check;
  readonly outcome: 'right' | 'wrong' | 'not here';
  /** Why it does not apply, or what is wrong. */
  readonly why: string;
  readonly wrong?: Wrong;
}

/** Where `checkAdapter` says what it found. */
export interface CheckIo {
  /** Gets whole lines, without their end. */
  readonly line: (text: string) => void;
  /** Longest wait for a line of the adapter, in milliseconds; 5 s where not said. */
  readonly patience?: number;
}

export interface CheckReport {
  readonly results: readonly CheckResult[];
  /** 0: all is right; 3: the adapter is wrong, so that nothing it says about an implementation can be relied on. */
  readonly exitCode: 0 | 3;
}

/** Tries one check in a conversation; a new one is begun with the adapter that goes on, or with a fresh one. */
class Trial {
  readonly #spec: string;
  readonly #patience: number;
  #talk: Conversation | undefined;

  constructor(spec: string, patience: number) {
    this.#spec = spec;
    this.#patience = patience;
  }

  async try(check: Check): Promise<CheckResult> {
    try {
      this.#talk ??= new Conversation(await starterFor(this.#spec).start(), this.#patience);
      await this.#talk.hello();
      await check.run(this.#talk);
      return { check, outcome: 'right', why: '' };
    } catch (error) {
      const why = (error as Error).message;
      if (error instanceof NotHere) return { check, outcome: 'not here', why };
      // Nothing is known about an adapter that has done something wrong.
      await this.end();
      return { check, outcome: 'wrong', why, ...(error instanceof Wrong ? { wrong: error } : {}) };
    }
  }

  async end(): Promise<void> {
    await this.#talk?.link.kill();
    this.#talk = undefined;
  }
}

const indented = (text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `      ${line.slice(0, 160)}`);

function describe({ check, outcome, why, wrong }: CheckResult): string[] {
  if (outcome === 'right') return [`right     ${check.name}`];
  if (outcome === 'not here') return [`not here  ${check.name}: ${why}`];
  const lines = [`WRONG     ${check.name}`, `    ${check.sentence}`];
  if (!wrong) return [...lines, `    ${why}`];
  const sent = indented(wrong.sent.trimStart());
  const shown = sent.length > 14 ? [...sent.slice(0, 12), `      ... ${sent.length - 12} lines more ...`] : sent;
  return [...lines, '    told:', ...shown, `    expected: ${wrong.expected}`, `    got:      ${wrong.got}`];
}

/**
 * Tries an adapter itself, before the implementation behind it: `exec:`, `tcp:`, `unix:` or `ffi:`. The adapter is
 * started (or connected to) anew after each check that found something wrong.
 * @throws UsageError where the specification is none.
 */
export async function checkAdapter(spec: string, io: CheckIo): Promise<CheckReport> {
  const results: CheckResult[] = [];
  const trial = new Trial(spec, io.patience ?? 5000);
  starterFor(spec); // Wrong use is told before anything is tried.
  for (const check of CHECKS) {
    const result = await trial.try(check);
    results.push(result);
    for (const line of describe(result)) io.line(line);
    // An adapter that does not even say hello would fail everything else in the same way.
    if (check.name === 'handshake' && result.outcome === 'wrong') break;
  }
  await trial.end();
  const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
  const untried = CHECKS.length - results.length;
  const rest = untried > 0 ? `, ${untried} not tried` : '';
  io.line(`${count('right')} right, ${count('wrong')} wrong, ${count('not here')} not here${rest}`);
  return { results, exitCode: count('wrong') > 0 ? 3 : 0 };
}
