import { EXIT } from '../../common/exit.ts';
import { Stopped, untilStopped, within } from '../../common/stopped.ts';
import { moduleCommand } from '../module/index.ts';
import { isModule } from '../open.ts';
import { startChild } from '../process/child.ts';
import { type Starter, starterFor } from '../process/spec.ts';
import { BLOCKS } from './blocks.ts';
import { CALLS } from './calls.ts';
import type { Check } from './check.ts';
import { Conversation } from './conversation.ts';
import { BYE, HANDSHAKE } from './handshake.ts';
import { MEMORY } from './memory.ts';
import { PROGRAMS } from './programs.ts';
import { CheckFailed, NotApplicable, Note } from './reasons.ts';

/** All checks, in the order in which they run. */
const CHECKS: readonly Check[] = [...HANDSHAKE, ...PROGRAMS, ...MEMORY, ...CALLS, ...BLOCKS, BYE];

/** The checks of a module. The kit itself speaks the protocol for it. */
const MODULE_CHECKS: readonly Check[] = [
  HANDSHAKE[0],
  ...MEMORY,
  ...CALLS.filter(({ name }) => name !== 'unknown calls'),
  BYE,
];

const checksOf = (spec: string): readonly Check[] => (isModule(spec) ? MODULE_CHECKS : CHECKS);

/** How to start what a specification names. */
function starterOf(spec: string): Starter {
  if (!isModule(spec)) return starterFor(spec);
  const command = moduleCommand(spec);
  return { start: async () => startChild(command), options: {} };
}

/** The result of one check. */
export interface CheckResult {
  readonly check: Check;
  readonly outcome: 'pass' | 'fail' | 'skip' | 'note';
  /** Why the check failed or does not apply, or what its author should know; '' if it passed. */
  readonly reason: string;
  /** What was sent, expected and received, where the check failed in this way. */
  readonly failure?: CheckFailed;
}

/** Options of `checkAdapter`. */
export interface CheckIo {
  /** Called with each line of the report, without its end. */
  readonly line: (text: string) => unknown;
  /** How long to wait for a line of the adapter, in milliseconds; 5,000 by default. */
  readonly timeout?: number;
  /** Names of the checks to run; all by default. */
  readonly only?: ReadonlySet<string>;
  /** Ends the checks; the report then says how many did not run. */
  readonly signal?: AbortSignal;
}

/** The result of all checks. */
export interface CheckReport {
  readonly results: readonly CheckResult[];
  /**
   * 0: all checks passed; 3: one failed, so that no answer of the adapter can be relied on; 4: none failed, but not all of
   * them ran.
   */
  readonly exitCode: 0 | 3 | 4;
}

/** Runs checks one after another. The adapter is started again after a check that failed. */
class Checker {
  readonly #spec: string;
  readonly #timeout: number;
  readonly #signal: AbortSignal;
  #talk: Conversation | undefined;

  constructor(spec: string, timeout: number, signal: AbortSignal) {
    this.#spec = spec;
    this.#timeout = timeout;
    this.#signal = signal;
  }

  /** @throws Stopped when the signal aborts. */
  async run(check: Check): Promise<CheckResult> {
    try {
      await within(this.#signal, () => this.#run(check));
      return { check, outcome: 'pass', reason: '' };
    } catch (error) {
      if (error instanceof Stopped) throw error;
      const reason = (error as Error).message;
      if (error instanceof NotApplicable) return { check, outcome: 'skip', reason };
      if (error instanceof Note) return { check, outcome: 'note', reason };
      // The adapter may be in any state now.
      await this.end();
      return { check, outcome: 'fail', reason, ...(error instanceof CheckFailed ? { failure: error } : {}) };
    }
  }

  async #run(check: Check): Promise<void> {
    if (!this.#talk) {
      const link = await starterOf(this.#spec).start(this.#signal);
      if (this.#signal.aborted) return link.kill();
      this.#talk = new Conversation(link, this.#timeout);
    }
    await this.#talk.hello();
    await check.run(this.#talk);
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

function describe({ check, outcome, reason, failure }: CheckResult): string[] {
  if (outcome === 'pass') return [`pass  ${check.name}`];
  if (outcome === 'note') return [`note  ${check.name}: ${reason}`];
  if (outcome === 'skip') return [`skip  ${check.name}: ${reason}`];
  const lines = [`FAIL  ${check.name}`, `    ${check.sentence}`];
  if (!failure) return [...lines, `    ${reason}`];
  const sent = indented(failure.sent.trimStart());
  const shown = sent.length > 14 ? [...sent.slice(0, 12), `      ... ${sent.length - 12} more lines ...`] : sent;
  return [...lines, '    sent:', ...shown, `    expected: ${failure.expected}`, `    got:      ${failure.got}`];
}

/**
 * Tests whether an adapter follows the protocol, whatever implementation is behind it. The adapter is started (or
 * connected to) again after each check that failed.
 * @param spec `exec:COMMAND`, `tcp:HOST:PORT`, `unix:PATH` or `ffi:PATH`.
 * @throws UsageError if the specification is malformed.
 */
export async function checkAdapter(spec: string, io: CheckIo): Promise<CheckReport> {
  const results: CheckResult[] = [];
  starterOf(spec); // Reports wrong usage before any check runs.
  const checker = new Checker(spec, io.timeout ?? 5000, io.signal ?? new AbortController().signal);
  let stopped = false;
  const checks = checksOf(spec).filter(({ name }) => io.only?.has(name) !== false);
  for (const check of checks) {
    const result = await untilStopped(checker.run(check));
    stopped = result === undefined;
    if (!result) break;
    results.push(result);
    for (const line of describe(result)) io.line(line);
    // Without a handshake all other checks would fail in the same way.
    if (check.name === 'handshake' && result.outcome === 'fail') break;
  }
  await checker.end();
  const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
  const notRun = checks.length - results.length;
  const notes = count('note');
  const told = notes > 0 ? `, ${notes} ${notes === 1 ? 'note' : 'notes'}` : '';
  const rest = notRun > 0 ? `, ${notRun} not run` : '';
  if (stopped) io.line(new Stopped().message);
  io.line(`${count('pass')} passed, ${count('fail')} failed, ${count('skip')} skipped${told}${rest}`);
  if (count('fail') > 0) return { results, exitCode: EXIT.failed };
  return { results, exitCode: stopped ? EXIT.untested : EXIT.held };
}
