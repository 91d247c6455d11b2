import type { Program } from '../../../reference/calls/valid.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import { loadCorpus } from '../../findings/corpus.ts';
import type { Judged } from '../../findings/execution.ts';
import { fits } from '../../findings/keep.ts';
import { ALPHABETS } from '../../programs/enumerate/alphabet.ts';
import { GoalTally } from '../../programs/states/tally.ts';
import type { Agreement } from '../../targets/agreement.ts';
import type { OpenTarget } from '../../targets/open.ts';
import type { CampaignOptions, CampaignResult, Shard } from '../campaign/options.ts';
import { appliesTo, type Entry, expects } from '../expect/entry.ts';
import { replayExpected } from '../expect/replay.ts';
import { type Ground, programsUpTo } from '../explore/explore.ts';
import { makeReport, type Report, type Required } from '../report/report.ts';
import type { Requirement } from './config.ts';
import { directedPrograms } from './directed.ts';
import { type Part, Parts } from './phases.ts';

/** Everything that a gate depends on. */
export interface GatePlan {
  readonly target: OpenTarget;
  readonly agreement: Agreement;
  readonly seed: number;
  readonly seedFrom?: string;
  readonly cpus: number;
  readonly frames: number;
  /** A ceiling, in milliseconds. */
  readonly budget: number;
  /** Random programs of the whole gate, all shards together. */
  readonly random: number;
  /** Of a hundred random programs so many have a parallel block; as campaigns have where not said. */
  readonly parallel?: number | undefined;
  readonly corpus: readonly string[];
  /** The longest small programs by alphabet, in steps; 0 for none, as the alphabet says where nothing is said. */
  readonly explore: ReadonlyMap<string, number>;
  readonly requirements: readonly Requirement[];
  readonly expectations: readonly Entry[];
  readonly expectFile: string;
  /** Folders with the programs of the expected divergences. */
  readonly expectFolders: readonly string[];
  readonly shard?: Shard;
}

/** Programs that a certificate of minimality may take. */
const CERTIFY = 2000;

/** Runs a campaign; the command line puts a live line around it. */
export type RunCampaign = (options: CampaignOptions) => Promise<CampaignResult>;

/** Those of the programs that are defined on the target. */
function partOf(name: string, programs: readonly Program[], { target, agreement }: GatePlan): Part {
  const fitting = programs.filter((program) => fits(program, target, agreement));
  return { name, programs: () => fitting, count: fitting.length, unfit: programs.length - fitting.length };
}

function corpusPrograms(folders: readonly string[]): Program[] {
  const programs = folders.flatMap((folder) =>
    loadCorpus(folder).flatMap(({ document }) => document.entries.map(({ trace }) => trace.program)),
  );
  return [...new Map(programs.map((program) => [printSteps(program), program])).values()];
}

/** Small programs, all of them, alphabet by alphabet. */
function explored(plan: GatePlan): Part {
  const { target, agreement } = plan;
  const { page, calls, can } = target.manifest;
  const ground: Ground = { traits: agreement.traits, page, calls, can, cpus: plan.cpus, frames: plan.frames };
  function* programs(): Generator<Program, void> {
    for (const alphabet of ALPHABETS) {
      const steps = plan.explore.get(alphabet.name) ?? (target.direct ? alphabet.steps.direct : alphabet.steps.remote);
      yield* programsUpTo(alphabet, steps, ground);
    }
  }
  return { name: 'small', programs, unfit: 0 };
}

/** What is asked of a gate, beside what was seen of it. */
function required(plan: GatePlan, report: Report): Required[] {
  return plan.requirements.map((requirement) => {
    const { kind, id } = requirement;
    const line = report.coverage.find(({ clause }) => clause.id === id);
    const goal = report.goals.find((known) => known.goal.id === id);
    return { ...requirement, seen: (kind === 'clause' ? line?.exercised : goal?.programs) ?? 0 };
  });
}

/**
 * Runs a gate: the expected divergences again, then the corpus, the shortest known programs of all recorded bugs, all
 * small programs, and a fixed number of random ones. What is run depends on the plan alone, and on the clock only
 * where the budget strikes; the report says so then.
 */
export async function runGate(plan: GatePlan, run: RunCampaign, signal?: AbortSignal): Promise<Report> {
  const { target, agreement, seed, cpus, frames, shard } = plan;
  const started = performance.now();
  const left = (): number => plan.budget - (performance.now() - started);
  const subject = { spec: target.spec, name: target.manifest.name };
  const entries = plan.expectations.filter((entry) => appliesTo(entry, subject));
  const expected = await replayExpected(entries, {
    target,
    agreement,
    file: plan.expectFile,
    folders: plan.expectFolders,
    shard,
    over: () => signal?.aborted || left() <= 0,
  });
  const parts = new Parts([
    partOf('corpus', corpusPrograms(plan.corpus), plan),
    partOf(
      'directed',
      directedPrograms().filter(({ blocks }) => plan.parallel !== 0 || blocks.length === 0),
      plan,
    ),
    explored(plan),
  ]);
  const met = new Map<Entry, number>();
  const known = ({ trace, violation }: Judged): boolean => {
    const call = trace.program.steps[violation!.step].call.name;
    const entry = entries.find((one) => expects(one, violation!, call));
    if (entry) met.set(entry, (met.get(entry) ?? 0) + 1);
    return entry !== undefined;
  };
  const goals = new GoalTally(target.manifest.page);
  const result = await run({
    target,
    agreement,
    seed,
    cpus,
    frames,
    first: parts.programs(),
    budget: { random: plan.random, milliseconds: Math.max(0, left()) },
    onJudged: ({ trace }) => goals.see(trace),
    known,
    certify: CERTIFY,
    ...(plan.parallel === undefined ? {} : { parallel: plan.parallel }),
    ...(shard ? { shard } : {}),
    ...(signal ? { signal } : {}),
  });
  const phases = parts.phases(result.programs, plan.random, shard);
  const report = makeReport(target, agreement, { seed, cpus, frames }, result, {
    ...(plan.seedFrom === undefined ? {} : { seedFrom: plan.seedFrom }),
    ...(shard ? { shard } : {}),
    phases,
    goals: goals.counts(target.manifest.calls),
    expected: expected.map((one) => ({ ...one, met: met.get(one.entry) ?? 0 })),
    interrupted: phases.some((phase) => phase.left > 0),
  });
  return { ...report, required: required(plan, report) };
}
