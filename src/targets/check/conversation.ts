import { Handshake, type WireManifest } from '../wire/handshake.ts';
import { LineSplitter } from '../wire/lines.ts';
import type { Link } from '../wire/link.ts';

/** Something that an adapter did wrong: what it was told, what should have come, what came. */
export class Wrong extends Error {
  override readonly name = 'Wrong';
  readonly sent: string;
  readonly expected: string;
  readonly got: string;

  constructor(sent: string, expected: string, got: string) {
    super(`expected ${expected}, got ${got}`);
    this.sent = sent;
    this.expected = expected;
    this.got = got;
  }
}

/** What a program was answered: outcomes without the arrow, or the line that began with `error`. */
export interface Answer {
  readonly outcomes: readonly string[];
  readonly error: string | undefined;
}

/** A check does not apply to this adapter, and why. */
export class NotHere extends Error {
  override readonly name = 'NotHere';
}

/** What is protocol within an answer; anything else is log. */
const PROTOCOL = /^(?:trace|end) [0-9]+$|^=>|^@.* => |^error [0-9]+(?: |$)/;

/**
 * A conversation line by line, with nothing taken for granted: unlike a session it can say what is wrong on purpose,
 * and tells exactly what came instead of what was expected.
 */
export class Conversation {
  readonly link: Link;
  readonly #patience: number;
  readonly #lines: string[] = [];
  #wake: (() => void) | undefined;
  #ended: string | undefined;
  #id = 100;
  /** What was said last, for messages. */
  #sent = '';
  /** Lines that were no protocol. */
  readonly log: string[] = [];
  manifest!: WireManifest;

  /** @param patience longest wait for a line, in milliseconds. */
  constructor(link: Link, patience: number) {
    this.link = link;
    this.#patience = patience;
    const lines = new LineSplitter((line) => {
      this.#lines.push(line);
      this.#wake?.();
    });
    link.from.on('data', (chunk: Buffer) => lines.push(chunk));
    link.from.on('error', () => {});
    link.to.on('error', () => {});
    void link.ended.then((how) => {
      if (lines.rest !== '') this.#lines.push(lines.rest);
      this.#ended = how;
      this.#wake?.();
    });
  }

  /** Says something, whole lines or not. */
  say(text: string): void {
    this.#sent = text;
    this.link.to.write(text, 'latin1');
  }

  /** The next line; undefined where none came in time. */
  async line(): Promise<string | undefined> {
    const until = performance.now() + this.#patience;
    while (this.#lines.length === 0 && this.#ended === undefined && performance.now() < until) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, until - performance.now());
      });
      clearTimeout(timer);
    }
    return this.#lines.shift();
  }

  /** Throws: this should have come instead of `got`. */
  wrong(expected: string, got: string | undefined): never {
    let came = got === undefined ? `nothing within ${this.#patience / 1000} s` : got.slice(0, 200);
    if (got === undefined && this.#ended !== undefined) came = `the end: ${this.#ended}`;
    const aside = this.link.log().trim().split('\n').at(-1);
    throw new Wrong(this.#sent, expected, aside && got === undefined ? `${came} (it said: ${aside})` : came);
  }

  /** Says hello, and reads up to `ready`. */
  async hello(): Promise<WireManifest> {
    this.say('\nhello mmspec 1\n');
    const handshake = new Handshake();
    while (!handshake.done) {
      const line = await this.line();
      if (line === undefined) this.wrong(handshake.begun ? 'ready' : 'mmspec target 1', line);
      try {
        if (!handshake.take(line!)) this.log.push(line!);
        if (handshake.done) this.manifest = handshake.manifest();
      } catch (error) {
        this.wrong((error as Error).message.replace(/^.*expected /, ''), line);
      }
    }
    return this.manifest;
  }

  /** The lines that make up a program of these steps; `cpus` and `frames` are those of the manifest. */
  programText(steps: readonly string[], attribute = ''): { readonly id: number; readonly text: string } {
    const id = ++this.#id;
    const { cpus, frames } = this.manifest;
    const lines = steps.map((step) => `${step}\n`).join('');
    return { id, text: `program ${id} cpus ${cpus} frames ${frames}${attribute}\n${lines}end ${id}\n` };
  }

  /** Reads the answer of program `id`, which has `steps` steps. */
  async answer(id: number, steps: number): Promise<Answer> {
    const outcomes: string[] = [];
    let begun = false;
    for (;;) {
      const line = await this.line();
      const next = outcomes.length < steps ? `=> OUTCOME of step ${outcomes.length + 1} of ${steps}` : `end ${id}`;
      const expected = begun ? next : `trace ${id}`;
      if (line === undefined) this.wrong(expected, line);
      if (!PROTOCOL.test(line!)) this.log.push(line!);
      else if (line!.startsWith('error ')) return { outcomes, error: line };
      else if (!begun) {
        if (line !== `trace ${id}`) this.wrong(expected, line);
        begun = true;
      } else if (line!.startsWith('trace ') || line!.startsWith('end ')) {
        if (line !== expected) this.wrong(expected, line);
        return { outcomes, error: undefined };
      } else {
        if (outcomes.length === steps) this.wrong(expected, line);
        outcomes.push(line!.slice(line!.indexOf('=>') + 2).trim());
      }
    }
  }

  /** Runs a program of these steps and gives its outcomes; an `error` is wrong. */
  async run(steps: readonly string[], attribute = ''): Promise<readonly string[]> {
    const { id, text } = this.programText(steps, attribute);
    this.say(text);
    const count = steps.filter((step) => step.startsWith('@')).length;
    const { outcomes, error } = await this.answer(id, count);
    if (error !== undefined) this.wrong(`trace ${id} with ${count} outcomes`, error);
    return outcomes;
  }

  /** Runs a program of lines `STEP => EXPECTED`, where EXPECTED is an outcome or a regular expression (`/.../`). */
  async expect(lines: readonly string[], attribute = ''): Promise<readonly string[]> {
    const pairs = lines.map((line) => line.split(' => '));
    const outcomes = await this.run(
      pairs.map(([step]) => step),
      attribute,
    );
    // The lines that begin and end a block are answered by nothing.
    const steps = pairs.filter(([step]) => step.startsWith('@'));
    steps.forEach(([step, right], i) => {
      if (right === undefined) return;
      const pattern = /^\/(.*)\/$/.exec(right);
      const held = pattern ? new RegExp(`^(?:${pattern[1]})$`).test(outcomes[i]) : outcomes[i] === right;
      if (!held) {
        this.#sent = `${pairs.map(([said]) => said).join('\n')}\n`;
        this.wrong(`${step} => ${pattern ? `one of ${pattern[1].replaceAll('|', ', ')}` : right}`, `=> ${outcomes[i]}`);
      }
    });
    return outcomes;
  }

  /** Throws `NotHere` unless the adapter announced all of these calls. */
  needs(...calls: readonly string[]): void {
    const missing = calls.filter((call) => !this.manifest.calls.has(call));
    if (missing.length > 0) throw new NotHere(`it does not announce ${missing.join(', ')}`);
  }

  /** Throws `NotHere` unless the adapter announced an ability. */
  needsAbility(ability: string): void {
    if (!this.manifest.can.has(ability)) throw new NotHere(`it does not announce the ability ${ability}`);
  }
}
