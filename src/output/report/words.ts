import type { Clause } from '../../../reference/clauses/clause.ts';
import type { Violation } from '../../../reference/clauses/violation.ts';
import { printOutcome } from '../../../reference/notation/outcome.ts';
import { printStep } from '../../../reference/notation/print.ts';
import { oneLine } from '../../common/printable.ts';
import { counted, grouped } from '../../common/words.ts';
import { confirmed, type Finding, quotedClause, type Symptom, unchecked } from '../../findings/finding.ts';
import { overlappingSteps } from '../../findings/localise/culprit.ts';
import type { Coverage } from '../../run/report/coverage.ts';
import type { FunctionCoverage } from '../../run/report/functions.ts';
import type { Expected, Report } from '../../run/report/report.ts';

/** What several formats say in the same words. */

/** The status of a clause, for people. */
export const STATUS_TEXT: Readonly<Record<Coverage['status'], string>> = {
  upheld: 'upheld',
  allowed: 'relied on',
  violated: 'VIOLATED',
  unarmed: 'not armed',
  unexercised: 'not exercised',
  unobservable: 'not observable',
};

const MEANINGS: Readonly<Record<Coverage['status'], string>> = {
  upheld: 'steps that could have broken the clause did not break it',
  allowed: 'the target used a freedom that the clause gives',
  violated: 'a step broke the clause',
  unarmed: 'the clause applied to some steps, but none of them could have broken it',
  unexercised: 'the clause applied to no step',
  unobservable: 'no answer of this target could have broken the clause',
};

/** What the less obvious words of a coverage table mean; outcomes only if the table has them. */
export const statusLegend = (table: readonly Coverage[]): readonly (readonly [word: string, meaning: string])[] => [
  ['exercised', 'how often a step could have broken the clause'],
  ...(['allowed', 'unarmed', 'unexercised', 'unobservable'] as const)
    .filter((status) => table.some((line) => line.status === status))
    .map((status) => [STATUS_TEXT[status], MEANINGS[status]] as const),
];

/** How many functions were never entered. */
export const functionsText = ({ watched, never }: FunctionCoverage): string =>
  never.length === 0
    ? `programs entered all of the ${grouped(watched)} functions that the target watches`
    : `no program entered ${grouped(never.length)} of the ${grouped(watched)} functions that the target watches, so the run says nothing about them`;

/** What a second look at the offending address told. */
export const DIAGNOSIS: Readonly<Record<NonNullable<Finding['diagnosis']>, string>> = {
  stale: 'stale translation: gone after a flush of this address on this CPU; the page table is right',
  mapped: 'wrong page table: a flush of this address on this CPU did not help',
  unmapped: 'empty page table: a flush of this address on this CPU did not help',
};

/** How a violation was found, and what became of the program. */
export function foundText(finding: Finding): string {
  const { afterPrograms, afterSteps, before = [], executions, originalSteps, rate, trace } = finding;
  const steps = trace.program.steps.length;
  const parts = [
    afterPrograms === 0
      ? 'by a saved program'
      : `after ${counted(afterPrograms, 'program')}, ${counted(afterSteps, 'step')}`,
  ];
  if (executions > 0) parts.push(`shrunk from ${originalSteps} steps to ${steps} in ${grouped(executions)} executions`);
  if (rate.failed !== rate.of) parts.push(rateText(finding));
  if (before.length > 0) parts.push(`only after ${before.length} other programs on the same target`);
  return parts.join('; ');
}

/** What was seen: the outcome of the step, or what was left over after the program. `page`: the page size in bytes. */
export const seenText = ({ seen, left }: Violation, page: number): string =>
  left ? `left over: ${oneLine(left.join('; '))}` : printOutcome(seen, page);

/** How often a finding failed when it ran again: `fails 9 of 10 times`. */
export const rateText = ({ rate: { failed, of } }: Finding): string =>
  of === 0 ? 'not run again' : `fails ${failed} of ${of} times`;

/** How often a listed divergence showed: `shows 9 of 10 times`. */
export const shownText = ({ shown }: Expected): string =>
  shown ? `shows ${shown.failed} of ${shown.of} times` : 'not run';

/** Where the target's sources define the functions that matter; undefined if it is not known. */
export const codeText = ({ code }: Finding): string | undefined =>
  code?.map(({ function: name, place }) => `${name} at ${place}`).join(', ');

/** The overlapping steps to blame, as `the overlap of steps 2 to 5`; undefined where one step is to blame alone. */
function blamedOverlap({ trace: { program }, culprit }: Finding): string | undefined {
  const overlap = culprit ? overlappingSteps(program, culprit.step) : [];
  return overlap.length > 1
    ? `the overlap of steps ${overlap[0] + 1} to ${overlap[overlap.length - 1] + 1}`
    : undefined;
}

/** The step to blame, if it is not the one that shows the violation. */
export function culpritText(finding: Finding): string | undefined {
  const { trace, violation, culprit } = finding;
  if (!culprit || culprit.step === violation.step) return undefined;
  const step = `step ${culprit.step + 1}, ${printStep(trace.program.steps[culprit.step])}: the state is wrong after it`;
  return blamedOverlap(finding) ?? step;
}

/** The step to blame, or else the one that shows the violation, for a summary: `step 4 of 5, @0 vm_unmap_aliases`. */
export function blamedText(finding: Finding): string {
  const { trace, violation, culprit } = finding;
  const { steps } = trace.program;
  const at = culprit?.step ?? violation.step;
  const overlap = at === violation.step ? undefined : blamedOverlap(finding);
  return overlap ?? `step ${at + 1} of ${steps.length}, ${printStep(steps[at])}`;
}

/** What was just found, in one line: the clause, the step to blame, how often it fails, and where it is saved. */
export function eventText(finding: Finding): string {
  const { rate, file } = finding;
  const often = confirmed(finding) && rate.failed < rate.of ? `; ${rateText(finding)}` : '';
  const saved = file === undefined ? '' : `; saved in ${oneLine(file)}`;
  return `found: ${violatedText(finding)} ${quotedClause(finding).id}, ${blamedText(finding)}${often}${saved}`;
}

/** What a reader can do about a failure that does not show every time, or that is not certified; empty otherwise. */
export function adviceFor(finding: Finding): string[] {
  const { failed, of } = finding.rate;
  const advice: string[] = [];
  if (unchecked(finding)) advice.push('it was not run again: replay it, or give the run more time (--time)');
  else if (failed === 0)
    advice.push(
      'it does not count: it held when it was run again; replay it with --times 100, or run the same seed again',
    );
  else if (failed < of) advice.push('replay runs it until it fails; --times N sets how often it runs');
  if (canTryMore(finding)) advice.push('shrink tries more programs than a run does; --time 10m gives it more time');
  return advice;
}

/** Whether a longer search could still certify the program: the last one ended early. */
export const canTryMore = ({ certificate, trace }: Finding): boolean =>
  certificate !== undefined && !certificate.certified && certificate.steps < trace.program.steps.length;

/** The clauses that the finding breaks besides the one that is quoted. */
export const alsoOf = (finding: Finding): readonly Clause[] => {
  const { violation } = finding;
  const quoted = quotedClause(finding);
  return [violation.clause, ...violation.also].filter((clause) => clause !== quoted);
};

/** A symptom in one line: the clause, and the step that showed it. `page`: the page size in bytes. */
export function symptomText({ violation, trace }: Symptom, page: number): string {
  const step = printStep(trace.program.steps[violation.step]);
  return `${violation.clause.id}: ${step} => ${seenText(violation, page)}; allowed: ${oneLine(violation.allowed)}`;
}

/** Whether a violation counts: `violated`, that it was not seen again, or that there was no time to look. */
export function violatedText(finding: Finding): string {
  if (confirmed(finding)) return 'violated';
  return unchecked(finding) ? 'unconfirmed: violated once' : 'not reproduced: violated once';
}

/** Programs whose verdict was left open. */
export const openText = (unknown: number): string =>
  `${grouped(unknown)} program${unknown === 1 ? '' : 's'} left open: calls overlap in more orders than the judge tries`;

/** What did not run, of each part: `40 of 4000 random`. */
export const leftText = ({ phases }: Report): string =>
  phases
    .filter(({ left }) => left > 0)
    .map(({ name, done, left, more }) => `${left} of ${done + left} ${oneLine(name)}${more ? ' or more' : ''}`)
    .join(', ');

/** Why not everything that was asked for ran; empty if it did. */
export function incompleteText({ interrupted, targetFailures }: Report): string {
  if (targetFailures > 0)
    return `the target failed ${grouped(targetFailures)} time${targetFailures === 1 ? '' : 's'} outside a step`;
  return interrupted ? 'interrupted' : '';
}

/** What to do about a listed divergence that no longer shows. */
export const staleText = ({ entry, file, shown }: Expected): string =>
  `${entry.clause} ${entry.program} held ${shown?.of ?? 0} of ${shown?.of ?? 0} times; delete line ${entry.line} of ${oneLine(file)}:\n${oneLine(entry.text)}`;
