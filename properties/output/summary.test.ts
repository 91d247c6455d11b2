import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { reportText as colouredText } from '../../src/output/report/text/index.ts';
import type { Report } from '../../src/run/report/report.ts';
import { run } from '../../src/run/run.ts';

/** The text without colours, which CI systems get too. */
const reportText: typeof colouredText = (report, form) => stripVTControlCharacters(colouredText(report, form));

/** A run that finds one violation, and one that finds none. */
const failing: Report = await run({
  target: 'mutant:flush-misses-last-dirty-page',
  seed: 5,
  budget: { programs: 100 },
});
const clean: Report = await run({ target: 'embedded', seed: 5, budget: { programs: 100 } });
const [saved] = failing.findings.map((finding) => ({ ...finding, file: 'found/ALIAS-1-0.mm' }));

/** The last lines of a text. */
const end = (text: string, lines = 15): string => text.trimEnd().split('\n').slice(-lines).join('\n');

describe('the last 15 lines of a failing run', () => {
  const text = end(reportText({ ...failing, findings: [saved] }, { width: 80 }));

  test('name the clause, the step to blame, and the file', () => {
    expect(text).toMatch(/^violated ALIAS-1: After vm_unmap_aliases has returned, .*\.\.\.$/m);
    expect(text).toMatch(/^culprit {3}step 4 of 5, @0 vm_unmap_aliases$/m);
    expect(text).toMatch(/^file {6}found\/ALIAS-1-0\.mm$/m);
  });

  test('blame no step if there was no time to look for the culprit', () => {
    const { culprit: _none, ...finding } = saved;
    const interrupted = { ...failing, findings: [finding] };
    const said = end(reportText(interrupted, { width: 80 }));
    expect(said).toMatch(/^shown by {2}step 5 of 5, @0 read /m);
    expect(said).not.toContain('culprit');
  });

  test('have the commands to go on, whole', () => {
    const target = '--target mutant:flush-misses-last-dirty-page';
    expect(text).toContain(`replay    npx mmspec replay found/ALIAS-1-0.mm ${target}\n`);
    expect(text).toContain(`explain   npx mmspec explain found/ALIAS-1-0.mm ${target}\n`);
    expect(text.endsWith('export    npx mmspec export found/ALIAS-1-0.mm --as c -o ALIAS-1-0.c')).toBe(true);
  });

  test('suffice for three violations, and say how many more there are', () => {
    const many = (number: number): string =>
      end(reportText({ ...failing, findings: Array<typeof saved>(number).fill(saved) }));
    expect(many(3).match(/^violated /gm)).toHaveLength(3);
    expect(many(7)).toContain('4 more above');
  });
});

test('the summary has the options without which the program would not fail', async () => {
  const strict = await run({ target: 'embedded', traits: { tlb: 'before-return' }, seed: 1, bail: true });
  expect(end(reportText(strict))).toContain('replay FILE --target embedded --traits tlb=before-return');
  const kernel = {
    ...failing,
    opened: undefined,
    target: 'linux:trixie',
    name: 'linux 6.12.1 x86_64 fault=skip-flush',
  };
  expect(end(reportText(kernel as unknown as Report))).toContain(
    'replay FILE --target linux:trixie --fault skip-flush',
  );
  expect(end(reportText(kernel as unknown as Report))).toContain('export FILE --as kmod');
});

test('clauses that held are one line for each part of the contract; --verbose has the table', () => {
  const text = reportText(clean);
  expect(text).toMatch(/^ {2}Every call +\d+ of +\d+; least often: \S+, [\d,]+ times?$/m);
  expect(text).not.toMatch(/^ALIAS-1 /m);
  expect(text.split('\n').length).toBeLessThan(30);
  const verbose = reportText(clean, { detail: 'verbose' });
  expect(verbose).toMatch(/^ALIAS-1 +\d+ {2}/m);
  expect(verbose).toContain('rarest states: ');
  expect(verbose).toContain('declared zero_map_ram=null');
});

test('--quiet leaves the summary alone', () => {
  expect(reportText(clean, { detail: 'quiet' })).toMatch(/^\d+ clauses held, 0 violated, \d+ not tested\n/);
  const lines = reportText({ ...failing, findings: [saved] }, { detail: 'quiet' }).split('\n');
  expect(lines.length).toBeLessThan(12);
});

test.each([72, 80, 120])('no line but a command is wider than %i characters', (width) => {
  for (const report of [clean, { ...failing, findings: [saved] }]) {
    for (const detail of ['usual', 'verbose'] as const) {
      const long = reportText(report, { width, detail })
        .split('\n')
        .filter((line) => line.length > width && !/ npx mmspec |^[@>]|^ {2}@| of the target's /.test(line));
      expect(long).toEqual([]);
    }
  }
});

describe('what a reader can do', () => {
  const advised = (about: Partial<typeof saved>): string =>
    reportText({ ...failing, findings: [{ ...saved, ...about }] }, { width: 120 });

  test('about a failure that does not show every time', () => {
    expect(advised({ rate: { failed: 9, of: 10 } })).toMatch(
      /fails 9 of 10 times[\s\S]*next +replay runs it until it fails/,
    );
    expect(advised({ rate: { failed: 0, of: 10 } })).toMatch(/next +it does not count/);
    expect(advised({ rate: { failed: 0, of: 0 } })).toMatch(/next +it was not run again/);
    expect(advised({})).not.toMatch(/^ {2}next /m);
  });

  test('about a program that is not certified', () => {
    const certificate = { certified: false, steps: 2, tried: 5, text: 'not certified: the budget ended' };
    expect(end(advised({ certificate }))).toMatch(/^shrink {4}npx mmspec shrink found\/ALIAS-1-0\.mm/m);
    expect(advised({ certificate })).toMatch(/next +shrink tries more programs/);
    // Every shorter program was tried; what is missing cannot be had.
    expect(advised({ certificate: { ...certificate, steps: 5 } })).not.toContain('mmspec shrink');
  });
});

test('steps that are alike are folded, with their number; the offending step never is', () => {
  const text = (length: number): string => {
    const [map] = saved.trace.program.steps;
    const steps = Array<typeof map>(length).fill({ ...map, binds: -1 });
    const trace = { program: { ...saved.trace.program, steps }, outcomes: steps.map(() => saved.trace.outcomes[0]) };
    const finding = { ...saved, trace, violation: { ...saved.violation, step: length - 1 }, culprit: undefined };
    return reportText({ ...failing, findings: [finding as unknown as typeof saved] }, { width: 120 });
  };
  expect(text(17)).toMatch(
    /^ {2}@0 vm_map_ram f0 +=> 0xffffc90000000000 +x16\n> @0 vm_map_ram f0 +=> \S+ +# breaks ALIAS-1$/m,
  );
  expect(text(2)).not.toContain(' x');
});
