import type { Program } from '../../../reference/calls/valid.ts';
import { clauseById } from '../../../reference/contract.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import { stopSignal } from '../../common/stopped.ts';
import { corpusPrograms, textHash } from '../../findings/corpus.ts';
import type { Judged } from '../../findings/execution.ts';
import { sortPrograms } from '../../findings/fits.ts';
import { ALPHABETS } from '../../programs/enumerate/alphabets.ts';
import { limited } from '../../targets/limited.ts';
import type { CampaignOptions, CampaignResult } from '../campaign/options.ts';
import { directedPrograms } from '../directed.ts';
import { appliesTo, type Entry, expects } from '../expect/entry.ts';
import { type Replayed, replayExpected } from '../expect/replay.ts';
import { programsUpTo } from '../explore/explore.ts';
import { groundOf, usualSteps } from '../explore/parts.ts';
import { type Part, Parts } from '../phases.ts';
import { makeReport, type Report, type Required } from '../report/report.ts';
import type { GatePlan } from './plan.ts';

/** Programs to try for a certificate of minimality. */
const CERTIFICATE_PROGRAMS = 2000;

/** Runs a campaign; the command line adds a live line to it. */
type RunCampaign = (options: CampaignOptions) => Promise<CampaignResult>;

/**
 * Runs a gate: the expected divergences, the corpus, the shortest known programs of all recorded bugs, all small
 * programs, and a fixed number of random ones. What runs depends on the plan alone, unless the time budget ends first;
 * then the report says so.
 */
export async function runGate(plan: GatePlan, run: RunCampaign, signal?: AbortSignal): Promise<Report> {
  const { target, agreement, seed, cpus, frames, shard } = plan;
  const started = plan.startedAt ?? performance.now();
  const remaining = (): number => plan.budget - (performance.now() - started);
  const subject = { spec: target.spec, name: target.manifest.name };
  const entries = plan.expectations.filter((entry) => appliesTo(entry, subject));
  const replayed = await replayExpected(entries, {
    target: limited(target, stopSignal(remaining(), signal)),
    agreement,
    file: plan.expectFile,
    folders: plan.expectFolders,
    shard,
    over: () => signal?.aborted || remaining() <= 0,
  });
  // Read before the run, which may save counterexamples in one of these folders.
  const saved = savedPrograms(plan.corpus);
  const parts = new Parts(partsOf(plan, saved));
  const known = new KnownDivergences(replayed);
  const result = await run({
    target,
    agreement,
    seed,
    cpus,
    frames,
    first: parts.programs(),
    budget: { random: plan.random, milliseconds: Math.max(0, remaining()) },
    goals: true,
    jobs: plan.jobs,
    known: (judged, shrunk) => known.meets(judged, shrunk),
    certify: CERTIFICATE_PROGRAMS,
    // The same commit should give the same run.
    chance: false,
    ...(plan.parallel === undefined ? {} : { parallel: plan.parallel }),
    ...(shard ? { shard } : {}),
    ...(signal ? { signal } : {}),
  });
  const phases = parts.phases(result.programs, plan.random, shard);
  const report = makeReport(plan, result, {
    ...(plan.seedFrom === undefined ? {} : { seedFrom: plan.seedFrom }),
    ...(shard ? { shard } : {}),
    phases,
    goals: result.goals,
    expected: replayed.map(({ expected }) => ({ ...expected, met: known.timesMet(expected.entry) })),
    notes: plan.notes,
    asked: asked(plan, saved),
    ...(plan.configFile === undefined ? {} : { config: plan.configFile }),
    interrupted: phases.some((phase) => phase.left > 0),
  });
  return { ...report, required: required(plan, report) };
}

/** The parts of a gate before its random programs. */
const partsOf = (plan: GatePlan, saved: readonly Program[]): Part[] => [
  fittingPart('corpus', saved, plan),
  fittingPart(
    'directed',
    directedPrograms(plan.target.manifest.cpus).filter(({ blocks }) => plan.parallel !== 0 || blocks.length === 0),
    plan,
  ),
  smallPart(plan),
];

/** Those of the programs that the target can run. */
function fittingPart(name: string, programs: readonly Program[], { target, agreement }: GatePlan): Part {
  const { fitting, unfit, reasons } = sortPrograms(programs, target, agreement);
  return { name, programs: () => fitting, count: fitting.length, unfit, reasons };
}

/** The saved programs of all folders, each once. */
function savedPrograms(folders: readonly string[]): Program[] {
  const programs = folders.flatMap(corpusPrograms);
  return [...new Map(programs.map((program) => [printSteps(program), program])).values()];
}

/** All small programs, alphabet by alphabet. */
function smallPart(plan: GatePlan): Part {
  function* programs(): Generator<Program, void> {
    for (const alphabet of ALPHABETS) {
      const steps = plan.explore.get(alphabet.name) ?? usualSteps(alphabet, plan);
      yield* programsUpTo(alphabet, steps, groundOf(plan));
    }
  }
  return { name: 'small', programs, unfit: 0 };
}

/** Recognises the expected divergences among violations, and counts them. */
class KnownDivergences {
  readonly #replayed: readonly Replayed[];
  readonly #met = new Map<Entry, number>();

  constructor(replayed: readonly Replayed[]) {
    this.#replayed = replayed;
  }

  /** `shrunk`: the program keeps a parallel block only if the violation needs it. */
  meets({ trace: { program }, violation }: Judged, shrunk: boolean): boolean {
    const call = program.steps[violation!.step].call.name;
    const overlaps = shrunk && program.blocks.length > 0;
    const excuse = this.#replayed.find(({ excused }) =>
      excused.some((one) => expects(one, violation!, call, overlaps)),
    );
    if (!excuse) return false;
    const { entry } = excuse.expected;
    this.#met.set(entry, this.timesMet(entry) + 1);
    return true;
  }

  timesMet(entry: Entry): number {
    return this.#met.get(entry) ?? 0;
  }
}

/** The requirements of a gate, each with what the report saw of it. */
function required(plan: GatePlan, report: Report): Required[] {
  return plan.requirements.map((requirement) => {
    const { kind, id } = requirement;
    const line = report.coverage.find(({ clause }) => clause.id === id);
    const goal = report.goals.find((known) => known.goal.id === id);
    const state = report.states.find((known) => known.state.id === id);
    const seenAs = { clause: line?.exercised, goal: goal?.programs, state: state?.programs };
    const seen = seenAs[kind] ?? 0;
    // A target is not asked for a clause that its traits exclude, and the report says so.
    const excluded = kind === 'clause' && !line ? excludedBy(plan, id) : undefined;
    return { ...requirement, seen, ...(excluded === undefined ? {} : { excluded }) };
  });
}

/** Why a clause does not apply to the target. */
function excludedBy({ agreement: { traits } }: GatePlan, id: string): string {
  const { where } = clauseById(id)!;
  const needed = Object.entries(where).map(([trait, choices]) => `${trait}=${choices}`);
  const given = Object.keys(where).map((trait) => `${trait}=${traits[trait as keyof typeof traits]}`);
  return `not asked for: it needs ${needed.join(' ')}, the target has ${given.join(' ')}`;
}

/** What all shards of a gate must have been asked for. */
const asked = ({ random, parallel, explore }: GatePlan, saved: readonly Program[]): Record<string, string> => ({
  'number of random programs': String(random),
  'percentage of parallel programs': String(parallel ?? 'usual'),
  'length of small programs': [...explore].map(([name, steps]) => `${name} ${steps}`).join(', ') || 'usual',
  'text of the saved programs': textHash(saved.map(printSteps).join('')),
});
