import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { printSteps } from '../../reference/notation/print.ts';
import { textHash } from '../../src/findings/corpus.ts';
import { Campaign } from '../../src/run/campaign/campaign.ts';
import { parseConfig } from '../../src/run/gate/config.ts';
import { runGate } from '../../src/run/gate/gate.ts';
import { gatePlan } from '../../src/run/gate/plan.ts';
import { withPlan } from '../../src/run/plan.ts';
import { exitCode } from '../../src/run/report/exit-code.ts';
import type { Report } from '../../src/run/report/report.ts';
import { folder, mmspec, ROOT } from '../support/cli.ts';

/** A gate with a list of expected divergences. */

const GATE = ['gate', '--no-explore', '--seed', '1', '--programs', '150'];
const MUTANT = ['--target', 'mutant:zap-misses-last-page'];

/** The folders that `record` has made, by the options of the target. */
const recorded = new Map<readonly string[], string>();

/** Lets a gate find violations in a new folder, and lists them there. */
async function record(mutant: readonly string[]): Promise<string> {
  const cwd = folder();
  const first = await mmspec([...GATE, ...mutant, '--report', 'json:r.json'], { cwd });
  expect(first.code, first.stderr).toBe(1);
  const update = await mmspec(['expect', 'update', '--from', 'r.json', '--bug', 'https://example.org/1'], { cwd });
  expect(update.code, update.stderr).toBe(0);
  return cwd;
}

/** A new folder with a list of the violations that a gate finds. */
async function listed(mutant: readonly string[] = MUTANT): Promise<string> {
  const from = recorded.get(mutant) ?? (await record(mutant));
  recorded.set(mutant, from);
  const cwd = folder();
  cpSync(from, cwd, { recursive: true });
  return cwd;
}

test('is green when all violations are listed, and an update adds none again', { tags: ['long'] }, async () => {
  const cwd = await listed();
  const again = await mmspec([...GATE, ...MUTANT, '--report', 'json:s.json', '--report', 'text'], { cwd });
  expect(again.code, again.stdout).toBe(0);
  expect(again.stdout).toMatch(/expected {4}ZAP-1 [0-9a-f]{8} shows 1 of 1 times/);
  const update = await mmspec(['expect', 'update', '--from', 's.json', '--bug', 'https://example.org/1'], { cwd });
  expect(update.stdout).toBe('mmspec.expect is up to date\n');
  expect((await mmspec(['expect', 'check'], { cwd })).code).toBe(0);
});

test('is red when a listed one no longer shows, and names the line to delete', { tags: ['long'] }, async () => {
  const cwd = await listed();
  const file = join(cwd, 'mmspec.expect');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replaceAll(/target=\S+ /g, ''));
  const ended = await mmspec([...GATE, '--target', 'embedded', '--report', 'text', '--report', 'json:s.json'], {
    cwd,
  });
  expect(ended.code, ended.stdout).toBe(1);
  const number = text.split('\n').findIndex((line) => line.startsWith('ZAP-1 ')) + 1;
  expect(ended.stdout).toContain(`delete line ${number} of mmspec.expect:\nZAP-1 `);
  const update = await mmspec(['expect', 'update', '--from', 's.json', '--bug', 'none'], { cwd });
  expect(update.code, update.stderr).toBe(0);
  expect(readFileSync(file, 'utf8')).not.toContain('ZAP-1');
  expect(readFileSync(file, 'utf8')).toContain('# CLAUSE PROGRAM');
  expect((await mmspec([...GATE, '--target', 'embedded'], { cwd })).code).toBe(0);
});

test('is red for a violation that is not listed, and no longer when it is listed, too', async () => {
  const cwd = folder();
  const file = join(cwd, 'mmspec.expect');
  const corpus = [join(ROOT, 'fixtures/recorded-0.1/counterexamples'), cwd];
  const options = { seed: 1, programs: 0, explore: false, expect: file, corpus };
  const gate = (): Promise<Report> =>
    withPlan('mutant:zap-misses-last-page', { seed: 1 }, (plan) =>
      runGate(gatePlan(plan, options, parseConfig('')), (all) => new Campaign(all).run()),
    );

  const listedOne = 'ZAP-1 f1b0af10 call=follow_pfn seen=frame bug=x : Why.\n';
  writeFileSync(file, listedOne);
  const red = await gate();
  expect(red.expected.map(({ shown }) => shown)).toEqual([{ failed: 1, of: 1 }]);
  expect(red.findings.map(({ key }) => key)).toEqual(['ZAP-1 read frame']);
  expect(exitCode(red)).toBe(1);

  const { program } = red.findings[0].trace;
  const steps = printSteps(program);
  const header = `mmspec program 1\ncpus ${program.cpus}\nframes ${program.frames}`;
  writeFileSync(join(cwd, `ZAP-1-${textHash(steps)}.mm`), `${header}\n${steps}\n`);
  writeFileSync(file, `${listedOne}ZAP-1 ${textHash(steps)} call=read seen=frame bug=x : Why.\n`);
  const excused = await gate();
  expect(excused.findings).toEqual([]);
  // It has no random programs, so not everything was tested.
  expect(exitCode(excused)).toBe(4);
});

test('is red for a violation of a clause that is not listed', { tags: ['long'] }, async () => {
  const cwd = await listed();
  const file = join(cwd, 'mmspec.expect');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/target=\S+ /g, ''));
  const ended = await mmspec([...GATE, '--target', 'mutant:zap-of-nothing-zaps'], { cwd });
  expect(ended.code, ended.stdout).toBe(1);
  expect(ended.stdout).toContain('violated ZAP-6');
});

test('is red for a fault that shows without overlap, if only an overlap is expected', {
  tags: ['long'],
}, async () => {
  const race = ['--target', 'mutant:second-flush-returns-early'];
  const cwd = await listed(race);
  const file = join(cwd, 'mmspec.expect');
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(/^ALIAS-1 [0-9a-f]{8} call=read seen=frame overlap=yes target=/m);
  const same = await mmspec([...GATE, ...race, '--report', 'text'], { cwd });
  expect(same.code, same.stdout).toBe(0);
  writeFileSync(file, text.replaceAll(/target=\S+ /g, ''));
  const other = await mmspec([...GATE, '--target', 'mutant:flush-skips-full-blocks'], { cwd });
  expect(other.code, other.stdout).toBe(1);
  expect(other.stdout).toContain('violated ALIAS-1');
  // A line without overlap=yes covers every failure of the clause, with the same call and outcome.
  writeFileSync(file, text.replaceAll(/(target=\S+|overlap=yes) /g, ''));
  const covered = await mmspec([...GATE, '--target', 'mutant:flush-skips-full-blocks'], { cwd });
  expect(covered.stdout).not.toContain('violated ALIAS-1');
});

test('names the missing program of a line', async () => {
  const cwd = folder();
  writeFileSync(join(cwd, 'mmspec.expect'), 'ZAP-1 0123abcd bug=x : Why.\n');
  const ended = await mmspec([...GATE, '--target', 'embedded'], { cwd });
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('none of these folders has ZAP-1-0123abcd.mm: mmspec.expect.d');
});
