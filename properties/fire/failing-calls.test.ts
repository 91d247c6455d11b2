import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import { folder } from '../support/cli.ts';
import { testInTwoSizes } from '../support/sizes.ts';
import { hostile, runKit } from './kit.ts';
import { resettingServer } from './sockets.ts';

/**
 * Each call of the kit that writes a file, starts a process or connects fails once, one after the other. No violation is
 * lost, and the exit code says what is known.
 */

const PRELOAD = fileURLToPath(new URL('failing-calls.mjs', import.meta.url));
const REPORTS = ['--report', 'json:out/r.json', '--report', 'junit:out/r.xml', '--report', 'github:out/r.gh'];

interface Scenario {
  readonly args: readonly string[];
  /** The exit codes that are right where the call failed, by the name of the call. */
  readonly exit: (call: string) => readonly number[];
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a violation in this process': {
    args: ['run', '--target', 'mutant:zap-returns-zero', '--programs', '200', '--bail', '--seed', '1', ...REPORTS],
    exit: () => [1],
  },
  'a crash in another process': {
    args: ['run', '--target', `exec:${hostile('crash-in-every-step', 0)}`, '--bail', '--seed', '1', ...REPORTS],
    // If the target cannot be started, nothing is known. The supervisor is `sh`.
    exit: (call) => (/spawn (?!sh)/.test(call) ? [1, 3] : [1]),
  },
};

/** Runs the scenario with one call failing, 0 for none. */
async function runWith(args: readonly string[], failing: number) {
  const cwd = folder();
  const log = join(cwd, 'calls.log');
  const variables = {
    FAILING_CALL: String(failing),
    FAILING_CALLS_LOG: log,
    GITHUB_STEP_SUMMARY: join(cwd, 'summary.md'),
  };
  const { ended } = runKit(args, cwd, variables, ['--import', PRELOAD]);
  const { code, output } = await ended;
  return { cwd, code, output, calls: readFileSync(log, 'utf8').trimEnd().split('\n') };
}

/** A file is there as a whole, or not at all, and then the output says so. */
function checkFile(path: string, output: string, read: (text: string) => unknown): void {
  if (existsSync(path)) read(readFileSync(path, 'utf8'));
  else expect(output).toMatch(/cannot write|could not be saved/);
}

describe.each(Object.entries(SCENARIOS))('%s', (_, { args, exit }) => {
  // With a size of 32, one in 32 calls is made to fail.
  testInTwoSizes('is reported whichever call fails', { small: 32, full: 1 }, async (size) => {
    const whole = await runWith(args, 0);
    expect(whole.code, whole.output).toBe(1);
    expect(whole.calls.length).toBeGreaterThan(5);
    for (const [i, call] of whole.calls.entries()) {
      if (i % size > 0) continue;
      const { cwd, code, output } = await runWith(args, i + 1);
      expect(exit(call), `${call}\n${output}`).toContain(code);
      expect(output, call).not.toContain('    at ');
      if (code === 3) {
        expect(output, call).toContain('made to fail, spawn');
        continue;
      }
      expect(output, call).toMatch(/violated [A-Z]+-\d+/);
      expect(output, call).toMatch(/# breaks [A-Z]+-\d+/);
      checkFile(join(cwd, 'out/r.json'), output, JSON.parse);
      checkFile(join(cwd, 'out/r.xml'), output, (text) => expect(text).toMatch(/<\/testsuites>\s*$/));
      const saved = /replay .*?(\.mmspec\/counterexamples\/\S+\.mm)/.exec(output)?.[1];
      if (saved === undefined) expect(output).toMatch(/could not be saved[\s\S]*^file {6}not saved$/m);
      else checkFile(join(cwd, saved), output, (text) => expect(parse(text, VOCABULARY).entries).toHaveLength(1));
    }
  });
});

test('a connection that fails once is tried again', async () => {
  const { server, target } = await resettingServer('never');
  const args = ['run', '--target', target, '--programs', '20', '--seed', '1'];
  const whole = await runWith(args, 0);
  const connect = whole.calls.findIndex((call) => call.includes(' connect '));
  const { code, output } = await runWith(args, connect + 1);
  server.close();
  expect(connect).toBeGreaterThanOrEqual(0);
  expect([whole.code, code], output).toEqual([4, 4]);
  expect(output).toContain('20 programs');
});
