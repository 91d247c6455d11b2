import { connect, type Socket } from 'node:net';
import type { Link } from '../wire/link.ts';

/** Where a socket target listens. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

const RETRY_MS = 100;

const shown = (address: Address): string => ('path' in address ? address.path : `${address.host}:${address.port}`);

/** One try to connect. */
const once = (address: Address): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', reject);
  });

/**
 * Connects to a target that listens on a TCP or Unix socket; tries again until `patience` milliseconds are over, since
 * it may be booting.
 * @throws Error with the last reason.
 */
export async function connectSocket(address: Address, patience = 10_000): Promise<Link> {
  const until = performance.now() + patience;
  let socket: Socket | undefined;
  while (!socket) {
    try {
      socket = await once(address);
    } catch (error) {
      if (performance.now() >= until)
        throw new Error(`cannot connect to ${shown(address)}: ${(error as Error).message}`);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
  return linkOf(socket);
}

/** A connected socket as a line to a target. */
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
