import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { folder } from '../support/cli.ts';
import { until } from '../support/processes.ts';
import { longUnless } from '../support/sizes.ts';
import { BUDGET_MS } from './behaviours.ts';
import { hostile, MARGIN_MS, marked, runKit, startTime } from './kit.ts';

/** Every command that runs a target ends at its time limit and at a signal, and says what it has. */

const cwd = folder();
writeFileSync(join(cwd, 'program.mm'), 'mmspec program 1\n@0 read null\n@0 read hole\n');

/** The arguments before and after the target, and what the command says once it was stopped. */
const COMMANDS: Readonly<Record<string, { args: (target: string) => string[]; says: string }>> = {
  'check-adapter': { args: (target) => ['check-adapter', target], says: 'not run' },
  traits: { args: (target) => ['traits', '--infer', target], says: 'proposed lines' },
  replay: { args: (target) => ['replay', 'program.mm', '--target', target], says: '0 of 1 programs held' },
  explain: { args: (target) => ['explain', 'program.mm', '--target', target], says: 'stopped' },
  shrink: { args: (target) => ['shrink', 'program.mm', '--target', target], says: 'stopped' },
  explore: { args: (target) => ['explore', '--steps', '1', '--target', target], says: 'What was not tested' },
};

let startMs = 0;

beforeAll(async () => {
  startMs = await startTime();
});

/** The commands for which `npm test` looks at each end. */
const [ENDS_IN_TIME, STARTS_IN_TIME, ENDS_AT_A_SIGNAL] = ['replay', 'traits', 'check-adapter'];

describe.concurrent.each(Object.entries(COMMANDS))('%s', (name, { args, says }) => {
  const silent = (behaviour: string): string[] => args(`exec:${hostile(behaviour, 0)}`);

  const endsInTime = async (behaviour: string): Promise<void> => {
    const budget = Math.round(BUDGET_MS + startMs);
    const { mark, ended } = runKit([...silent(behaviour), '--time', `${budget}ms`], cwd);
    const { code, output, milliseconds, waited } = await ended;
    expect(output).toContain(says);
    expect(code, output).toBe(4);
    expect(milliseconds).toBeLessThan(budget + MARGIN_MS + waited + 3 * startMs);
    await until(() => marked(mark).length === 0);
  };

  test('ends at its time limit, with exit code 4, if the target falls silent', longUnless(name === ENDS_IN_TIME), () =>
    endsInTime('hang-without-cpu'),
  );

  // It uses a core until it is ended.
  test('ends at its time limit, with exit code 4, if the target sends log lines without end', { tags: ['long'] }, () =>
    endsInTime('flood-of-logs'),
  );

  test(
    'fails at its time limit if the target never sends the handshake',
    longUnless(name === STARTS_IN_TIME),
    async () => {
      const budget = Math.round(BUDGET_MS + startMs);
      const { mark, ended } = runKit([...silent('silent-at-start'), '--time', `${budget}ms`], cwd);
      const { code, output, milliseconds, waited } = await ended;
      expect(output).toMatch(/was not ready when the time budget|stopped by a signal or at the time limit/);
      expect([3, 4], output).toContain(code);
      expect(milliseconds).toBeLessThan(budget + MARGIN_MS + waited + 3 * startMs);
      await until(() => marked(mark).length === 0);
    },
  );

  test('ends within two seconds of a signal', longUnless(name === ENDS_AT_A_SIGNAL), async () => {
    const { child, mark, ended, waited } = runKit(silent('hang-without-cpu'), cwd);
    // The target and its supervisor run.
    await until(() => marked(mark).length >= 3);
    const [from, before] = [performance.now(), waited()];
    child.kill('SIGTERM');
    const { code, waited: all } = await ended;
    expect([4, 143]).toContain(code);
    expect(performance.now() - from).toBeLessThan(MARGIN_MS + all - before);
    await until(() => marked(mark).length === 0);
  });
});

test('a command that runs no target ends at once, also if it cannot look at signals', async () => {
  const pipe = join(cwd, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const { child, ended } = runKit(['judge', pipe], cwd);
  // Opening it for writing succeeds once the command waits for its content.
  const writer = await open(pipe, 'w');
  child.kill('SIGTERM');
  const { code } = await ended;
  await writer.close();
  expect(code).toBe(null);
});
