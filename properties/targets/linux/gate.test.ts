import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ReportData } from '../../../src/run/report/data.ts';
import { folder, mmspec } from '../../support/cli.ts';
import { kernel } from '../../support/kernels.ts';

const MINUTES = 60_000;

test.skipIf(!kernel)(
  `a gate with overlapping calls gives the same verdict again on ${kernel}`,
  async () => {
    const cwd = folder();
    const run = async (file: string) => {
      const args = ['gate', '--target', `linux:${kernel}`, '--parallel', '50', '--seed', '5', '--programs', '100'];
      const { code } = await mmspec([...args, '--no-explore', '--budget', '600s', '--report', `json:${file}`], { cwd });
      const { phases, findings } = JSON.parse(readFileSync(join(cwd, file), 'utf8')) as ReportData;
      return { code, phases, found: findings.map(({ key, after }) => ({ key, after })) };
    };
    const first = await run('first.json');
    expect(first.phases?.map(({ left }) => left)).toEqual(first.phases?.map(() => 0));
    expect(await run('second.json')).toEqual(first);
  },
  20 * MINUTES,
);
