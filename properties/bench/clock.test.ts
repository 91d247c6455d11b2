import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { processorMs, processorSecondsOfAll } from '../../bench/clock.ts';

/** Uses 100 ms of processor time. */
const WORK = 'while (process.cpuUsage().user < 100_000);';
/** In seconds. It is less than 100 ms, because Linux counts in ticks of 10 ms. */
const MIN_WORK = 0.08;

/** What the processes that this one started have used, in seconds. */
const secondsOfOthers = (): number => processorSecondsOfAll() - processorMs() / 1000;

test('the processor time of a process that has ended counts', () => {
  const before = secondsOfOthers();
  spawnSync(process.execPath, ['-e', WORK]);
  expect(secondsOfOthers() - before).toBeGreaterThan(MIN_WORK);
});

test('the processor time of a process that is running counts', async () => {
  const before = secondsOfOthers();
  const child = spawn(process.execPath, ['-e', `${WORK} console.log('done'); process.stdin.resume();`]);
  try {
    await once(child.stdout, 'data');
    expect(secondsOfOthers() - before).toBeGreaterThan(MIN_WORK);
  } finally {
    child.kill();
    await once(child, 'close');
  }
});
