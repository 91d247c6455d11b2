import { expect, test } from 'vitest';
import { folder } from '../support/cli.ts';
import { until } from '../support/processes.ts';
import { hostile, marked, runKit } from './kit.ts';

/** Nothing that a target starts outlives the kit, however the kit ends. */

const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** The commands of targets that are hard to end. Each of them is silent once it has said hello. */
const TARGETS = {
  'behind a shell': `sh -c "${hostile('hang-with-cpu', 0)}; true"`,
  'that ignores signals': hostile('ignores-signals', 0),
  'with a grandchild in a session of its own': `sh -c "setsid sleep 7777 & ${hostile('hang-without-cpu', 0)}"`,
};

test.each(
  Object.entries(TARGETS).flatMap(([name, target]) => SIGNALS.map((signal) => [name, signal, target] as const)),
)('a target %s is gone after %s', async (_, signal, target) => {
  const { child, mark, ended, output } = runKit(['run', '--target', `exec:${target}`, '--seed', '1'], folder());
  await until(() => output().includes('running on'));
  expect(marked(mark).length).toBeGreaterThan(1);
  child.kill(signal);
  const { code } = await ended;
  expect(code).not.toBe(1);
  await until(() => marked(mark).length === 0);
});
