import type { Clause } from '../../reference/clause.ts';
import type { CampaignResult } from '../campaign/campaign.ts';
import { confirmed, type Finding } from '../campaign/finding.ts';
import type { Agreement } from '../campaign/terms.ts';
import { EXIT } from '../cli/exit.ts';
import type { OpenTarget } from '../targets/open.ts';
import { type Coverage, coverage, EVERY_STEP } from './coverage.ts';

/** What a run found, for every reporter. */
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
  readonly milliseconds: number;
  /** Milliseconds without shrinking. */
  readonly running: number;
  readonly interrupted: boolean;
  readonly coverage: readonly Coverage[];
  /** Calls that the target does not offer, or answered as unsupported. */
  readonly unsupported: readonly string[];
  readonly findings: readonly Finding[];
  /** Clauses that were asked for by name. */
  readonly selected: readonly Clause[];
}

/** Puts together what a campaign found. */
export function makeReport(
  target: OpenTarget,
  agreement: Agreement,
  asked: { seed: number; cpus: number; frames: number; selected?: readonly Clause[] },
  result: CampaignResult,
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
    milliseconds: result.milliseconds,
    running: result.running,
    interrupted: result.interrupted,
    coverage: coverage(result.tally, agreement.traits, target.manifest.calls),
    unsupported: [...result.tally.unsupported.keys()],
    findings: result.findings,
    selected: asked.selected ?? [],
  };
}

/** The exit code that a report stands for. */
export function exitCode(report: Report): number {
  if (report.findings.some(confirmed)) return EXIT.violated;
  // Seen once and not again: neither held nor violated.
  if (report.findings.length > 0) return EXIT.untested;
  const chosen = (line: Coverage): boolean =>
    report.selected.length > 0 ? report.selected.includes(line.clause) : !EVERY_STEP.has(line.clause.id);
  const asked = report.coverage.filter(chosen);
  if (!asked.some((line) => line.exercised > 0)) return EXIT.untested;
  return report.interrupted ? EXIT.untested : EXIT.held;
}
