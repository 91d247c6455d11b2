import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MUTANTS, type Mutant } from '../../fixtures/simulator/mutants/index.ts';
import { Tally } from '../../reference/clauses/tally.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { judged } from '../../src/findings/execution.ts';
import { keyOf } from '../../src/findings/finding.ts';
import { EXPORTS } from '../../src/output/export/index.ts';
import { run } from '../../src/run/run.ts';
import { EmbeddedTarget } from '../../src/targets/embedded/index.ts';
import { folder, mmspec } from '../support/cli.ts';
import { exhibitOf } from '../support/exhibits.ts';
import { longUnless } from '../support/sizes.ts';

describe('a saved counterexample', () => {
  const fails = (mutant: Mutant): void => {
    const exhibit = exhibitOf(mutant);
    const key = keyOf(exhibit.trace, exhibit.violation!);
    const { program } = parse(EXPORTS.get('trace')!.write(exhibit), VOCABULARY).entries[0].trace;
    const target = new EmbeddedTarget(mutant.make());
    for (let time = 0; time < 100; time++) {
      const { trace, violation } = judged(target.executeTrace(program), exhibit.agreement.terms, new Tally());
      expect(violation && keyOf(trace, violation)).toBe(key);
    }
  };

  // There are many, so `npm test` takes one in five.
  for (const [i, mutant] of MUTANTS.entries())
    test(`of ${mutant.name} fails 100 times of 100`, longUnless(i % 5 === 0), () => fails(mutant));
});

describe('several violations in one run', () => {
  test('of one fault are one finding, which is shrunk, with the other violations as symptoms', {
    tags: ['long'],
  }, async () => {
    const report = await run({ target: 'mutant:zap-misses-last-page', seed: 1, budget: { programs: 4000 } });
    const [finding, ...others] = report.findings;
    expect(others).toEqual([]);
    const seen = [finding, ...(finding.symptoms ?? [])];
    expect(seen.length).toBeGreaterThan(1);
    expect(new Set(seen.map(({ key }) => key)).size).toBe(seen.length);
    for (const { key, violation, trace } of seen) expect(keyOf(trace, violation)).toBe(key);
    const { violation, trace, certificate } = finding;
    expect(violation.step).toBe(trace.program.steps.length - 1);
    expect(certificate?.certified, printSteps(trace.program)).toBe(true);
  });

  test('of one fault are saved in one file', { tags: ['long'] }, async () => {
    const corpus = join(folder(), 'corpus');
    const args = ['run', '--target', 'mutant:zap-misses-last-page', '--programs', '4000', '--seed', '2'];
    expect((await mmspec([...args, '--corpus', corpus])).code).toBe(1);
    const names = readdirSync(corpus);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      expect(name).toMatch(/^[A-Z0-9]+-[0-9]+-[0-9a-f]{8}\.mm$/);
      expect(readFileSync(join(corpus, name), 'utf8')).toContain(`# ${name.replace(/-[0-9a-f]{8}\.mm$/, '')}: `);
    }
    const bailed = await mmspec([...args, '--bail', '--corpus', join(corpus, 'one')]);
    expect(bailed.code).toBe(1);
    expect(readdirSync(join(corpus, 'one')).length).toBe(1);
  });
});
