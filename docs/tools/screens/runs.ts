import { join } from 'node:path';
import { ROOT } from '../../../properties/support/cli.ts';
import { counterexamplePath } from '../../../src/findings/keep.ts';
import { Campaign } from '../../../src/run/campaign/campaign.ts';
import { loadConfig } from '../../../src/run/gate/config.ts';
import { runGate } from '../../../src/run/gate/gate.ts';
import { gatePlan } from '../../../src/run/gate/plan.ts';
import { type Plan, type PlanOptions, withPlan } from '../../../src/run/plan.ts';
import { makeReport, type Report } from '../../../src/run/report/report.ts';

/** The runs whose reports `docs/screens.md` shows. Each is the run of a command, without its clock. */

/** One run, and the command that prints its report. */
export interface Screen {
  /** Start of the names of its files. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly command: string;
  readonly report: () => Promise<Report>;
}

/** Programs to try for a certificate, instead of a time limit. */
const CERTIFICATE_PROGRAMS = 2000;
/** How long every run took: 12 seconds, 10 without shrinking. */
const TIMES = { milliseconds: 12_000, running: 10_000 };
/** Where the commands save what they find. */
const FOLDERS = { run: '.mmspec/counterexamples', gate: '.mmspec/found' };

/** A report as if every counterexample had been saved, and with times that are always the same. */
function saved(report: Report, folder: string): Report {
  for (const finding of report.findings) finding.file = counterexamplePath(finding, folder);
  return { ...report, ...TIMES };
}

/** The report of `mmspec run`. `stopAfter`: a signal ends the run after this many programs. */
const reportOfRun = (target: string, options: PlanOptions, stopAfter = Number.POSITIVE_INFINITY): Promise<Report> =>
  withPlan(target, { jobs: 1, ...options }, async (plan) => {
    const abort = new AbortController();
    let programs = 0;
    const onJudged = (): void => {
      if (++programs >= stopAfter) abort.abort();
    };
    const campaign = new Campaign({ ...plan, certify: CERTIFICATE_PROGRAMS, signal: abort.signal, onJudged });
    return saved(makeReport(plan, await campaign.run()), FOLDERS.run);
  });

/** The report of `mmspec gate` in `examples/gate`, judged by another place of guard pages. */
function reportOfGate(): Promise<Report> {
  const file = (name: string): string => join('examples/gate', name);
  const config = { ...loadConfig(join(ROOT, file('mmspec.config'))), file: 'mmspec.config' };
  const options = { jobs: 1, seed: 5, traits: { guard: 'leading' } };
  return withPlan(config.target!, options, async (general: Plan) => {
    const asked = { seed: 5, programs: 600, explore: false, expect: join(ROOT, file('mmspec.expect')) };
    const folders = { corpus: [join(ROOT, file('mmspec.expect.d'))], budget: 600_000 };
    const made = { ...gatePlan(general, { ...asked, ...folders }, config), expectFile: 'mmspec.expect' };
    return saved(await runGate(made, (campaign) => new Campaign(campaign).run()), FOLDERS.gate);
  });
}

export const SCREENS: readonly Screen[] = [
  {
    name: 'clean',
    title: 'A clean run',
    about: 'Every clause that was exercised held. "What was not tested" says which clauses were not, and why.',
    command: 'npx mmspec run --seed 5 --programs 1600',
    report: () => reportOfRun('embedded', { seed: 5, budget: { programs: 1600 } }),
  },
  {
    name: 'failing',
    title: 'A failing run',
    about: 'The last lines are all that is needed to act.',
    command: 'npx mmspec run --target mutant:flush-misses-last-dirty-page --seed 5 --programs 800',
    report: () => reportOfRun('mutant:flush-misses-last-dirty-page', { seed: 5, budget: { programs: 800 } }),
  },
  {
    name: 'three-findings',
    title: 'A run with three findings',
    about: 'The implementation conforms, but it is judged by traits that it does not have.',
    command: 'npx mmspec run --seed 5 --programs 800 --traits tlb=before-return,guard=leading,zap_mixedmap=zapped',
    report: () =>
      reportOfRun('embedded', {
        seed: 5,
        budget: { programs: 800 },
        traits: { tlb: 'before-return', guard: 'leading', zap_mixedmap: 'zapped' },
      }),
  },
  {
    name: 'interrupted',
    title: 'An interrupted run',
    about: 'Ctrl-C ends a run with a report. It is not green: not everything that was asked for ran.',
    command: 'npx mmspec run --seed 5 --programs 100000',
    report: () => reportOfRun('embedded', { seed: 5, budget: { programs: 100_000 } }, 400),
  },
  {
    name: 'gate',
    title: 'A gate with an expected and an unexpected divergence',
    about:
      'In [examples/gate](../examples/gate/README.md), `mmspec.expect` lists ZAP-5, so it does not fail the gate. VA-3 does.',
    command: 'npx mmspec gate --traits guard=leading --no-explore --programs 600 --seed 5',
    report: reportOfGate,
  },
];
