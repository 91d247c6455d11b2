import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { HANDSHAKE, outcomes, trace } from './refusing.mjs';

/** When a target behind a socket resets the connection. It does so again in each connection. */
export type ResetAt =
  | 'when it is connected'
  | 'in the handshake'
  | 'after the handshake'
  | 'in a program'
  | 'in a trace'
  | 'after a trace'
  | 'never';

/**
 * Listens on a TCP port, and resets each connection at one point of the conversation.
 * @returns the server, and the specification of the target behind it.
 */
export async function resettingServer(resetAt: ResetAt): Promise<{ server: Server; target: string }> {
  const server = createServer((socket) => converse(socket, resetAt));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, target: `tcp:127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function converse(socket: Socket, resetAt: ResetAt): void {
  socket.on('error', () => {});
  const sendAndReset = (text: string): void => {
    socket.write(text, () => socket.resetAndDestroy());
  };
  if (resetAt === 'when it is connected') {
    socket.resetAndDestroy();
    return;
  }
  let id = '';
  let lines: string[] = [];
  const input = createInterface({ input: socket });
  input.on('error', () => {});
  input.on('line', (line) => {
    if (line.startsWith('hello ')) {
      if (resetAt === 'in the handshake') sendAndReset('mmspec target 1\nname x\ncpus 2\nfra');
      else if (resetAt === 'after the handshake') sendAndReset(HANDSHAKE);
      else socket.write(HANDSHAKE);
    } else if (line.startsWith('program ')) {
      [, id] = line.split(' ');
      lines = [];
      if (resetAt === 'in a program') sendAndReset('');
    } else if (line === `end ${id}`) {
      if (resetAt === 'in a trace') sendAndReset(`trace ${id}\n${outcomes(lines.slice(0, lines.length / 2))}`);
      if (resetAt === 'after a trace') sendAndReset(trace(id, lines));
      if (resetAt === 'never') socket.write(trace(id, lines));
    } else lines.push(line);
  });
}
