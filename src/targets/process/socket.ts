import { connect, type Socket } from 'node:net';
import type { Link } from '../wire/link.ts';

/** Where a socket target listens. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/** Pause between two attempts to connect, in milliseconds. */
const RETRY_MS = 100;

const describe = (address: Address): string => ('path' in address ? address.path : `${address.host}:${address.port}`);

/** Makes one attempt to connect. */
const connectOnce = (address: Address): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', reject);
  });

/**
 * Connects to a target that listens on a TCP or Unix socket. Tries again for up to `timeout` milliseconds, as the target
 * may still be booting. A signal ends the attempts.
 * @throws Error with the reason why the last attempt failed.
 */
export async function connectSocket(address: Address, timeout = 10_000, signal?: AbortSignal): Promise<Link> {
  const deadline = performance.now() + timeout;
  let socket: Socket | undefined;
  while (!socket) {
    try {
      socket = await connectOnce(address);
    } catch (error) {
      if (performance.now() >= deadline || signal?.aborted)
        throw new Error(`cannot connect to ${describe(address)}: ${(error as Error).message}`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
  return linkOf(socket);
}

/** Wraps a connected socket. */
function linkOf(socket: Socket): Link {
  socket.setNoDelay(true);
  const ended = new Promise<string>((resolve) => {
    let how = 'the connection was closed';
    socket.on('error', (error) => {
      how = `the connection broke: ${error.message}`;
    });
    socket.on('close', () => resolve(how));
  });
  return {
    from: socket,
    to: socket,
    ended,
    log: () => '',
    async kill() {
      socket.destroy();
      await ended;
    },
  };
}
