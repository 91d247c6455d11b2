import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../common/errors.ts';
import type { Link } from '../wire/link.ts';
import type { OpenOptions } from '../wire/open.ts';
import { startChild } from './child.ts';
import { hostCommand } from './ffi.ts';
import { type Address, connectSocket } from './socket.ts';
import { words } from './words.ts';

/** A target outside this process: how the line to it is made, and what is special about the conversation. */
export interface Starter {
  readonly start: () => Promise<Link>;
  readonly options: OpenOptions;
}

/** The ways to name one, for messages. */
export const FORMS = "exec:'COMMAND', tcp:HOST:PORT, unix:PATH, ffi:LIBRARY";

function command(rest: string): Starter {
  let list: string[];
  try {
    list = words(rest);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (list.length === 0) throw new UsageError("exec: needs a command, as in exec:'./adapter --flag'");
  return { start: async () => startChild(list), options: {} };
}

/** Bytes may get lost while nobody listens at the other end of a serial line, so `hello` is repeated. */
const socket = (address: Address): Starter => ({
  start: () => connectSocket(address),
  options: { helloEvery: 1000 },
});

function tcp(rest: string): Starter {
  const match = /^(?:(.+):)?([0-9]{1,5})$/.exec(rest);
  const port = match ? Number(match[2]) : 0;
  if (!match || port < 1 || port > 65535)
    throw new UsageError(`tcp:${rest} names no port; expected tcp:HOST:PORT, as in tcp:127.0.0.1:5555`);
  const host = (match[1] ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1');
  return socket({ host, port });
}

function library(rest: string): Starter {
  const path = resolve(rest);
  if (!existsSync(path))
    throw new UsageError(`there is no library ${path}; build it first, as in cc -shared -fPIC -o ${rest} impl.c`);
  return { start: async () => startChild(hostCommand(path)), options: {} };
}

/**
 * Reads `exec:`, `tcp:`, `unix:` and `ffi:` specifications.
 * @throws UsageError saying what was expected.
 */
export function starterFor(spec: string): Starter {
  const colon = spec.indexOf(':');
  const rest = spec.slice(colon + 1);
  switch (colon < 0 ? '' : spec.slice(0, colon)) {
    case 'exec':
      return command(rest);
    case 'tcp':
      return tcp(rest);
    case 'unix':
      if (rest === '') throw new UsageError('unix: needs a path, as in unix:/tmp/serial');
      return socket({ path: rest });
    case 'ffi':
      return library(rest);
    default:
      throw new UsageError(`${spec} names no process target; expected one of ${FORMS}`);
  }
}
