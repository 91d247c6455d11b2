import type { Clause } from '../../../reference/clauses/clause.ts';
import { ALIAS_FLUSHED, UNMAP_FLUSHES } from '../../../reference/clauses/common.ts';
import { firstOf, grouped } from '../../common/words.ts';
import type { CallCoverage } from './calls.ts';
import { type Coverage, EVERY_STEP, type RareHere } from './coverage.ts';
import { declaredTraits, isPart, missed, type Phase, type Report } from './report.ts';

/**
 * One thing that a run did not test.
 *
 * @example
 * ```ts
 * import { run, type Untested, untested } from 'mmspec';
 *
 * const report = await run({ target: 'embedded', budget: { programs: 1 } });
 * const missing = untested(report).filter(({ required }: Untested) => required);
 * console.log(missing.length > 0); // true: one program does not show what every call does
 * ```
 */
export interface Untested {
  /** Calls, clauses, a part of the run ... */
  readonly what: string;
  readonly why: string;
  /** The option that would change it, or what to change in the target. */
  readonly option: string;
  /** Without it the run is not green: exit code 4. */
  readonly required: boolean;
}

const LONGER = 'run more programs (--programs)';

/**
 * What a run did not test: first the evidence without which it is not green, then what else a reader should know.
 *
 * A whole run of a target needs this evidence: each call of the target was seen to do something; effects across CPUs were
 * seen, unless one CPU was asked for; each selected clause was exercised and each requirement was met; each part of a
 * gate that has programs ran at least one. One shard of a run need only have run a program: `merge` judges the whole.
 *
 * @example
 * ```ts
 * import { run, untested } from 'mmspec';
 *
 * const report = await run({ target: 'embedded', budget: { steps: 50_000 } });
 * for (const { what, why, option } of untested(report)) console.log(`${what}: ${why}; ${option}`);
 * ```
 */
export function untested(report: Report): Untested[] {
  const required = isPart(report) ? emptyShard(report) : evidence(report);
  return [
    ...required.map((one) => ({ ...one, required: true })),
    ...remarks(report).map((one) => ({ ...one, required: false })),
  ];
}

type Gap = Omit<Untested, 'required'>;

function evidence(report: Report): Gap[] {
  const whole = report.scope === 'target' ? [...callGaps(report.calls), ...cpuGaps(report)] : [];
  const found = [
    ...whole,
    ...report.phases.flatMap(phaseGap),
    ...report.selected.flatMap((clause) => selectedGap(clause, report)),
    ...missed(report).map(({ kind, id, least, seen }) => ({
      what: `${kind} ${id}`,
      why: `required ${grouped(least)} times, seen ${grouped(seen)} times`,
      option: LONGER,
    })),
  ];
  return found.length > 0 || testsSomething(report)
    ? found
    : [{ what: 'every clause', why: 'no step could have broken one', option: LONGER }];
}

const testsSomething = ({ coverage }: Report): boolean =>
  coverage.some(({ clause, exercised }) => exercised > 0 && !EVERY_STEP.has(clause.id));

/** What exercises a clause that few programs do on a real kernel. */
const RARE: Readonly<Record<RareHere, { readonly why: string; readonly option: string }>> = {
  'no-memory': {
    why: 'not exercised: no call failed for want of memory, and the target cannot make one fail',
    option: 'announce fail_after, if the target can make allocations fail',
  },
  'forks-only': {
    why: 'not exercised: no call failed for want of memory, and the target can make only forks fail',
    option: 'announce fail_after without fail_forks, if the target can make other allocations fail',
  },
  warning: {
    why: 'not exercised: the steps that exercise it make a kernel warn, and by default they are not drawn',
    option: 'draw them, too (run --warnings); a step that ends as a warning does not count',
  },
};

const emptyShard = ({ programs }: Report): Gap[] =>
  programs > 0 ? [] : [{ what: 'this shard', why: 'it has no programs', option: `use fewer shards, or ${LONGER}` }];

const names = (calls: readonly CallCoverage[]): string => calls.map(({ call }) => call).join(', ');

function callGaps(calls: readonly CallCoverage[]): Gap[] {
  const open = calls.filter(({ effects }) => effects === 0);
  const refused = open.filter(({ unsupported }) => unsupported > 0);
  const silent = open.filter(({ unsupported }) => unsupported === 0);
  const gaps: Gap[] = [];
  if (refused.length > 0)
    gaps.push({
      what: names(refused),
      why: 'the target announces this and answers unsupported',
      option: 'implement it, or do not announce it',
    });
  if (silent.length > 0)
    gaps.push({
      what: names(silent),
      why: 'no step showed an effect; NULL and refusals do not count',
      option: `${LONGER}, or do not announce what always fails`,
    });
  return gaps;
}

function cpuGaps({ wantedCpus, cpus, targetCpus, acrossCpus }: Report): Gap[] {
  if (wantedCpus < 2 || acrossCpus > 0) return [];
  const what = 'effects across CPUs';
  if (cpus < 2)
    return [
      {
        what,
        why: `${wantedCpus} CPUs wanted, the target has ${targetCpus}`,
        option: 'give the target more CPUs, or accept one: --cpus 1',
      },
    ];
  return [{ what, why: 'no CPU reached what a call on another CPU had mapped', option: `${LONGER}, or --cpus 1` }];
}

const reasonsText = ({ reasons = [] }: Phase): string =>
  reasons.map(({ programs, why }) => `${programs}: ${why}`).join('; ');

function phaseGap(phase: Phase): Gap[] {
  const { name, done, left, unfit } = phase;
  if (done > 0 || left > 0 || unfit === 0) return [];
  return [
    {
      what: `${name} programs`,
      why: `the target can run none of ${unfit}${phase.reasons ? ` (${reasonsText(phase)})` : ''}`,
      option: 'remove them, or give the target what they need',
    },
  ];
}

function selectedGap(clause: Clause, report: Report): Gap[] {
  const line = report.coverage.find((one) => one.clause === clause);
  if (line && line.exercised > 0) return [];
  const why = line ? whyUntested(line, report) : 'does not apply under the traits of the target';
  return [{ what: `clause ${clause.id}`, why, option: line ? optionFor(line, report) : '--traits or --profile' }];
}

/**
 * Whether no program can break the clause, because another clause is broken first. ALIAS-1 is about translations that
 * lingered until the flush; where unmapping calls flush before they return, one that lingers breaks UNMAP-2.
 */
const brokenByOther = ({ clause, unarmed }: Coverage, report: Report): boolean =>
  clause === ALIAS_FLUSHED && unarmed > 0 && declaredTraits(report).tlb === 'before-return';

/** Why a clause was not exercised. */
export function whyUntested(line: Coverage, report: Report): string {
  const { needs, missing, unarmed, rare } = line;
  if (brokenByOther(line, report))
    return `not armed: with tlb=before-return, a translation that lingers breaks ${UNMAP_FLUSHES.id} first`;
  if (needs.length > 0) return `not observable: the target does not announce ${needs.join(' or ')}`;
  if (unarmed > 0) return 'not armed: the clause applied to some steps, but none of them could have broken it';
  if (missing.length > 0) return `not exercised: the target has no ${missing.join(', ')}`;
  return rare ? RARE[rare].why : 'not exercised';
}

function optionFor(line: Coverage, report: Report): string {
  const { needs, missing, unarmed, rare } = line;
  if (brokenByOther(line, report)) return `${UNMAP_FLUSHES.id} tests it (--clause ${UNMAP_FLUSHES.id})`;
  if (needs.length > 0) return `announce ${needs.join(' or ')}, if the target can tell`;
  if (unarmed > 0) return LONGER;
  if (missing.length > 0) return `announce ${missing.join(', ')}`;
  return rare ? RARE[rare].option : LONGER;
}

/** Ids of clauses; of many only the first, as the coverage table has them all. */
function idsText(lines: readonly Coverage[]): string {
  const ids = lines.map(({ clause }) => clause.id);
  return firstOf(ids, 12);
}

/** Calls that work, and that the target answered with `unsupported` for some arguments. */
const partlyRefused = ({ calls }: Report): Gap[] =>
  calls.flatMap(({ call, effects, unsupported }) =>
    effects > 0 && unsupported > 0
      ? [
          {
            what: `${call} with some arguments`,
            why: `the target answered unsupported ${grouped(unsupported)} times`,
            option: `declare what it supports, such as: calls ${call}(LIMIT)`,
          },
        ]
      : [],
  );

/** What a reader should know although the run may be green. */
function remarks(report: Report): Gap[] {
  const silent = report.coverage.filter(
    ({ clause, exercised }) => exercised === 0 && clause.level === 'MUST' && !report.selected.includes(clause),
  );
  const byReason = new Map<string, Coverage[]>();
  for (const line of silent) {
    const why = whyUntested(line, report);
    byReason.set(why, [...(byReason.get(why) ?? []), line]);
  }
  return [
    ...[...byReason].map(([why, lines]) => ({
      what: idsText(lines),
      why,
      option: optionFor(lines[0], report),
    })),
    ...report.required.flatMap(({ kind, id, excluded }) =>
      excluded === undefined ? [] : [{ what: `${kind} ${id}`, why: excluded, option: '--traits or --profile' }],
    ),
    ...report.phases.flatMap((phase) =>
      phase.unfit > 0 && phaseGap(phase).length === 0
        ? [
            {
              what: `${phase.unfit} ${phase.name} programs`,
              why: `not defined on this target${phase.reasons ? ` (${reasonsText(phase)})` : ''}`,
              option: 'give the target what they need',
            },
          ]
        : [],
    ),
    ...partlyRefused(report),
    ...report.notes,
  ];
}
