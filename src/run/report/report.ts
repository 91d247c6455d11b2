import type { Clause } from '../../../reference/clauses/clause.ts';
import type { Window } from '../../../reference/notation/document.ts';
import { EXIT } from '../../common/exit.ts';
import { confirmed, type Finding } from '../../findings/finding.ts';
import type { GoalCount } from '../../programs/states/tally.ts';
import type { Agreement } from '../../targets/agreement.ts';
import type { OpenTarget } from '../../targets/open.ts';
import type { CampaignResult, Shard } from '../campaign/options.ts';
import type { Entry } from '../expect/entry.ts';
import type { Requirement } from '../gate/config.ts';
import { type Coverage, coverage, EVERY_STEP } from './coverage.ts';

/** One part of a run, and how far it got. */
export interface Phase {
  readonly name: string;
  /** Programs that were run, and that were not; this shard's only. */
  readonly done: number;
  readonly left: number;
  /** Programs that are not defined on this target. */
  readonly unfit: number;
  /** More are left than that: they were not all counted. */
  readonly more?: boolean;
}

/** An expected divergence that applies to the target: how often its program showed it, and how often others did. */
export interface Expected {
  readonly entry: Entry;
  readonly file: string;
  /** Programs of the run that failed this way. */
  readonly met: number;
  /** Its own program, run again. Missing where it was not run: another shard's, or interrupted. */
  readonly shown?: { readonly failed: number; readonly of: number };
}

/** A requirement, and what was seen of it: times that a clause was exercised, programs that reached a goal. */
export interface Required extends Requirement {
  readonly seen: number;
}

/**
 * What a run found, for every reporter.
 *
 * @example
 * ```ts
 * import { type Report, run } from 'mmspec';
 *
 * const report: Report = await run({ target: 'embedded', budget: { programs: 200 } });
 * console.log(report.programs, report.findings.length, report.interrupted); // 200 0 false
 * ```
 */
export interface Report {
  readonly target: string;
  /** What the target calls itself. */
  readonly name: string;
  readonly profile: string;
  /** Traits that differ from the profile, `tlb=lazy`. */
  readonly declared: readonly string[];
  readonly seed: number;
  readonly cpus: number;
  readonly frames: number;
  readonly page: number;
  readonly programs: number;
  readonly steps: number;
  /** Programs whose verdict was left open: more orders of overlapping calls than the judge looks at. */
  readonly unknown: number;
  readonly milliseconds: number;
  /** Milliseconds without shrinking. */
  readonly running: number;
  /**
   * Not everything that was asked for ran: a signal ended the run, the target failed, the time budget of a gate ended,
   * or the report of a shard is missing.
   */
  readonly interrupted: boolean;
  /** How often the target failed outside a step: nothing is known about the programs that it had then. */
  readonly targetFailures: number;
  readonly coverage: readonly Coverage[];
  /** Calls that the target does not offer, or answered as unsupported. */
  readonly unsupported: readonly string[];
  readonly findings: readonly Finding[];
  /** Clauses that were asked for by name. */
  readonly selected: readonly Clause[];
  readonly windows: ReadonlyMap<'kernel' | 'user', Window>;
  /** What the seed was derived from. */
  readonly seedFrom?: string;
  /** Present where this is a part of a run. */
  readonly shard?: Shard;
  /** The parts of a gate, in order. */
  readonly phases: readonly Phase[];
  readonly goals: readonly GoalCount[];
  readonly required: readonly Required[];
  readonly expected: readonly Expected[];
}

/** What a gate knows besides. */
export type Extras = Partial<
  Pick<Report, 'seedFrom' | 'shard' | 'phases' | 'goals' | 'required' | 'expected' | 'interrupted'>
>;

/** Puts together what a campaign found. */
export function makeReport(
  target: OpenTarget,
  agreement: Agreement,
  asked: { seed: number; cpus: number; frames: number; selected?: readonly Clause[] },
  result: CampaignResult,
  extras: Extras = {},
): Report {
  return {
    target: target.spec,
    name: target.manifest.name,
    profile: agreement.profile,
    declared: [...agreement.declared].map(([name, value]) => `${name}=${value}`),
    seed: asked.seed,
    cpus: asked.cpus,
    frames: asked.frames,
    page: target.manifest.page,
    programs: result.programs,
    steps: result.steps,
    unknown: result.tally.unknown,
    milliseconds: result.milliseconds,
    running: result.running,
    interrupted: result.interrupted || result.failures > 0,
    targetFailures: result.failures,
    coverage: coverage(result.tally, agreement.traits, target.manifest.calls),
    unsupported: [...result.tally.unsupported.keys()].sort(),
    findings: result.findings,
    selected: asked.selected ?? [],
    windows: target.manifest.windows,
    phases: [],
    goals: [],
    required: [],
    expected: [],
    ...extras,
  };
}

/** Violations that count: those that were seen again. Expected ones are no findings. */
export const violations = (report: Report): readonly Finding[] => report.findings.filter(confirmed);

/** Expected divergences that were seen. */
export const showing = (report: Report): readonly Expected[] =>
  report.expected.filter(({ met, shown }) => met > 0 || (shown?.failed ?? 0) > 0);

/** Listed divergences that do not show any more: the lines to delete. */
export const stale = (report: Report): readonly Expected[] =>
  report.expected.filter(({ met, shown }) => shown !== undefined && shown.failed === 0 && met === 0);

/** Requirements that were not met. A shard alone cannot tell: only the merged run is asked. */
export const missed = (report: Report): readonly Required[] =>
  report.shard ? [] : report.required.filter(({ seen, least }) => seen < least);

/** True where something was exercised of what was asked for. */
function tested(report: Report): boolean {
  const chosen = (line: Coverage): boolean =>
    report.selected.length > 0 ? report.selected.includes(line.clause) : !EVERY_STEP.has(line.clause.id);
  return report.coverage.some((line) => chosen(line) && line.exercised > 0);
}

/**
 * The exit code with which the command line ends after such a report: 0 held, 1 violated, 4 not everything that was
 * asked for could be exercised.
 *
 * @example
 * ```ts
 * import { exitCode, run } from 'mmspec';
 *
 * const report = await run({ target: 'mutant:zap-returns-zero', bail: true });
 * console.log(exitCode(report)); // 1
 * ```
 */
export function exitCode(report: Report): number {
  if (violations(report).length > 0 || stale(report).length > 0) return EXIT.violated;
  // A shard may have nothing to do; the merged run may not.
  if (!tested(report) && !report.shard) return EXIT.untested;
  if (missed(report).length > 0) return EXIT.untested;
  return report.interrupted ? EXIT.untested : EXIT.held;
}
