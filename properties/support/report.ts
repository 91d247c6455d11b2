import { Tally } from '../../reference/clauses/tally.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import { judged } from '../../src/findings/execution.ts';
import { type Finding, keyOf } from '../../src/findings/finding.ts';
import { coverage } from '../../src/run/report/coverage.ts';
import type { Report } from '../../src/run/report/report.ts';
import { agree } from '../../src/targets/agreement.ts';
import { CERTIFICATES, runWith } from './finding-of.ts';

/** The report of a run that found the violations in the traces. All have the header of the first one. */
export function reportOf(...texts: readonly string[]): Report {
  const documents = texts.map((text) => parse(text, VOCABULARY));
  const { header } = documents[0];
  const agreement = agree({ ...header, profile: header.profile ?? 'documented' });
  const tally = new Tally();
  const findings = documents.flatMap(({ entries }): Finding[] => {
    const [{ trace }] = entries;
    const { violation } = judged(trace, agreement.terms, tally);
    if (!violation) return [];
    const steps = trace.program.steps.length;
    return [
      {
        key: keyOf(trace, violation),
        violation,
        trace,
        originalSteps: 4 * steps,
        afterPrograms: 117,
        afterSteps: 2310,
        executions: 60,
        rate: { failed: 10, of: 10 },
        again: 3,
        file: `.mmspec/counterexamples/${violation.clause.id}-0123abcd.mm`,
      },
    ];
  });
  return {
    target: 'exec:./adapter',
    name: header.target ?? 'a target',
    profile: agreement.profile,
    declared: [...agreement.declared].map(([name, value]) => `${name}=${value}`),
    seed: 7,
    cpus: header.cpus,
    targetCpus: header.cpus,
    wantedCpus: header.cpus,
    scope: 'programs',
    frames: header.frames,
    page: header.page,
    programs: tally.programs,
    steps: tally.steps,
    unknown: tally.unknown,
    milliseconds: 1234,
    running: 1000,
    interrupted: false,
    targetFailures: 0,
    coverage: coverage(tally, agreement.traits, { calls: new Set(VOCABULARY.keys()), can: new Set(['warn', 'leaks']) }),
    calls: [],
    acrossCpus: 0,
    notes: [],
    unsupported: [],
    findings,
    selected: [],
    windows: header.windows,
    phases: [],
    goals: [],
    states: [],
    required: [],
    expected: [],
  };
}

const found = new Map<string, Promise<Report>>();

/**
 * The report of a run of 2000 programs on a mutant, with one finding. Tests of one process share it, so none may change it.
 */
export function reportOn(mutant: 'zap-misses-last-page' | 'unmap-ram-leaves-last-page'): Promise<Report> {
  const known = found.get(mutant);
  if (known) return known;
  const made = runWith({ target: `mutant:${mutant}`, budget: { programs: 2000 }, seed: 1 }, CERTIFICATES.small);
  found.set(mutant, made);
  return made;
}
