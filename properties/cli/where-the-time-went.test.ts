import { expect, test } from 'vitest';
import { whereTheTimeWent } from '../../src/cli/where-the-time-went.ts';
import type { CampaignResult } from '../../src/run/campaign/options.ts';

const result = { running: 1000, steps: 20_000, times: { generating: 100, judging: 200, waiting: 650 } };
const spent = { programs: 300, steps: 10_000, microseconds: new Map(Object.entries({ parse: 20_000, run: 400_000 })) };

test('--verbose says where the time of a step went', () => {
  expect(whereTheTimeWent(result as CampaignResult, spent)).toBe(
    'time of each of 20,000 steps, in microseconds: 50.00\n' +
      '  in the kit: generating 5.00, judging 10.00, waiting 32.50, rest 2.50\n' +
      '  in the target, for 10,000 steps since it was last started: parse 2.00, run 40.00\n',
  );
});

test('a target that does not say leaves its line out, and one in this process is not measured', () => {
  expect(whereTheTimeWent(result as CampaignResult, undefined)).not.toContain('in the target');
  expect(whereTheTimeWent({ running: 1, steps: 1 } as CampaignResult, undefined)).toBe('');
});
