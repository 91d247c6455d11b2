import type { Readable, Writable } from 'node:stream';

/** A connection to a target: a started command, a socket, a port of a virtual machine. */
export interface Link {
  /** What the target sends. */
  readonly from: Readable;
  /** What the kit sends; the same stream as `from` where that is a `Duplex`. */
  readonly to: Writable;
  /** Resolves when the target ends or the connection breaks, with how it ended: `killed by SIGSEGV`. Never rejects. */
  readonly ended: Promise<string>;
  /** Whether the target ended itself because a step hung. If undefined, it never does. */
  hung?(): boolean;
  /** Its output besides the protocol (standard error, a console), of bounded length. */
  log(): string;
  /** Kills the target. Resolves when all of its processes are gone. May be called more than once. */
  kill(): Promise<void>;
}
