import { stripVTControlCharacters } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { changeText as coloured } from '../../src/output/report/text/change.ts';
import type { Report } from '../../src/run/report/report.ts';
import { reportOn } from '../support/report.ts';

const changeText = (...reports: Parameters<typeof coloured>): string => stripVTControlCharacters(coloured(...reports));

let old: Report;
let added: Report;
let clean: Report;

beforeAll(async () => {
  const named = (report: Report): Report => ({ ...report, target: 'linux:own', name: 'linux 6.12' });
  old = named(await reportOn('zap-misses-last-page'));
  added = named(await reportOn('unmap-ram-leaves-last-page'));
  clean = { ...old, findings: [] };
  expect([old.findings.length, added.findings.length]).toEqual([1, 1]);
});

/** The lines that name violations. */
const changes = (report: Report, before?: Report): string[] =>
  changeText(report, before)
    .split('\n')
    .filter((line) => /^(new|still|gone) /.test(line))
    .map((line) => line.replace(/\s+/g, ' ').trim());

test('the first build shows all of its violations', () => {
  expect(changes(old)).toEqual([`new ${old.findings[0].key}`]);
  expect(changeText(old, undefined)).toMatch(/^1 new violation: linux 6\.12; 2,000 programs/);
});

test('a build shows what is new, and what is gone', () => {
  expect(changes(added, old)).toEqual([`new ${added.findings[0].key}`, `gone ${old.findings[0].key}`]);
  expect(changes(clean, old)).toEqual([`gone ${old.findings[0].key}`]);
  expect(changeText(clean, old)).toMatch(/^all clauses held: /);
});

test('a violation that stays is not new', () => {
  expect(changes(old, old)).toEqual([`still ${old.findings[0].key}`]);
  expect(changeText(old, old)).toMatch(/^no new violation: /);
});

test('the build is named, and that not everything ran', () => {
  const machine = { release: '6.12.7', version: 'build 01', cpus: 2, emulator: 'QEMU', accelerator: 'tcg' };
  expect(changeText({ ...clean, machine, interrupted: true }, undefined)).toMatch(
    /^no violation, but not all was tested: 6\.12\.7 \(build 01\); .*; not everything ran$/m,
  );
});
