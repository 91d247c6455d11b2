import { TargetFailure } from '../target.ts';
import { Handshake } from './handshake.ts';
import type { Incident } from './incident.ts';
import { LineSplitter } from './lines.ts';
import type { Link } from './link.ts';
import { BoundedLog } from './log.ts';
import { type SessionOptions, WireSession } from './session.ts';

/** How to begin a conversation. All times are in milliseconds. */
export interface OpenOptions extends SessionOptions {
  /** Time limit for the handshake; 30,000 by default. */
  readonly start?: number;
  /** Interval at which `hello` is repeated until it is answered, for a line that nobody reads yet. Undefined: never. */
  readonly helloEvery?: number;
  /** The target answers the line `spent`, which is not part of the protocol: see `spent.ts`. */
  readonly tellsSpent?: boolean;
  /** Whether the target did not cause an incident that did not happen again. The run then goes on. */
  readonly causedOutside?: (incident: Incident) => boolean;
}

/**
 * Says `hello` and reads the handshake.
 * @throws TargetFailure if the target ends, is silent for too long, or sends an invalid handshake. Kills the link.
 */
export async function openSession(link: Link, options: OpenOptions = {}): Promise<WireSession> {
  const log = new BoundedLog();
  const handshake = new Handshake();
  let session: WireSession | undefined;
  let settle!: (error?: Error) => void;
  const settled = new Promise<Error | undefined>((resolve) => {
    settle = resolve;
  });
  const greet = (line: string): void => {
    if (handshake.done || !handshake.take(line)) return log.add(line);
    if (!handshake.done) return;
    // The next line of the same chunk already belongs to the session.
    session = new WireSession(link, handshake.manifest(), log, options);
    settle();
  };
  const lines = new LineSplitter(
    (line) => {
      if (session) return session.takeLine(line);
      try {
        greet(line);
      } catch (error) {
        settle(error as Error);
      }
    },
    (start, bytes) => {
      log.add(`${start}... (a line of ${bytes} bytes)`);
      session?.takeOverlong(start, bytes);
    },
  );
  link.from.on('data', (chunk: Buffer) => {
    lines.push(chunk);
    session?.pump();
  });
  // `ended` reports errors. Without these handlers they would end this process.
  link.from.on('error', () => {});
  link.to.on('error', () => {});
  void link.ended.then((how) => {
    if (lines.rest !== '') log.add(lines.rest);
    if (session) session.end(how);
    else settle(new Error(`it ended before it said ready (${how})`));
  });
  const limit = options.start ?? 30_000;
  const timer = setTimeout(() => settle(new Error(`it did not say ready within ${limit / 1000} s`)), limit);
  // The empty line ends an unfinished line that may be left in a buffer on the way.
  const hello = () => link.to.write('\nhello mmspec 1\n');
  const repetition = options.helloEvery ? setInterval(() => handshake.begun || hello(), options.helloEvery) : undefined;
  hello();
  const error = await settled;
  clearTimeout(timer);
  clearInterval(repetition);
  if (!error && session) return session;
  await link.kill();
  const output = `${log.text}${link.log()}`;
  const last = output.trim().split('\n').at(-1);
  const detail = last ? `; its last output: ${JSON.stringify(last)}` : '';
  throw new TargetFailure(`the target could not be started: ${error?.message}${detail}`, { log: output, cause: error });
}
