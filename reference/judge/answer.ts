import { areasOfPages } from '../calls/area-pages.ts';
import type { Step } from '../calls/call.ts';
import { namedSpace } from '../calls/spaces.ts';
import * as common from '../clauses/common.ts';
import type { Model } from '../model/model.ts';
import type { Address } from '../notation/address.ts';
import { type Outcome, printOutcome } from '../notation/outcome.ts';
import { printStep } from '../notation/print.ts';
import { judgeMemory } from './memory.ts';

/**
 * A trace with an answer that the grammar forbids: nothing can be said about the contract then.
 *
 * @example
 * ```ts
 * import { agree, judge, MalformedTrace, parse } from 'mmspec';
 *
 * const { header, entries } = parse('mmspec trace 1\n@0 a0 = vmap f0 => f3\n');
 * try {
 *   judge(entries[0].trace, agree(header).terms);
 * } catch (error) {
 *   if (!(error instanceof MalformedTrace)) throw error;
 *   console.log(error.step, error.message); // 0 step 1, @0 a0 = vmap f0: the target answered f3...
 * }
 * ```
 */
export class MalformedTrace extends Error {
  override readonly name = 'MalformedTrace';
  /** Index of the step whose answer is at fault. */
  readonly step: number;

  constructor(step: number, message: string) {
    super(message);
    this.step = step;
  }
}

/** True if every name that the step needs is bound. */
export function bound(model: Model, step: Step): boolean {
  if (step.call.spaceAt >= 0 && !model.hasSpace(namedSpace(step))) return false;
  // Loops over indices: this runs for each step, and an iterator costs more than the rest.
  const { naming } = step.call;
  for (let i = 0; i < naming.length; i++) {
    const address = step.args[naming[i]] as Address | undefined;
    if (address === undefined) continue;
    if (address.base === 'a' && model.kernel.named[address.index] === undefined) return false;
    if (address.base === 'v' && model.user.named[address.index] === undefined) return false;
  }
  const areas = areasOfPages(step);
  for (let i = 0; i < areas.length; i++) if (model.kernel.named[areas[i]] === undefined) return false;
  return true;
}

/** Refuses the answer; with a lenient model, the step is skipped instead. */
function malformed(model: Model, index: number, step: Step, outcome: Outcome, expected: string): true {
  if (model.lenient) return true;
  throw new MalformedTrace(
    index,
    `step ${index + 1}, ${printStep(step)}: the target answered ${printOutcome(outcome)}, which is no answer to it; expected ${expected}`,
  );
}

/**
 * Judges an answer that means that the step had no effect, such as `skipped`, `unsupported` or a crash.
 * @returns true for such an answer; after any other the model must follow what the step did.
 * @throws MalformedTrace where the grammar forbids the answer.
 */
export function judgeNonEffect(model: Model, step: Step, index: number, outcome: Outcome): boolean {
  const runs = bound(model, step);
  switch (outcome.kind) {
    case 'skipped':
      if (runs) return malformed(model, index, step, outcome, 'an outcome: all names that it needs are bound');
      return true;
    case 'unsupported': {
      const { unsupported } = model.tally;
      unsupported.set(step.call.name, (unsupported.get(step.call.name) ?? 0) + 1);
      return true;
    }
    case 'crash':
    case 'timeout':
      model.violate(common.CRASH, `${step.call.outcomes.join(', ')}`);
      return true;
    case 'warn':
      // This fails only for targets that watch their log; an allowed warning shows that a target does.
      model.expect(
        common.WARNING,
        runs && step.call.warns?.(step, model.traits) === true,
        () => `${step.call.outcomes.join(', ')}, and no warning`,
      );
      return true;
    default:
      if (!runs) return malformed(model, index, step, outcome, 'skipped: a name that it needs was never bound');
      if (!step.call.outcomes.includes(outcome.kind))
        return malformed(model, index, step, outcome, step.call.outcomes.join(', '));
      if (step.call.tellsLeft && outcome.kind === 'errno' && outcome.note < 0)
        return malformed(model, index, step, outcome, `-${outcome.text} left PAGES: how many pages were not done`);
      judgeMemory(model, step, outcome);
      return false;
  }
}
