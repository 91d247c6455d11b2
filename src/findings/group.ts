import type { Call } from '../../reference/calls/call.ts';
import { LEAKS } from '../../reference/clauses/common.ts';
import { confirmed, type Finding, quotedClause, type Symptom } from './finding.ts';
import { changesState, overlappingSteps, saySame } from './localise/culprit.ts';

/** Findings that come from one fault are one report, with the others as its symptoms. */

/** The calls to blame: that of the culprit, and those that overlap it. */
function blamed({ trace: { program }, culprit, violation }: Finding): ReadonlySet<string> {
  const at = culprit?.step ?? violation.step;
  // In a program with a block the overlap is the fault, even if a later step shows it.
  const [block] = program.blocks;
  const steps = overlappingSteps(program, block ? block.start : at);
  return new Set(
    steps
      .map((step) => program.steps[step].call)
      .filter((call) => steps.length === 1 || changesState(call))
      .map(({ name }) => name),
  );
}

const overlaps = ({ trace }: Finding): boolean => trace.program.blocks.length > 0;

/** The call of the step to blame. */
const culpritCall = ({ trace, culprit, violation }: Finding): Call =>
  trace.program.steps[culprit?.step ?? violation.step].call;

/** Whether two calls do the same kind of thing: then they mostly share the code that does it. */
const alike = (a: Call, b: Call): boolean => a.side === b.side && a.effect === b.effect;

/** The calls of a program that change something, in order. */
const changesOf = ({ trace }: Finding): readonly string[] =>
  trace.program.steps.filter(({ call }) => changesState(call)).map(({ call }) => call.name);

/** Whether a list contains all of another one, in the same order. */
function contains<T>(long: readonly T[], short: readonly T[]): boolean {
  let found = 0;
  for (const one of long) if (one === short[found]) found++;
  return found === short.length;
}

/** Whether one of two findings has all changes of the other. */
function shareChanges(a: Finding, b: Finding): boolean {
  const [inA, inB] = [changesOf(a), changesOf(b)];
  return contains(inA, inB) || contains(inB, inA);
}

const isSubset = <T>(some: ReadonlySet<T>, all: ReadonlySet<T>): boolean => [...some].every((one) => all.has(one));

/**
 * Whether two findings most likely come from the same fault. They do if
 * - one overlaps, and the other shows that a call of the overlap fails without it;
 * - calls that do the same kind of thing break clauses that say the same;
 * - the same calls are to blame, for the same clause or after the same changes, or for what the clean-up found: that
 *   says least;
 * - both overlap, and one needs no other calls than the other.
 */
export function sameFault(a: Finding, b: Finding): boolean {
  if (!confirmed(a) || !confirmed(b)) return false;
  const [inA, inB] = [blamed(a), blamed(b)];
  if (overlaps(a) !== overlaps(b)) return overlaps(a) ? isSubset(inB, inA) : isSubset(inA, inB);
  const [clauseA, clauseB] = [quotedClause(a), quotedClause(b)];
  if (saySame(clauseA, clauseB) && alike(culpritCall(a), culpritCall(b))) return true;
  const [aInB, bInA] = [isSubset(inA, inB), isSubset(inB, inA)];
  if (overlaps(a)) return aInB || bInA;
  if (!aInB || !bInA) return false;
  return clauseA === clauseB || clauseA === LEAKS || clauseB === LEAKS || shareChanges(a, b);
}

/**
 * Whether a finding says more about a fault than another one of the same fault:
 * - a fault that shows without overlap is never reported as an overlap;
 * - a clause about the counts of pages says more than that something was left over, if both blame the same call.
 */
function saysMore(finding: Finding, other: Finding): boolean {
  if (overlaps(finding) !== overlaps(other)) return overlaps(other);
  const counts = quotedClause(finding).promises === 'counts' && quotedClause(other) === LEAKS;
  return counts && culpritCall(finding) === culpritCall(other);
}

/** The findings of a run, one for each fault. */
export class Groups {
  readonly #leaders: Finding[] = [];
  /** All findings of each leader, itself included. */
  readonly #members = new Map<Finding, Finding[]>();

  /** One finding for each fault, in the order in which the faults were found. */
  get leaders(): Finding[] {
    return [...this.#leaders];
  }

  /**
   * Takes in a finding. It takes the place of the reported one of the same fault if it says more.
   * @returns the finding that is reported for the fault: the given one if it is new.
   */
  add(finding: Finding): Finding {
    const leader = this.#leaders.find((one) => this.#members.get(one)!.some((member) => sameFault(member, finding)));
    if (!leader) {
      this.#leaders.push(finding);
      this.#members.set(finding, [finding]);
      return finding;
    }
    const members = [...this.#members.get(leader)!, finding];
    if (!saysMore(finding, leader)) {
      this.#members.set(leader, members);
      leader.again += finding.again + 1;
      leader.symptoms = merged(leader, finding);
      return leader;
    }
    this.#leaders[this.#leaders.indexOf(leader)] = finding;
    this.#members.delete(leader);
    this.#members.set(finding, members);
    finding.again += leader.again + 1;
    finding.symptoms = merged(finding, leader);
    return finding;
  }

  /** Replaces a finding by another one with the same key. */
  replace(old: Finding, now: Finding): void {
    const at = this.#leaders.indexOf(old);
    if (at < 0) return;
    this.#leaders[at] = now;
    this.#members.delete(old);
    this.#members.set(now, [now]);
  }
}

/** The symptoms of a finding and of another one of the same fault, one for each key. */
function merged(leader: Finding, { key, violation, trace, symptoms = [] }: Finding): readonly Symptom[] {
  const byKey = new Map<string, Symptom>();
  for (const symptom of [...(leader.symptoms ?? []), { key, violation, trace }, ...symptoms])
    if (symptom.key !== leader.key && !byKey.has(symptom.key)) byKey.set(symptom.key, symptom);
  return [...byKey.values()];
}
