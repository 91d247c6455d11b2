import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** What an outcome becomes: the first pattern that fits says it. Each result is an outcome that the grammar allows. */
const CHANGES: readonly (readonly [pattern: RegExp, changed: (parts: readonly string[]) => string])[] = [
  [/^0x([0-9a-f]+)(.*)$/, ([, digits, rest]) => `0x${(BigInt(`0x${digits}`) + 8n).toString(16)}${rest}`],
  [/^f([0-9]+)(.*)$/, ([, frame, rest]) => `f${(Number(frame) + 1) % 8}${rest}`],
  [/^([av][0-9]+):([0-9]+)(.*)$/, ([, name, page, rest]) => `${name}:${Number(page) + 1}${rest}`],
  [/^(-?[0-9]+)$/, ([, number]) => `${Number(number) + 1}`],
  [/^-E[A-Z]+/, () => '-EPERM'],
  [/^NOPAGE$/, () => 'SIGBUS'],
  [/^(?:SIGBUS|OOM)$/, () => 'NOPAGE'],
  [/^fault$/, () => 'other'],
  [/^(?:ok|null|other)$/, () => 'fault'],
];

function changed(outcome: string): string {
  for (const [pattern, change] of CHANGES) {
    const parts = pattern.exec(outcome);
    if (parts) return change(parts);
  }
  return outcome;
}

/**
 * Serves an adapter on a Unix socket, and changes the outcomes of one call. All connections speak with the same process,
 * so a change of the call needs no new process.
 */
export class MutatedAdapter {
  /** The call whose outcomes are changed; undefined: none. */
  call: string | undefined;
  readonly spec: string;
  readonly #child: ChildProcess;
  readonly #server: Server;
  #socket: Socket | undefined;
  /** The calls of the steps of each program that was sent and not answered. */
  #programs: string[][] = [];
  /** The program that is being sent. */
  #sending: string[] | undefined;

  private constructor(command: readonly string[], path: string) {
    this.spec = `unix:${path}`;
    this.#child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#server = createServer((socket) => {
      this.#socket = socket;
      socket.on('error', () => {});
      createInterface({ input: socket }).on('line', (line) => this.#toAdapter(line));
    });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#fromAdapter(line));
  }

  /** @param path the path of the socket to make. */
  static async start(command: readonly string[], path: string): Promise<MutatedAdapter> {
    const adapter = new MutatedAdapter(command, path);
    adapter.#server.listen(path);
    await once(adapter.#server, 'listening');
    return adapter;
  }

  close(): void {
    this.#socket?.destroy();
    this.#server.close();
    this.#child.kill();
  }

  #toAdapter(line: string): void {
    if (line.startsWith('program ')) {
      this.#sending = [];
      this.#programs.push(this.#sending);
    } else if (line.startsWith('end ')) this.#sending = undefined;
    else if (line.startsWith('@')) this.#sending?.push(/^@[0-9]+ (?:[av][0-9]+ = )?(\S+)/.exec(line)?.[1] ?? '');
    this.#child.stdin!.write(`${line}\n`);
  }

  #fromAdapter(line: string): void {
    // What came before belongs to a connection that has ended.
    if (line.startsWith('mmspec target ')) this.#programs = [];
    const outcome = /^=> (.*)$/.exec(line)?.[1];
    let text = line;
    if (outcome === undefined) {
      if (/^(?:end|error [1-9])/.test(line)) this.#programs.shift();
    } else if (this.#programs[0]?.shift() === this.call) text = `=> ${changed(outcome)}`;
    if (this.#socket?.writable) this.#socket.write(`${text}\n`);
  }
}
