import type { Clause } from '../../../reference/clauses/clause.ts';
import type { Window } from '../../../reference/notation/header.ts';
import { profileNamed } from '../../../reference/profiles/profiles.ts';
import { type Traits, withTraits } from '../../../reference/profiles/traits.ts';
import { withCode } from '../../findings/code.ts';
import { confirmed, type Finding } from '../../findings/finding.ts';
import type { StateCount } from '../../programs/states/count.ts';
import type { GoalCount } from '../../programs/states/tally.ts';
import type { MachineFacts } from '../../targets/machine-facts.ts';
import { openingWords, targetWords } from '../../targets/opening-words.ts';
import type { Manifest } from '../../targets/target.ts';
import type { CampaignResult, Shard } from '../campaign/options.ts';
import type { Entry } from '../expect/entry.ts';
import type { Requirement } from '../gate/config.ts';
import type { Plan } from '../plan.ts';
import { type CallCoverage, callCoverage } from './calls.ts';
import { type Coverage, coverage } from './coverage.ts';
import { type FunctionCoverage, functionCoverage } from './functions.ts';

/** One part of a run, and how far it got. */
export interface Phase {
  readonly name: string;
  /** Programs of this shard that ran, and that did not. */
  readonly done: number;
  readonly left: number;
  /** Programs that the target cannot run. */
  readonly unfit: number;
  /** Why it cannot, the most frequent reasons first. */
  readonly reasons?: readonly { readonly why: string; readonly programs: number }[];
  /** More are left: counting them all took too long. */
  readonly more?: boolean;
}

/** An expected divergence that applies to the target. */
export interface Expected {
  readonly entry: Entry;
  /** The file that lists it. */
  readonly file: string;
  /** Programs of the run that failed in this way. */
  readonly met: number;
  /** How often its own program failed; undefined when it did not run: another shard's, or interrupted. */
  readonly shown?: { readonly failed: number; readonly of: number };
}

/** A requirement and its fulfilment. */
export interface Required extends Requirement {
  /** How often the clause was exercised, or how many programs reached the goal or the state. */
  readonly seen: number;
  /** Why it does not apply to this target; then it need not be met. */
  readonly excluded?: string;
}

/** A comparison with the report of the base branch. */
export interface Compared {
  readonly file: string;
  /** The name that the target of the base branch gives itself, and the seed of its run. */
  readonly name: string;
  readonly seed: number;
  /** How many violations it has. */
  readonly findings: number;
  /** The keys of those that this run does not have. */
  readonly gone: readonly string[];
}

/** Something that was left out of a run, for `untested`. */
export interface Note {
  readonly what: string;
  readonly why: string;
  readonly option: string;
}

/**
 * What a run found: the result of `run`, and the input of every reporter.
 *
 * @example
 * ```ts
 * import { type Report, run } from 'mmspec';
 *
 * const report: Report = await run({ target: 'embedded', budget: { programs: 200 } });
 * console.log(report.findings.length, report.interrupted); // 0 false
 * ```
 */
export interface Report {
  /** The specification of the target, as on the command line. */
  readonly target: string;
  /**
   * The options of a command that opens the same target and judges it in the same way: `--target SPEC` and more; undefined
   * for a report that was read from a file.
   */
  readonly opened?: readonly string[];
  /** The name that the target gives itself. */
  readonly name: string;
  readonly profile: string;
  /** Traits that differ from the profile: `tlb=lazy`. */
  readonly declared: readonly string[];
  readonly seed: number;
  /** CPUs and frames that programs used. */
  readonly cpus: number;
  readonly frames: number;
  /** CPUs that the target has, and that were wanted: by an option, or 3. */
  readonly targetCpus: number;
  readonly wantedCpus: number;
  /** Which kernel on which machine the target is; undefined for other targets. */
  readonly machine?: MachineFacts;
  /** `target`: everything that the target has was to be tested; `programs`: only certain programs, as by `explore`. */
  readonly scope: 'target' | 'programs';
  /** Page size in bytes. */
  readonly page: number;
  /** Programs and steps that were executed and judged, not counting those tried while shrinking. */
  readonly programs: number;
  readonly steps: number;
  /** Programs without a verdict: their calls overlap in more orders than the judge tries. */
  readonly unknown: number;
  /** Wall-clock time in milliseconds. */
  readonly milliseconds: number;
  /** The same without shrinking. */
  readonly running: number;
  /**
   * Not everything that was asked for ran: a signal ended the run, the target failed, the time budget of a gate ended,
   * or the report of a shard is missing.
   */
  readonly interrupted: boolean;
  /** How often the target failed outside a step: nothing is known about the programs that it had then. */
  readonly targetFailures: number;
  /** How often each clause that applies was exercised. */
  readonly coverage: readonly Coverage[];
  /** How well each call of the target was tested. */
  readonly calls: readonly CallCoverage[];
  /** How often a CPU reached what a call on another CPU had mapped. */
  readonly acrossCpus: number;
  /** Calls that the target answered with `unsupported`. */
  readonly unsupported: readonly string[];
  /** The violations, each shrunk. Expected divergences are not among them. */
  readonly findings: readonly Finding[];
  /** Clauses that were selected by name. */
  readonly selected: readonly Clause[];
  /** Where areas (`kernel`) and VMAs (`user`) lie, in page numbers. */
  readonly windows: ReadonlyMap<'kernel' | 'user', Window>;
  /** What the options asked for, by name, so that `merge` can compare it; undefined if nothing needs it. */
  readonly asked?: Readonly<Record<string, string>>;
  /** The configuration file of a gate. */
  readonly config?: string;
  /** The text that the seed was derived from. */
  readonly seedFrom?: string;
  /** Which part of a run this is; undefined for a whole run. */
  readonly shard?: Shard;
  /** The parts of a gate or an exploration, in order. */
  readonly phases: readonly Phase[];
  /** The goals of a gate. */
  readonly goals: readonly GoalCount[];
  /** How many programs reached each state of the vocabulary; empty in reports of 0.1. */
  readonly states: readonly StateCount[];
  /** The functions that programs entered; undefined if the target does not watch them. */
  readonly functions?: FunctionCoverage;
  readonly required: readonly Required[];
  readonly expected: readonly Expected[];
  /** What else was left out, and why. */
  readonly notes: readonly Note[];
  /** The comparison with the base branch; undefined if the run was not compared. */
  readonly base?: Compared;
}

/** The fields of a report that not every run has. */
type Extras = Partial<
  Pick<
    Report,
    | 'seedFrom'
    | 'shard'
    | 'selected'
    | 'phases'
    | 'goals'
    | 'required'
    | 'expected'
    | 'interrupted'
    | 'scope'
    | 'notes'
    | 'config'
    | 'asked'
  >
>;

type ReportedPlan = Pick<Plan, 'target' | 'agreement' | 'seed' | 'cpus' | 'frames' | 'wantedCpus'>;

/** What was left out because the target declares that it supports only a part of a call. */
const leftOut = ({ support = new Map() }: Pick<Manifest, 'support'>): Note[] =>
  [...support].map(([call, { words }]) => ({
    what: `${call} beyond (${words.join(', ')})`,
    why: 'left out, since the target declares that it supports no more',
    option: `announce the whole call: calls ${call}`,
  }));

/** The report of what a campaign found. */
export function makeReport(
  { target, agreement, seed, cpus, frames, wantedCpus }: ReportedPlan,
  result: CampaignResult,
  extras: Extras = {},
): Report {
  return {
    target: target.spec,
    opened: openingWords(target, agreement),
    name: target.manifest.name,
    profile: agreement.profile,
    declared: [...agreement.declared].map(([name, value]) => `${name}=${value}`),
    seed,
    cpus,
    frames,
    targetCpus: target.manifest.cpus,
    wantedCpus,
    ...(target.manifest.machine ? { machine: target.manifest.machine } : {}),
    scope: 'target',
    page: target.manifest.page,
    programs: result.programs,
    steps: result.steps,
    unknown: result.tally.unknown,
    milliseconds: result.milliseconds,
    running: result.running,
    interrupted: result.interrupted || result.failures > 0,
    targetFailures: result.failures,
    coverage: coverage(result.tally, agreement.traits, target.manifest),
    calls: callCoverage(result.tally, target.manifest),
    acrossCpus: result.tally.acrossCpus,
    unsupported: [...result.tally.unsupported.keys()].sort(),
    findings: result.findings.map((finding) => withCode(finding, target)),
    selected: [],
    windows: target.manifest.windows,
    phases: [],
    goals: [],
    states: result.states,
    ...functionCoverage(target),
    required: [],
    expected: [],
    ...extras,
    notes: [...leftOut(target.manifest), ...(extras.notes ?? [])],
  };
}

/** The options of a command that opens the target of a report and judges it in the same way. */
export const opening = ({ opened, target, name }: Pick<Report, 'opened' | 'target' | 'name'>): readonly string[] =>
  opened ?? targetWords(target, name);

/** The violations that could be repeated. */
const repeated = (report: Report): readonly Finding[] => report.findings.filter(confirmed);

/** The traits that the target was judged by. */
export const declaredTraits = ({ declared, profile }: Pick<Report, 'declared' | 'profile'>): Traits =>
  withTraits(
    profileNamed(profile).traits,
    declared.map((word) => word.split('=') as [string, string]),
  );

/** The violations that count: those that could be repeated, and that the base branch does not have. */
export const violations = (report: Report): readonly Finding[] => repeated(report).filter((one) => !one.inBase);

/** The violations that the base branch has too. */
export const inherited = (report: Report): readonly Finding[] => repeated(report).filter((one) => one.inBase);

/** The expected divergences that were seen. */
export const showing = (report: Report): readonly Expected[] =>
  report.expected.filter(({ met, shown }) => met > 0 || (shown?.failed ?? 0) > 0);

/** The expected divergences whose programs hold now: their lines are to be deleted. */
export const stale = (report: Report): readonly Expected[] =>
  report.expected.filter(({ met, shown }) => shown !== undefined && shown.failed === 0 && met === 0);

/** True for the report of one shard of several: `merge` judges the whole run. */
export const isPart = ({ shard }: Pick<Report, 'shard'>): boolean => shard !== undefined && shard.of > 1;

/** The requirements that were not met. A shard has none: they apply to the whole run. */
export const missed = (report: Report): readonly Required[] =>
  isPart(report) ? [] : report.required.filter(({ seen, least, excluded }) => seen < least && excluded === undefined);
