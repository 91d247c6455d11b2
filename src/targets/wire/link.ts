import type { Readable, Writable } from 'node:stream';

/** A line to a target: a started command, a connection, a port of a virtual machine. */
export interface Link {
  /** What the target says. */
  readonly from: Readable;
  /** What it is told; the same stream as `from` where that is a `Duplex`. */
  readonly to: Writable;
  /** Resolves once the target is gone or the line is cut, with how it ended: `killed by SIGSEGV`. Never rejects. */
  readonly ended: Promise<string>;
  /** True where the target went by itself since a step did not come back; never where missing. */
  hung?(): boolean;
  /** What it said besides the wire: standard error, a console; bounded. */
  log(): string;
  /** Ends the target by force; resolves once nothing of it is left. May be called more than once. */
  kill(): Promise<void>;
}
