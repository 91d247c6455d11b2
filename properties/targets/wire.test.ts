import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openAdapter, starterFor } from '../../src/targets/process/index.ts';
import { connectSocket } from '../../src/targets/process/socket.ts';
import { TargetFailure } from '../../src/targets/target.ts';
import type { Incident } from '../../src/targets/wire/incident.ts';
import type { Link } from '../../src/targets/wire/link.ts';
import type { OpenOptions } from '../../src/targets/wire/open.ts';
import { WireTarget } from '../../src/targets/wire/target.ts';
import { adapterFile, alive, answersOf, bad, programOf, until } from '../support/wire.ts';

const good = programOf('@0 a0 = vmap f0', '@1 read a0', '@0 vunmap a0');
const evil = programOf('@0 a0 = vmap f0', '@0 write null 666', '@0 vunmap a0');

const opened: WireTarget[] = [];
const folder = mkdtempSync(join(tmpdir(), 'mmspec-wire-'));

async function open(spec: string, options: OpenOptions = {}): Promise<WireTarget> {
  const target = await openAdapter(spec, { deadline: 60_000, start: 60_000, ...options });
  opened.push(target);
  return target;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((target) => target.close()));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Runs good programs around the evil one, and the evil one alone; tells what came of it. */
async function outcomeOf(deed: string, ...more: string[]) {
  // Only where a silence is the point is it waited for; long enough for an innocent program on a busy machine.
  const target = await open(bad(deed, ...more), /hang|flood-?(?!outcomes)/.test(deed) ? { deadline: 1000 } : {});
  const around = [good, good, evil, good, good];
  const result = await target.run(around).then(
    (traces) => traces.map(answersOf),
    (error: unknown) => error,
  );
  // The run goes on, whatever it was.
  const [after] = await target.run([good]);
  expect(answersOf(after)).toEqual(['0xffffc9000000f000', 'fault', 'ok']);
  return { target, result };
}

describe('what goes wrong in a step becomes the outcome of this very step', () => {
  test.each([
    ['crash', 'crash "killed by SIGSEGV"'],
    ['exit', 'crash "exited with code 3"'],
    ['exit-quietly', 'crash "exited with code 0"'],
    ['cut-line', 'crash "exited with code 0: => 0xffffc9000"'],
    ['hang', 'timeout'],
    ['flood', 'timeout'],
    ['flood-without-lines', 'timeout'],
    ['flood-errors', 'timeout'],
  ])('%s', async (deed, outcome) => {
    const before = process.memoryUsage().rss;
    const { result, target } = await outcomeOf(deed);
    const traces = result as string[][];
    expect(traces[2]).toEqual(['0xffffc9000000f000', outcome]);
    for (const i of [0, 1, 3, 4]) expect(traces[i]).toHaveLength(3);
    expect(target.starts).toBe(3);
    expect(target.log.length).toBeLessThan(400_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 << 20);
  });
});

describe('a program that is run several times in one go', () => {
  const twice = programOf('par repeat=2', '@0 vm_unmap_aliases', '@1 vm_unmap_aliases', 'end');

  test('is answered with all of its traces', async () => {
    const target = await open(bad('again'));
    const [answer] = await target.run([twice]);
    expect(answer.earlier).toHaveLength(1);
    expect(answersOf(answer.earlier![0])).toEqual(['ok', 'ok']);
    expect(answer.earlier![0].times).toEqual([
      { called: 1, returned: 2 },
      { called: 3, returned: 4 },
    ]);
    expect(answersOf(answer)).toEqual(['ok', 'ok']);
  });

  test.each([
    ['again-too-often', /it said again after 2 runs; the program says repeat=2/],
    ['again-too-short', /it ended the trace after 0 outcomes; the program has 2 steps/],
  ])('%s', async (deed, message) => {
    const target = await open(bad(deed));
    await expect(target.run([twice])).rejects.toThrow(message);
  });
});

describe('what the grammar forbids is a failure of the target, with the program', () => {
  test.each([
    ['half-line', /step 2 => 0xffff-; expected an outcome/],
    ['invalid-utf8', /step 2 => .*; expected an outcome/],
    ['long-answer', /a line of 10485763 bytes/],
    ['flood-outcomes', /more outcomes than the program has steps/],
    ['one-too-many', /more outcomes than the program has steps/],
    ['one-too-few', /ended the trace after 2 outcomes; the program has 3 steps/],
    ['out-of-order', /ended the trace after 1 outcomes/],
    ['other-trace', /it said end [0-9]+; expected => OUTCOME or end [0-9]+/],
    ['error', /did not understand the program \(line 1: @0 a0 = vmap f0\): error 1 I do not like this line/],
  ])('%s', async (deed, message) => {
    const { result } = await outcomeOf(deed);
    expect(result).toBeInstanceOf(TargetFailure);
    expect((result as TargetFailure).message).toMatch(message);
    expect((result as TargetFailure).programs).toEqual([evil]);
  });
});

describe('what is no protocol is log', () => {
  test.each(['long-line', 'invalid-utf8-log', 'leak', 'nothing'])('%s', async (deed) => {
    const { result, target } = await outcomeOf(deed);
    expect((result as string[][])[2]).toEqual(['0xffffc9000000f000', 'fault', 'ok']);
    expect(target.starts).toBe(1);
    if (deed === 'invalid-utf8-log') expect(target.log).toContain('boot \ufffd\ufffd\ufffd( done');
    if (deed === 'long-line') expect(target.log).toContain('(a line of 10485760 bytes)');
  });

  test('lines may end with a carriage return, a warning is an answer, an oops ends the trace', async () => {
    const answers = async (deed: string) => ((await outcomeOf(deed)).result as string[][])[2];
    expect(await answers('carriage-returns')).toEqual(['0xffffc9000000f000', 'ok', 'ok']);
    expect((await answers('warn'))[1]).toBe('warn "a \\"WARNING\\" at mm/vmalloc.c"');
    expect(await answers('oops')).toEqual(['0xffffc9000000f000', 'crash "BUG: unable to handle page fault"']);
  });
});

test('a name may be UTF-8', async () => {
  expect((await open(bad('utf8-name'))).manifest.name).toBe('café');
});

test('a crash that does not happen again is a failure, not a verdict', async () => {
  const { result } = await outcomeOf('crash', '--once', join(folder, 'crashed'));
  expect(result).toBeInstanceOf(TargetFailure);
  expect((result as Error).message).toMatch(
    /killed by SIGSEGV.* while 3 programs were in flight, but not when each ran again alone/,
  );
});

test('what crashes again and again costs one start each time, and the step is known all the same', async () => {
  const target = await open(bad('crash'));
  const traces = await target.run([evil, evil, good, evil]);
  expect(traces.map((trace) => answersOf(trace).at(-1))).toEqual([
    'crash "killed by SIGSEGV"',
    'crash "killed by SIGSEGV"',
    'ok',
    'crash "killed by SIGSEGV"',
  ]);
  expect(target.starts).toBe(4);
});

describe('what the line to a target knows of it', () => {
  const linkTo = async (deed: string, more: string[], knows: Partial<Link>, options: OpenOptions) => {
    const { start } = starterFor(bad(deed, ...more));
    const target = await WireTarget.open(async () => ({ ...(await start()), ...knows }), options);
    opened.push(target);
    return target;
  };

  test('it went by itself since a step did not come back: that is a hang', async () => {
    const target = await linkTo('exit', [], { hung: () => true }, {});
    const traces = await target.run([good, evil, good]);
    expect(traces.map((trace) => answersOf(trace).at(-1))).toEqual(['ok', 'timeout', 'ok']);
  });

  test('an end that came from outside does not end the run', async () => {
    const incidents: string[] = [];
    const causedOutside = ({ message }: Incident) => incidents.push(message) > 0;
    const target = await linkTo('crash', ['--once', join(folder, 'outside')], {}, { causedOutside });
    const traces = await target.run([good, evil, good]);
    expect(traces.map((trace) => trace.outcomes.length)).toEqual([3, 3, 3]);
    expect(incidents).toEqual(['killed by SIGSEGV']);
  });
});

test('a target that does not start is told with its reason', async () => {
  const start = (deed: string, patience = 60_000) => openAdapter(bad(deed), { start: patience });
  await expect(start('die-at-start')).rejects.toThrow(/ended before it said ready \(exited with code 5\)/);
  await expect(start('silent-start', 300)).rejects.toThrow(/did not say ready within 0.3 s/);
  await expect(start('wrong-version')).rejects.toThrow(/"mmspec target 9".*expected mmspec target 1/);
  await expect(start('wrong-cpus')).rejects.toThrow(/"cpus many".*expected a number of CPUs/);
  await expect(start('no-calls')).rejects.toThrow(/without .*: calls vmap vunmap read/);
  await expect(openAdapter('exec:/no/such/file')).rejects.toThrow(TargetFailure);
});

test('a program beyond the limits that were announced is refused before it is sent', async () => {
  const target = await open(bad('nothing'));
  const wide = programOf(`@0 a0 = vmap ${'f0 f2 '.repeat(1000)}`);
  await expect(target.run([wide])).rejects.toThrow(/bytes in one line; the target takes at most 4096/);
  await expect(target.run([{ ...good, cpus: 5 }])).rejects.toThrow(/has 5 CPUs; the target takes at most 4/);
});

test('run may be called again before it has returned', async () => {
  const target = await open(bad('crash'));
  const runs = await Promise.all([target.run([good, good]), target.run([good, evil]), target.run([evil, good])]);
  expect(runs.map((traces) => traces.map((trace) => trace.outcomes.length))).toEqual([
    [3, 3],
    [3, 2],
    [2, 3],
  ]);
});

test('nothing that a target started outlives it', async () => {
  const target = await open(bad('orphan'), { deadline: 20_000 });
  const running = target.run([evil]).catch((error: unknown) => error);
  await until(() => target.log.includes('grandchild'));
  const pid = Number(/grandchild ([0-9]+)/.exec(target.log)?.[1]);
  expect(alive(pid)).toBe(true);
  await target.close();
  expect(await running).toBeInstanceOf(TargetFailure);
  await until(() => !alive(pid));
});

test('a target does not outlive the kit, even if that is killed', async () => {
  const kit = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), adapterFile('../../properties/support/hold.ts'), bad('hang')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [said] = (await once(kit.stdout, 'data')) as [Buffer];
  const pid = Number(said.toString());
  expect(alive(pid)).toBe(true);
  kit.kill('SIGKILL');
  await until(() => !alive(pid));
});

describe('sockets', () => {
  /** Listens, and gives each connection an adapter of its own. */
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

  test.each(['tcp', 'unix'])('%s: a connection that breaks is a crash, and is made again', async (kind) => {
    const path = join(folder, 'serial');
    const server = await serve(kind === 'tcp' ? { port: 0, host: '127.0.0.1' } : { path }, 'exit');
    const target = await open(
      kind === 'tcp' ? `tcp:127.0.0.1:${(server.address() as AddressInfo).port}` : `unix:${path}`,
    );
    const traces = await target.run([good, evil, good]);
    expect(traces.map(answersOf)[1]).toEqual(['0xffffc9000000f000', 'crash "the connection was closed"']);
    expect(answersOf(traces[2])).toHaveLength(3);
    await target.close();
    server.close();
  });

  test('what cannot be reached is told', async () => {
    await expect(open('tcp:nowhere')).rejects.toThrow(/expected tcp:HOST:PORT/);
    await expect(open('exec:')).rejects.toThrow(/needs a command/);
    await expect(open(`ffi:${folder}/no.so`)).rejects.toThrow(/there is no library/);
    await expect(connectSocket({ path: join(folder, 'nobody') }, 0)).rejects.toThrow(/cannot connect to .*nobody/);
  });
});
