import type { CallName } from '../../../reference/notation/names.ts';
import { Handshake, type WireManifest } from '../wire/handshake.ts';
import { LineSplitter } from '../wire/lines.ts';
import type { Link } from '../wire/link.ts';
import { callNameIn } from '../wire/step-text.ts';
import { CheckFailed, NotApplicable } from './reasons.ts';

/** Maximum number of lines that wait to be taken. While there are more, nothing is read from the adapter. */
const MAX_WAITING = 10_000;
/** Time for a whole answer, as a multiple of the time for a line. It ends an answer that goes on forever. */
const LINES_IN_TIME = 6;

/** The answer to a program: outcomes without the arrow, and the line that began with `error`, if there was one. */
export interface Answer {
  readonly outcomes: readonly string[];
  readonly error: string | undefined;
}

/** Lines of an answer that belong to the protocol. All others are log. */
const PROTOCOL = /^(?:trace|end) [0-9]+$|^=>|^@.* => |^error [0-9]+(?: |$)/;

/**
 * A conversation with an adapter, line by line. Unlike a session it can send invalid input on purpose, and reports
 * exactly what was received instead of what was expected.
 */
export class Conversation {
  readonly link: Link;
  readonly #timeout: number;
  #lines: string[] = [];
  /** The next line to take from `#lines`. */
  #next = 0;
  /** When the answer to what was sent last must be there, on the clock of `performance.now()`. */
  #until = Number.POSITIVE_INFINITY;
  #wake: (() => void) | undefined;
  #ended: string | undefined;
  #id = 100;
  /** The steps of the programs that were sent, by number. */
  readonly #programs = new Map<number, readonly string[]>();
  /** What was sent last, for messages. */
  #sent = '';
  manifest!: WireManifest;

  /** @param timeout how long to wait for a line, in milliseconds. */
  constructor(link: Link, timeout: number) {
    this.link = link;
    this.#timeout = timeout;
    const lines = new LineSplitter((line) => {
      this.#lines.push(line);
      this.#wake?.();
    });
    link.from.on('data', (chunk: Buffer) => {
      lines.push(chunk);
      if (this.#lines.length - this.#next > MAX_WAITING) link.from.pause();
    });
    link.from.on('error', () => {});
    link.to.on('error', () => {});
    void link.ended.then((how) => {
      if (lines.rest !== '') this.#lines.push(lines.rest);
      this.#ended = how;
      this.#wake?.();
    });
  }

  /** Sends a text: complete lines or not. */
  send(text: string): void {
    this.#sending(text);
    this.link.to.write(text, 'latin1');
  }

  /** Sends the last text: nothing can be sent after it. */
  sendLast(text: string): void {
    this.#sending(text);
    this.link.to.end(text);
  }

  #sending(text: string): void {
    this.#sent = text;
    this.#until = performance.now() + LINES_IN_TIME * this.#timeout;
  }

  /** The next line; undefined if none arrives in time. */
  async line(): Promise<string | undefined> {
    const deadline = Math.min(this.#until, performance.now() + this.#timeout);
    while (this.#next === this.#lines.length && this.#ended === undefined && performance.now() < deadline) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, deadline - performance.now());
      });
      clearTimeout(timer);
    }
    return performance.now() < this.#until ? this.#take() : undefined;
  }

  #take(): string | undefined {
    const line = this.#lines[this.#next++];
    if (this.#next < this.#lines.length) return line;
    this.#lines = [];
    this.#next = 0;
    this.link.from.resume();
    return line;
  }

  /** Throws CheckFailed: `expected` should have been received instead of `got`. */
  fail(expected: string, got: string | undefined): never {
    let received = got === undefined ? `nothing within ${this.#timeout / 1000} s` : got.slice(0, 200);
    if (got === undefined && performance.now() >= this.#until)
      received = `no complete answer within ${(LINES_IN_TIME * this.#timeout) / 1000} s`;
    if (got === undefined && this.#ended !== undefined) received = `the end: ${this.#ended}`;
    const aside = this.link.log().trim().split('\n').at(-1);
    throw new CheckFailed(
      this.#sent,
      expected,
      aside && got === undefined ? `${received} (its last output: ${aside})` : received,
    );
  }

  /** Says hello, and reads the handshake up to `ready`. */
  async hello(): Promise<WireManifest> {
    this.send('\nhello mmspec 1\n');
    const handshake = new Handshake();
    while (!handshake.done) {
      const line = await this.line();
      if (line === undefined) this.fail(handshake.begun ? 'ready' : 'mmspec target 1', line);
      try {
        handshake.take(line!);
        if (handshake.done) this.manifest = handshake.manifest();
      } catch (error) {
        this.fail((error as Error).message.replace(/^.*expected /, ''), line);
      }
    }
    return this.manifest;
  }

  /** The lines that send a program of these steps, with all CPUs and frames of the manifest. */
  programText(steps: readonly string[], attribute = ''): { readonly id: number; readonly text: string } {
    const id = ++this.#id;
    this.#programs.set(id, steps);
    const { cpus, frames } = this.manifest;
    const lines = steps.map((step) => `${step}\n`).join('');
    return { id, text: `program ${id} cpus ${cpus} frames ${frames}${attribute}\n${lines}end ${id}\n` };
  }

  /** @throws NotApplicable if an announced call was answered `unsupported`, which an adapter may do for some arguments. */
  #allSupported(id: number, outcomes: readonly string[]): void {
    const steps = (this.#programs.get(id) ?? []).filter((step) => step.startsWith('@'));
    const at = outcomes.findIndex(
      (outcome, i) => outcome === 'unsupported' && this.manifest.calls.has(callNameIn(steps[i]) ?? ''),
    );
    if (at < 0) return;
    const step = steps[at].length > 60 ? `${steps[at].slice(0, 57)}...` : steps[at];
    const call = callNameIn(steps[at])!;
    const limited = `announce what it supports of the call: calls ${call}(LIMIT)`;
    throw new NotApplicable(`it answers unsupported to \`${step}\`; if it never supports such steps, ${limited}`, call);
  }

  /** Reads the answer to program `id`, which has `steps` steps. */
  async answer(id: number, steps: number): Promise<Answer> {
    const outcomes: string[] = [];
    let begun = false;
    for (;;) {
      const line = await this.line();
      const next = outcomes.length < steps ? `=> OUTCOME of step ${outcomes.length + 1} of ${steps}` : `end ${id}`;
      const expected = begun ? next : `trace ${id}`;
      if (line === undefined) this.fail(expected, line);
      // Any other line is log.
      if (!PROTOCOL.test(line!)) continue;
      if (line!.startsWith('error ')) return { outcomes, error: line };
      else if (!begun) {
        if (line !== `trace ${id}`) this.fail(expected, line);
        begun = true;
      } else if (line!.startsWith('trace ') || line!.startsWith('end ')) {
        if (line !== expected) this.fail(expected, line);
        this.#allSupported(id, outcomes);
        return { outcomes, error: undefined };
      } else {
        if (outcomes.length === steps) this.fail(expected, line);
        outcomes.push(line!.slice(line!.indexOf('=>') + 2).trim());
      }
    }
  }

  /** Runs a program of these steps. Returns its outcomes; fails where the answer is an `error`. */
  async run(steps: readonly string[], attribute = ''): Promise<readonly string[]> {
    const { id, text } = this.programText(steps, attribute);
    this.send(text);
    const count = steps.filter((step) => step.startsWith('@')).length;
    const { outcomes, error } = await this.answer(id, count);
    if (error !== undefined) this.fail(`trace ${id} with ${count} outcomes`, error);
    return outcomes;
  }

  /**
   * Runs a program of lines `STEP => EXPECTED`, where EXPECTED is an outcome or a regular expression (`/.../`). A line
   * without EXPECTED may have any outcome.
   */
  async expect(lines: readonly string[], attribute = ''): Promise<readonly string[]> {
    const pairs = lines.map((line) => line.split(' => '));
    const outcomes = await this.run(
      pairs.map(([step]) => step),
      attribute,
    );
    // The lines that begin and end a block have no outcome.
    const steps = pairs.filter(([step]) => step.startsWith('@'));
    steps.forEach(([step, expected], i) => {
      if (expected === undefined) return;
      const pattern = /^\/(.*)\/$/.exec(expected);
      const held = pattern ? new RegExp(`^(?:${pattern[1]})$`).test(outcomes[i]) : outcomes[i] === expected;
      if (!held) {
        this.#sent = `${pairs.map(([line]) => line).join('\n')}\n`;
        const allowed = pattern ? `one of ${pattern[1].replaceAll('|', ', ')}` : expected;
        this.fail(`${step} => ${allowed}`, `=> ${outcomes[i]}`);
      }
    });
    return outcomes;
  }

  /** The size of `pages` pages in bytes, as the notation writes it. */
  bytes(pages: number): string {
    return `0x${(pages * this.manifest.page).toString(16)}`;
  }

  /** @throws NotApplicable unless the adapter announces all of these calls. */
  needs(...calls: readonly CallName[]): void {
    const missing = calls.filter((call) => !this.manifest.calls.has(call));
    if (missing.length > 0) throw new NotApplicable(`it does not announce ${missing.join(', ')}`);
  }

  /** @throws NotApplicable unless the adapter announces the ability. */
  needsAbility(ability: string): void {
    if (!this.manifest.can.has(ability)) throw new NotApplicable(`it does not announce the ability ${ability}`);
  }
}
