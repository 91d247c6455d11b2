import type { Duplex } from 'node:stream';
import { LineSplitter } from '../../wire/lines.ts';

type Answer = Record<string, unknown>;

/** Argument of `migrate-set-capabilities`: the saved state excludes memory that is a shared file. */
export const WITHOUT_MEMORY = { capabilities: [{ capability: 'x-ignore-shared', state: true }] };

/** QEMU's control protocol (QMP): one JSON object a line, commands in, answers and events out. */
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
   * Executes a command.
   * @throws Error if QEMU refuses it. The promise never settles if the machine has ended.
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
