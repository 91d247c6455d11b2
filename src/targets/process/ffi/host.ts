import { readSync, writeSync } from 'node:fs';
import { VOCABULARY } from '../../../../reference/calls/index.ts';
import { parseStep } from '../../../../reference/notation/parse.ts';
import { Scanner } from '../../../../reference/notation/scanner.ts';
import { LineSplitter } from '../../wire/lines.ts';
import { callNameIn } from '../../wire/step-text.ts';
import { abilitiesOf, callsOf, execute } from './calls.ts';
import { type Library, loadLibrary } from './library.ts';
import { LibrarySession } from './session.ts';

/**
 * Runs a shared library in a process of its own, so that a crash does not take the kit down: this is the child, which
 * speaks the wire protocol.
 */

let out = '';
function flush(): void {
  let bytes = Buffer.from(out, 'latin1');
  out = '';
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(1, bytes));
}

class Host {
  readonly #library: Library;
  readonly #described: string;
  readonly #session: LibrarySession;
  #id = '';
  #careful = false;
  #cpus = 0;
  #line = 0;
  /** Between programs, in a program, or skipping the rest of a program after an error. */
  #state: 'idle' | 'program' | 'skipping' = 'idle';

  constructor(library: Library) {
    this.#library = library;
    this.#described = library.describe().trimEnd();
    const page = Number(/^page ([0-9]+)$/m.exec(this.#described)?.[1] ?? 4096);
    this.#session = new LibrarySession(library, page);
  }

  take(line: string): void {
    if (line.startsWith('hello ')) this.#hello();
    else if (this.#state !== 'idle' && line === `end ${this.#id}`) this.#end();
    else if (this.#state === 'program') this.#step(line);
    else if (this.#state === 'skipping') return;
    else if (line.startsWith('program ')) this.#begin(line);
    else if (line === 'reset') out += 'ready\n';
    else if (line === 'bye') {
      flush();
      process.exit(0);
    } else if (line !== '') out += 'error 0 expected hello, program, reset or bye\n';
  }

  #hello(): void {
    this.#state = 'idle';
    const can = abilitiesOf(this.#library);
    out += `mmspec target 1\n${this.#described}\ncalls ${callsOf(this.#library).join(' ')}\n`;
    if (can.length > 0) out += `can ${can.join(' ')}\n`;
    out += 'limit line 65536\nlimit steps 100000\nlimit inflight 64\nready\n';
  }

  #begin(line: string): void {
    const match = /^program ([0-9]+) cpus ([0-9]+) frames ([0-9]+)( careful)?$/.exec(line);
    this.#id = match?.[1] ?? line.split(' ')[1];
    this.#state = match ? 'program' : 'skipping';
    if (!match) {
      out += 'error 0 expected program NUMBER cpus CPUS frames FRAMES [careful]\n';
      return;
    }
    this.#line = 0;
    this.#cpus = Number(match[2]);
    this.#careful = match[4] !== undefined;
    this.#session.begin(this.#cpus, Number(match[3]));
    out += `trace ${this.#id}\n`;
  }

  #step(line: string): void {
    this.#line++;
    const call = callNameIn(line);
    try {
      if (call !== undefined && !VOCABULARY.has(call)) out += '=> unsupported\n';
      else {
        const scanner = new Scanner(line, this.#line);
        const step = parseStep(scanner, VOCABULARY);
        scanner.end();
        if (step.cpu >= this.#cpus) throw new Error(`expected a CPU below ${this.#cpus}`);
        out += `=> ${execute(this.#session, step)}\n`;
      }
    } catch (error) {
      out += `error ${this.#line} ${(error as Error).message}\n`;
      this.#state = 'skipping';
    }
    if (this.#careful || out.length > 60_000) flush();
  }

  #end(): void {
    if (this.#state === 'program') {
      const left = this.#library.end();
      if (left) out += `leak ${left}\n`;
      out += `end ${this.#id}\n`;
    }
    this.#state = 'idle';
  }
}

async function main(): Promise<void> {
  const host = new Host(await loadLibrary(process.argv[2]));
  const lines = new LineSplitter((line) => host.take(line.trim()));
  const bytes = Buffer.alloc(1 << 16);
  for (;;) {
    const length = readSync(0, bytes);
    if (length === 0) return;
    lines.push(bytes.subarray(0, length));
    flush();
  }
}

try {
  await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
