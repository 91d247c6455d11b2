import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { VOCABULARY } from '../../reference/contract.ts';
import { judge, MalformedTrace } from '../../reference/judge/judge.ts';
import { parse, print } from '../../reference/notation/document.ts';
import { NotationError } from '../../reference/notation/scanner.ts';
import { UsageError } from '../../src/common/errors.ts';
import { parseExpectations, printEntry } from '../../src/run/expect/file.ts';
import { parseConfig } from '../../src/run/gate/config.ts';
import { agree } from '../../src/targets/agreement.ts';
import { splitCommand } from '../../src/targets/process/words.ts';
import { TargetFailure } from '../../src/targets/target.ts';
import { Handshake } from '../../src/targets/wire/handshake.ts';
import { Interrupted } from '../../src/targets/wire/job.ts';
import { LineSplitter } from '../../src/targets/wire/lines.ts';
import type { Link } from '../../src/targets/wire/link.ts';
import { openSession } from '../../src/targets/wire/open.ts';
import { ROOT } from '../support/cli.ts';
import { programOf } from '../support/programs.ts';

/** Everything that reads texts from elsewhere. A wrong text is refused with an error of a known kind, in bounded time. */
export interface Reader {
  readonly name: string;
  /** Right texts, which are changed. */
  readonly seeds: readonly string[];
  /**
   * Reads a text.
   * @returns false if it was refused.
   * @throws Error if it was neither read nor refused.
   */
  readonly read: (text: string) => boolean | Promise<boolean>;
}

const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'));

/** Calls `act`; undefined if it throws an error of these kinds. */
function orRefused<T>(act: () => T, ...kinds: (new (...args: never[]) => Error)[]): T | undefined {
  try {
    return act();
  } catch (error) {
    if (kinds.some((kind) => error instanceof kind)) return undefined;
    throw error;
  }
}

function expectSame(a: string, b: string): void {
  if (a !== b) throw new Error(`read again, it is another text:\n${a}\n---\n${b}`);
}

function readDocument(text: string): boolean {
  const document = orRefused(() => parse(text, VOCABULARY), NotationError);
  if (!document) return false;
  const printed = print(document);
  expectSame(print(parse(printed, VOCABULARY)), printed);
  if (document.kind !== 'trace') return true;
  const { header, entries } = document;
  const agreement = orRefused(() => agree({ ...header, profile: header.profile ?? 'documented' }), UsageError);
  if (!agreement) return false;
  for (const { trace } of entries) orRefused(() => judge(trace, agreement.terms), MalformedTrace);
  return true;
}

const HANDSHAKE = `mmspec target 1
name a target 1.0
profile documented
trait tlb=lazy guard=trailing
cpus 2
frames 64
page 4096
window kernel 0xffffc90000000000 0xffffe90000000000
calls vmap vunmap read
can parallel repeat leaks
limit line 4096
limit steps 1000
limit inflight 4
ready
`;

function readHandshake(text: string): boolean {
  const handshake = new Handshake();
  try {
    for (const line of text.split('\n')) if (!handshake.done) handshake.take(line);
    if (handshake.done) handshake.manifest();
    return handshake.done;
  } catch (error) {
    if ((error as Error).name !== 'HandshakeError') throw error;
    return false;
  }
}

const PROGRAM = programOf('@0 a0 = vmap f0', 'par repeat=2', '@0 read a0', '@1 read null', 'end', '@0 vunmap a0');
const ANSWER =
  'trace 1\n=> 0xffffc90000000000\n=> f0 [1 3]\n=> fault [2 4]\n=> ok\nleak "x"\nagain\n=> null\n=> skipped [1 3]\n=> fault [2 4]\n=> skipped\nend 1\n';

/** A session whose target answers with this text, whatever it is asked. */
async function readAnswer(text: string): Promise<boolean> {
  const from = new PassThrough();
  const to = new PassThrough();
  let sent = '';
  to.on('data', (chunk: Buffer) => {
    sent += chunk;
  });
  let end: (how: string) => void = () => {};
  const link: Link = {
    from,
    to,
    ended: new Promise((resolve) => {
      end = resolve;
    }),
    log: () => '',
    kill: async () => end('killed'),
  };
  from.write(HANDSHAKE, 'latin1');
  const session = await openSession(link);
  const answer = session.run(PROGRAM);
  // The number of the program is known only once it was sent.
  while (!sent.includes('program ')) await new Promise((resolve) => setImmediate(resolve));
  const number = /program (\d+) /.exec(sent)![1];
  from.end(text.replaceAll(/(trace|end) 1\b/g, `$1 ${number}`), 'latin1');
  from.once('end', () => end('ended'));
  try {
    await answer;
    return true;
  } catch (error) {
    if (!(error instanceof Interrupted || error instanceof TargetFailure)) throw error;
    return false;
  } finally {
    await session.kill();
  }
}

function readBytes(text: string): boolean {
  const bytes = Buffer.from(text);
  const whole: string[] = [];
  new LineSplitter((line) => whole.push(line)).push(bytes);
  const parts: string[] = [];
  const splitter = new LineSplitter((line) => parts.push(line));
  for (let at = 0; at < bytes.length; at += 7) splitter.push(bytes.subarray(at, at + 7));
  expectSame(parts.join('\n'), whole.join('\n'));
  return true;
}

export const READERS: readonly Reader[] = [
  {
    name: 'programs and traces',
    seeds: [...filesIn('fixtures/gold', '.mm'), ...filesIn('fixtures/counterexamples', '.mm')],
    read: readDocument,
  },
  { name: 'the handshake of a target', seeds: [HANDSHAKE], read: readHandshake },
  { name: 'the answer of a target', seeds: [ANSWER], read: readAnswer },
  { name: 'the bytes of a target', seeds: [ANSWER, HANDSHAKE], read: readBytes },
  {
    name: 'expected divergences',
    seeds: [
      readFileSync(join(ROOT, 'fixtures/recorded-0.1/mmspec.expect'), 'utf8'),
      readFileSync(join(ROOT, '.ci/bookworm.expect'), 'utf8'),
    ],
    read(text) {
      const entries = orRefused(() => parseExpectations(text), UsageError);
      for (const entry of entries ?? []) {
        const printed = printEntry(entry);
        expectSame(printEntry(parseExpectations(printed)[0]), printed);
      }
      return entries !== undefined;
    },
  },
  {
    name: 'the configuration of a gate',
    seeds: [readFileSync(join(ROOT, 'mmspec.config'), 'utf8'), readFileSync(join(ROOT, '.ci/linux.config'), 'utf8')],
    read: (text) => orRefused(() => parseConfig(text), UsageError) !== undefined,
  },
  {
    name: 'the command of a target',
    seeds: ['./adapter --flag \'a b\' "c\\"d" \\e'],
    read: (text) => orRefused(() => splitCommand(text), Error) !== undefined,
  },
];
