import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { connectSocket } from '../../../src/targets/process/socket.ts';
import { adapterFile, openingTargets } from '../../support/adapters.ts';
import { EVIL, GOOD } from '../../support/bad-program.ts';
import { answersOf } from '../../support/programs.ts';

const { open } = openingTargets();
const folder = mkdtempSync(join(tmpdir(), 'mmspec-socket-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Listens on a socket, and starts an adapter for each connection. */
async function serve(where: { path: string } | { port: number; host: string }, deed: string): Promise<Server> {
  const server = createServer((socket) => {
    const adapter = spawn(process.execPath, [adapterFile('bad.mjs'), '--do', deed], { stdio: 'pipe' });
    socket.pipe(adapter.stdin).on('error', () => {});
    adapter.stdout.pipe(socket).on('error', () => adapter.kill());
    socket.on('close', () => adapter.kill());
  });
  await new Promise<void>((resolve) => {
    server.listen(where, resolve);
  });
  return server;
}

test.each(['tcp', 'unix'])('%s: a broken connection is a crash, and the kit connects again', async (kind) => {
  const path = join(folder, 'serial');
  const server = await serve(kind === 'tcp' ? { port: 0, host: '127.0.0.1' } : { path }, 'exit');
  const target = await open(
    kind === 'tcp' ? `tcp:127.0.0.1:${(server.address() as AddressInfo).port}` : `unix:${path}`,
  );
  const traces = await target.run([GOOD, EVIL, GOOD]);
  // The kit may still be sending when the connection ends.
  const how = expect.stringMatching(
    /^crash "the connection (?:was closed|broke: (?:read|write) (?:ECONNRESET|EPIPE))"$/,
  );
  expect(traces.map(answersOf)[1]).toEqual(['0xffffc9000000f000', how]);
  expect(answersOf(traces[2])).toHaveLength(3);
  await target.close();
  server.close();
});

test('invalid and unreachable addresses are errors', async () => {
  await expect(open('tcp:nowhere')).rejects.toThrow(/expected tcp:HOST:PORT/);
  await expect(open('exec:')).rejects.toThrow(/needs a command/);
  await expect(open(`ffi:${folder}/no.so`)).rejects.toThrow(/there is no library/);
  await expect(connectSocket({ path: join(folder, 'nobody') }, 0)).rejects.toThrow(/cannot connect to .*nobody/);
});
