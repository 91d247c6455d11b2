import { TargetFailure } from '../target.ts';
import { Handshake } from './handshake.ts';
import type { Incident } from './job.ts';
import { LineSplitter } from './lines.ts';
import type { Link } from './link.ts';
import { BoundedLog } from './log.ts';
import { type SessionOptions, WireSession } from './session.ts';

/** How to begin a conversation. All times in milliseconds. */
export interface OpenOptions extends SessionOptions {
  /** Until the handshake must be complete; 30 s where not said. */
  readonly start?: number;
  /** `hello` is said again so often until it is answered (a line that is not listened to yet); never where not said. */
  readonly helloEvery?: number;
  /** Whether an end that did not come again was nothing of the target's doing: the run goes on then. */
  readonly passOver?: (incident: Incident) => boolean;
}

/**
 * Says `hello` and reads the manifest.
 * @throws TargetFailure where the target is gone, says nothing in time, or something impossible. The link is killed.
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
    // The session must be there before the next line of the same chunk is read.
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
  // How the line ended is told by `ended`; without these, the process would end with it.
  link.from.on('error', () => {});
  link.to.on('error', () => {});
  void link.ended.then((how) => {
    if (lines.rest !== '') log.add(lines.rest);
    if (session) session.end(how);
    else settle(new Error(`it ended before it said ready (${how})`));
  });
  const limit = options.start ?? 30_000;
  const timer = setTimeout(() => settle(new Error(`it did not say ready within ${limit / 1000} s`)), limit);
  // An empty line first ends whatever half a line is left in the buffers on the way.
  const hello = () => link.to.write('\nhello mmspec 1\n');
  const again = options.helloEvery ? setInterval(() => handshake.begun || hello(), options.helloEvery) : undefined;
  hello();
  const error = await settled;
  clearTimeout(timer);
  clearInterval(again);
  if (!error && session) return session;
  await link.kill();
  const said = `${log.text}${link.log()}`;
  const last = said.trim().split('\n').at(-1);
  const detail = last ? `; it said last: ${JSON.stringify(last)}` : '';
  throw new TargetFailure(`the target could not be started: ${error?.message}${detail}`, { log: said, cause: error });
}
