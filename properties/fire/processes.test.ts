import { expect, test } from 'vitest';
import { folder } from '../support/cli.ts';
import { until } from '../support/processes.ts';
import { longUnless } from '../support/sizes.ts';
import { hostile, marked, runKit } from './kit.ts';

/** Nothing that a target starts outlives the kit, however the kit ends. */

const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** The commands of targets that are hard to end. Each of them is silent once it has said hello. */
const TARGETS = {
  'behind a shell': `sh -c "${hostile('hang-with-cpu', 0)}; true"`,
  'that ignores signals': hostile('ignores-signals', 0),
  'with a grandchild in a session of its own': `sh -c "setsid sleep 7777 & ${hostile('hang-without-cpu', 0)}"`,
};

/** `npm test` tries SIGKILL, which no process can catch, with two targets, and SIGTERM, which the kit catches, with one. */
const isQuick = (name: string, signal: string): boolean =>
  (signal === 'SIGKILL' && name !== 'behind a shell') || (signal === 'SIGTERM' && name === 'that ignores signals');

async function isGoneAfter(signal: (typeof SIGNALS)[number], target: string): Promise<void> {
  const { child, mark, ended, output } = runKit(['run', '--target', `exec:${target}`, '--seed', '1'], folder());
  await until(() => output().includes('running on'));
  expect(marked(mark).length).toBeGreaterThan(1);
  child.kill(signal);
  const { code } = await ended;
  expect(code).not.toBe(1);
  await until(() => marked(mark).length === 0);
}

for (const [name, target] of Object.entries(TARGETS))
  for (const signal of SIGNALS)
    test(`a target ${name} is gone after ${signal}`, longUnless(isQuick(name, signal)), () =>
      isGoneAfter(signal, target),
    );
