import type { Duplex } from 'node:stream';
import { LineSplitter } from '../wire/lines.ts';

type Answer = Record<string, unknown>;

/** For `migrate-set-capabilities`: memory that lies in a file of its own is no part of the state. */
export const OWN_MEMORY = { capabilities: [{ capability: 'x-ignore-shared', state: true }] };

/** A path as a word of the shell that QEMU hands `exec:` to. */
export const quoted = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`;

/** QEMU's control protocol, as far as it is needed: commands as JSON, an answer or an event a line. */
export class Control {
  readonly #stream: Duplex;
  readonly #waiting: ((answer: Answer) => void)[] = [];

  constructor(stream: Duplex) {
    this.#stream = stream;
    const lines = new LineSplitter(
      (line) => this.#take(line),
      () => {},
    );
    stream.on('data', (chunk: Buffer) => lines.push(chunk));
    stream.on('error', () => {});
  }

  #take(line: string): void {
    const message = JSON.parse(line) as Answer;
    if ('return' in message || 'error' in message) this.#waiting.shift()?.(message);
  }

  /**
   * Gives a command.
   * @throws Error where QEMU refuses it. Never settles where the machine is gone.
   */
  async command(execute: string, args: Answer = {}): Promise<Answer> {
    this.#stream.write(`${JSON.stringify({ execute, arguments: args })}\n`);
    const answer = await new Promise<Answer>((resolve) => {
      this.#waiting.push(resolve);
    });
    if ('error' in answer) throw new Error(`QEMU refused ${execute}: ${JSON.stringify(answer.error)}`);
    return answer.return as Answer;
  }
}
