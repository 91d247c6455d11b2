import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../common/errors.ts';
import type { Link } from '../wire/link.ts';
import type { OpenOptions } from '../wire/open.ts';
import { checkProgram, startChild } from './child.ts';
import { hostCommand } from './ffi.ts';
import { type Address, connectSocket } from './socket.ts';
import { splitCommand } from './words.ts';

/** How to start a target outside this process, or connect to it. */
export interface Starter {
  readonly start: (signal?: AbortSignal) => Promise<Link>;
  readonly options: OpenOptions;
}

/** The forms of a specification, for messages. */
const FORMS = "exec:'COMMAND', tcp:HOST:PORT, unix:PATH, ffi:LIBRARY, ./module.ts";

function command(rest: string): Starter {
  let list: string[];
  try {
    list = splitCommand(rest);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (list.length === 0) throw new UsageError("exec: needs a command, as in exec:'./adapter --flag'");
  const start = async () => {
    checkProgram(list[0]);
    return startChild(list);
  };
  return { start, options: {} };
}

/** A serial line loses bytes while nobody listens at its other end, so `hello` is repeated every second. */
const socket = (address: Address): Starter => ({
  start: (signal) => connectSocket(address, undefined, signal),
  options: { helloEvery: 1000 },
});

function tcp(rest: string): Starter {
  const match = /^(?:(.+):)?([0-9]{1,5})$/.exec(rest);
  const port = match ? Number(match[2]) : 0;
  if (!match || port < 1 || port > 65535)
    throw new UsageError(`invalid target tcp:${rest}; expected tcp:HOST:PORT, as in tcp:127.0.0.1:5555`);
  const host = (match[1] ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1');
  return socket({ host, port });
}

function library(rest: string): Starter {
  const path = resolve(rest);
  if (!existsSync(path))
    throw new UsageError(`there is no library ${path}; build it first: cc -shared -fPIC -o ${rest} SOURCE.c`);
  return { start: async () => startChild(hostCommand(path)), options: {} };
}

/**
 * Parses a specification that starts with `exec:`, `tcp:`, `unix:` or `ffi:`.
 * @throws UsageError with what was expected.
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
      throw new UsageError(`${spec} is not an adapter; expected one of ${FORMS}`);
  }
}
