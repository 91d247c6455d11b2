import { expect, test } from 'vitest';
import { Tally } from '../../reference/clauses/tally.ts';
import { LiveLine, progressText } from '../../src/cli/live.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { Campaign } from '../../src/run/campaign/campaign.ts';
import type { Budget, Progress } from '../../src/run/campaign/options.ts';
import { withPlan } from '../../src/run/plan.ts';

const found = (id: string, failed: number): Finding =>
  ({ violation: { clause: { id } }, rate: { failed, of: 10 } }) as Finding;

const PROGRESS: Progress = {
  tally: new Tally(),
  programs: 1200,
  steps: 60_000,
  milliseconds: 10_000,
  findings: [found('ALIAS-1', 10), found('ZAP-5', 9)],
  states: { reached: 474 },
  left: { milliseconds: 200_000, estimated: true },
};

/** A stream that keeps what is written, and a clock that the test sets. */
function recorder(stream: { readonly isTTY: boolean; readonly columns?: number }) {
  const written: string[] = [];
  const clock = { now: 0 };
  const write = (text: string): boolean => written.push(text) > 0;
  const live = new LiveLine({ columns: 0, ...stream, write } as NodeJS.WriteStream, () => clock.now);
  return { written, clock, live };
}

test('the line says how fast it is, how long it takes, what it found with its rate, and what it reached', () => {
  expect(progressText(PROGRESS)).toBe(
    '1,200 programs, 6,000 steps/s; about 3 min left; found ALIAS-1, ZAP-5 (9 of 10); 0 clauses, 474 states',
  );
  const { left: _, ...endless } = { ...PROGRESS, findings: [] };
  expect(progressText(endless)).toBe('1,200 programs, 6,000 steps/s; 0 clauses, 474 states');
});

test('while it shrinks, the line says what and how far', async () => {
  const seen: string[] = [];
  await withPlan('mutant:flush-misses-last-dirty-page', { seed: 5, budget: { programs: 200 } }, (plan) =>
    new Campaign({
      ...plan,
      bail: true,
      certify: 300,
      onProgress: (progress) => seen.push(progressText(progress)),
    }).run(),
  );
  const steps = seen.flatMap((text) => /^shrinking ALIAS-1: (\d+) steps, now (\d+);/.exec(text)?.slice(1, 3) ?? []);
  expect(steps.length).toBeGreaterThan(0);
  expect(Number(steps.at(-1))).toBeLessThan(Number(steps[0]));
});

test('a terminal gets one line that is rewritten, no wider than it is; what begins to take long is shown at once', () => {
  const { written, clock, live } = recorder({ isTTY: true, columns: 40 });
  live.update(PROGRESS);
  clock.now = 50;
  live.update(PROGRESS);
  expect(written).toHaveLength(1);
  live.update({ ...PROGRESS, doing: 'shrinking ALIAS-1: 198 steps' });
  live.update({ ...PROGRESS, doing: 'shrinking ALIAS-1: 198 steps, now 190' });
  expect(written).toHaveLength(2);
  for (const text of written) {
    expect(text.startsWith('\r\u001b[2K')).toBe(true);
    expect(text.length).toBeLessThanOrEqual(39 + 5);
    expect(text).not.toContain('\n');
  }
  live.clear();
  live.clear();
  expect(written).toHaveLength(3);
});

test('a log gets a line every ten seconds, whatever the run does', () => {
  const { written, clock, live } = recorder({ isTTY: false });
  for (clock.now = 0; clock.now < 35_000; clock.now += 100) live.update({ ...PROGRESS, doing: 'shrinking ALIAS-1' });
  live.clear();
  expect(written).toHaveLength(3);
  for (const text of written) expect(text).toMatch(/^shrinking ALIAS-1; .*\n$/);
});

test('the time that is left follows from programs, steps and the time budget, whichever ends first', async () => {
  const leftAtFirst = async (budget: Budget): Promise<Progress['left']> => {
    const seen: Progress['left'][] = [];
    const abort = new AbortController();
    const onProgress = ({ left }: Progress): void => {
      seen.push(left);
      abort.abort();
    };
    const options = { onProgress, signal: abort.signal };
    await withPlan('embedded', { seed: 1, budget }, (plan) => new Campaign({ ...plan, ...options }).run());
    return seen[0];
  };
  expect(await leftAtFirst({ programs: 20 })).toEqual({ milliseconds: 0, estimated: true });
  const timed = await leftAtFirst({ programs: 1_000_000_000, milliseconds: 60_000 });
  expect(timed?.estimated).toBe(false);
  expect(timed?.milliseconds).toBeLessThanOrEqual(60_000);
  expect(await leftAtFirst({})).toBeUndefined();
});
