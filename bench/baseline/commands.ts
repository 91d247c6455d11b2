import fc from 'fast-check';
import type { Call, Step } from '../../reference/calls/call.ts';
import { predictStep } from '../../reference/calls/valid.ts';
import { Tally } from '../../reference/clauses/tally.ts';
import { violationKey } from '../../reference/clauses/violation.ts';
import { CALLS } from '../../reference/contract.ts';
import { judgeNonEffect } from '../../reference/judge/answer.ts';
import { Known } from '../../reference/model/known.ts';
import { Model } from '../../reference/model/model.ts';
import type { Outcome } from '../../reference/notation/outcome.ts';
import { printStep } from '../../reference/notation/print.ts';
import { agree } from '../../src/targets/agreement.ts';
import type { EmbeddedTarget } from '../../src/targets/embedded/index.ts';
import { processorMs } from '../clock.ts';
import { CPUS, FRAMES } from '../oracle.ts';
import { stepFrom } from './arguments.ts';

/**
 * The baseline: the same calls, model, target and judge, driven through `fc.commands` in its usual way. A command is
 * drawn without knowledge of the model. It holds numbers, and selects "the n-th live area" when it runs.
 */

/** Thrown by a command whose step breaks a clause. */
class Broken extends Error {
  readonly key: string;

  constructor(key: string) {
    super(key);
    this.key = key;
  }
}

/** What is known in one run, and its judge. */
class State {
  readonly known: Known;
  readonly model: Model;
  readonly tally = new Tally();
  readonly steps: Step[] = [];

  constructor(target: EmbeddedTarget) {
    const { terms, traits } = agree(target.manifest);
    this.known = new Known(traits, CPUS, FRAMES, terms.page);
    this.model = new Model(traits, this.tally, FRAMES, terms.page, terms.windows);
  }

  judge(step: Step, outcome: Outcome): void {
    const { model } = this;
    const index = this.steps.push(step) - 1;
    model.enter(index, step.cpu, 2 * index + 1, 2 * index + 2, outcome);
    if (!judgeNonEffect(model, step, index, outcome)) step.call.end(model, step, outcome);
    if (model.violation) throw new Broken(violationKey(model.violation, step.call.name));
  }
}

type Real = (step: Step) => Outcome;

class CallCommand implements fc.Command<State, Real> {
  readonly #call: Call;
  readonly #cpu: number;
  readonly #numbers: readonly number[];
  #shown = '';

  constructor(call: Call, cpu: number, numbers: readonly number[]) {
    this.#call = call;
    this.#cpu = cpu;
    this.#numbers = numbers;
  }

  #step({ known }: Readonly<State>): Step | undefined {
    return stepFrom(known, this.#call, this.#cpu, this.#numbers);
  }

  check(state: Readonly<State>): boolean {
    return this.#step(state) !== undefined;
  }

  run(state: State, real: Real): void {
    const step = this.#step(state)!;
    this.#shown = printStep(step);
    predictStep(state.known, step);
    state.judge(step, real(step));
  }

  toString(): string {
    return this.#shown;
  }
}

/** The result of a run of the baseline. */
export interface BaselineRun {
  /** Programs until the first failure, or all programs if none failed. */
  readonly programs: number;
  /** Steps that were executed and judged. */
  readonly steps: number;
  /** The key of the failure, if any program failed. */
  readonly key: string | undefined;
  /** Programs that were run after the first failure, to shrink it. */
  readonly executions: number;
  /** The shrunk program as text, and its steps. */
  readonly text: string;
  readonly length: number;
  readonly milliseconds: number;
}

/** The calls that are drawn. `fail_after` changes what later calls may do, and needs a model of its own. */
const callsOf = ({ manifest }: EmbeddedTarget): readonly Call[] =>
  CALLS.filter((call) => call.weight > 0 && manifest.calls.has(call.name) && call.effect !== 'arms');

/** Commands of a call: a CPU, and the numbers that stand for its arguments. */
const commandsOf = (call: Call): fc.Arbitrary<CallCommand> =>
  fc
    .tuple(fc.nat(CPUS - 1), fc.array(fc.nat(1 << 20), { minLength: 8, maxLength: 8 }))
    .map(([cpu, numbers]) => new CallCommand(call, cpu, numbers));

/** Runs at most `programs` programs through `fc.commands`, and lets it shrink the first failure. */
export function runCommands(target: EmbeddedTarget, seed: number, programs: number, maxCommands = 100): BaselineRun {
  let executions = 0;
  let before = 0;
  let steps = 0;
  let key: string | undefined;
  let failing: readonly Step[] = [];
  const commands = fc.commands(callsOf(target).map(commandsOf), { maxCommands, size: '+4' });
  const property = fc.property(commands, (drawn) => {
    executions++;
    const state = new State(target);
    try {
      fc.modelRun(() => ({ model: state, real: target.stepwise(CPUS, FRAMES) }), drawn);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      // Only the first failure counts: the kit's own shrinker keeps the failure, too.
      if (key !== undefined && error.key !== key) return;
      if (key === undefined) before = executions;
      key = error.key;
      failing = state.steps;
      throw error;
    } finally {
      steps += state.steps.length;
    }
  });
  const from = processorMs();
  fc.check(property, { seed, numRuns: programs });
  return {
    programs: key === undefined ? executions : before,
    steps,
    key,
    executions: key === undefined ? 0 : executions - before,
    text: failing.map(printStep).join('\n'),
    length: failing.length,
    milliseconds: processorMs() - from,
  };
}
