import fc from 'fast-check';
import type { Call, Choose, Step } from '../reference/calls/call.ts';
import { whyInvalid } from '../reference/calls/valid.ts';
import { Tally } from '../reference/clauses/tally.ts';
import { violationKey } from '../reference/clauses/violation.ts';
import { CALLS } from '../reference/contract.ts';
import { judgeNonEffect } from '../reference/judge/answer.ts';
import { Known } from '../reference/model/known.ts';
import { Model } from '../reference/model/model.ts';
import { inArea, inObject, inVma } from '../reference/notation/address.ts';
import type { Outcome } from '../reference/notation/outcome.ts';
import { printStep } from '../reference/notation/print.ts';
import type { Argument } from '../reference/notation/signature.ts';
import { agree } from '../src/targets/agreement.ts';
import type { EmbeddedTarget } from '../src/targets/embedded/index.ts';

/**
 * The baseline: the same calls, model, target and judge, driven through `fc.commands` as its users do. A command is
 * drawn blind to the model; it holds numbers, and takes "the n-th live area" where it runs.
 */

/** Thrown by a command whose step breaks a clause. */
class Broken extends Error {
  readonly key: string;

  constructor(key: string) {
    super(key);
    this.key = key;
  }
}

/** What is known, and the judge, of one run. */
class State {
  readonly known: Known;
  readonly model: Model;
  readonly tally = new Tally();
  readonly steps: Step[] = [];

  constructor(target: EmbeddedTarget, cpus: number, frames: number) {
    const { terms, traits } = agree(target.manifest);
    this.known = new Known(traits, cpus, frames, terms.page);
    this.model = new Model(traits, this.tally, frames, terms.page, terms.windows);
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

const SIZES = [1, 1, 1, 2, 3, 4, 8, 16, 32, 64];

/** Chooses by numbers that were drawn beforehand, in order. */
class Drawn implements Choose {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  below(below: number): number {
    return this.#numbers[this.#at++ % this.#numbers.length] % below;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  of<T>(list: readonly T[]): T | undefined {
    return list.length === 0 ? undefined : list[this.below(list.length)];
  }
}

function anywhere(known: Known, choose: Drawn): Argument | undefined {
  const vma = known.vmas.length > 0 && choose.chance(50);
  const named = vma ? choose.of(known.vmas) : choose.of(known.areas);
  if (!named) return undefined;
  const offset = choose.below(named.pages + 1) * known.page;
  return vma ? inVma(named.name, offset) : inArea(named.name, offset);
}

function argument(
  known: Known,
  choose: Drawn,
  parameter: Call['parameters'][number],
  before: readonly (Argument | undefined)[],
) {
  if (parameter.draw) return parameter.draw(known, before, choose);
  switch (parameter.type) {
    case 'frame':
      return choose.below(known.frames);
    case 'frames': {
      const first = choose.below(known.frames);
      return Array.from({ length: choose.of(SIZES)! }, (_, i) => (first + i) % known.frames);
    }
    case 'area': {
      const live = (parameter.origins ?? []).flatMap((origin) => known.live[origin]);
      const area = choose.of(live);
      return area && inArea(area.name, 0);
    }
    case 'vma': {
      const vma = choose.of(known.liveVmas.filter((one) => parameter.which?.(one, known) ?? true));
      return vma && inVma(vma.name, 0);
    }
    case 'object':
      return inObject(choose.below(3), 0);
    case 'pages': {
      const [area] = before as readonly { index: number }[];
      return parameter.ofArea
        ? known.areas[area.index] && parameter.ofArea(known.areas[area.index]!)
        : 1 + choose.below(8);
    }
    case 'bytes':
      return choose.of(SIZES)! * known.page;
    case 'value':
      return 1 + choose.below(9);
    case 'choice':
      return choose.of(parameter.choices!);
    case 'flags':
      return parameter.choices!;
    default:
      return anywhere(known, choose);
  }
}

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

  #step({ known }: State): Step | undefined {
    const choose = new Drawn(this.#numbers);
    const args: (Argument | undefined)[] = [];
    for (const parameter of this.#call.parameters) {
      const given = !parameter.optional || choose.chance(parameter.often ?? 0);
      const value = given ? argument(known, choose, parameter, args) : undefined;
      if (value === undefined && !parameter.optional) return undefined;
      args.push(value);
    }
    const { binds } = this.#call;
    const name = binds === undefined ? -1 : binds === 'a' ? known.areas.length : known.vmas.length;
    const step: Step = { cpu: this.#cpu, call: this.#call, binds: name, args };
    return whyInvalid(known, step) === undefined ? step : undefined;
  }

  check(state: Readonly<State>): boolean {
    return this.#step(state as State) !== undefined;
  }

  run(state: State, real: Real): void {
    const step = this.#step(state)!;
    this.#shown = printStep(step);
    this.#call.predict?.(state.known, step);
    state.judge(step, real(step));
  }

  toString(): string {
    return this.#shown;
  }
}

/** What a run of the baseline came to. */
export interface BaselineRun {
  /** Programs until the first failure; all of them where none failed. */
  readonly programs: number;
  /** Steps that were executed and judged. */
  readonly steps: number;
  readonly key: string | undefined;
  /** Programs run after the first failure, to shrink it. */
  readonly executions: number;
  /** The steps that are left, as text. */
  readonly text: string;
  readonly length: number;
  readonly milliseconds: number;
}

/** Runs at most `programs` programs through `fc.commands`, and lets it shrink the first failure. */
export function runCommands(target: EmbeddedTarget, seed: number, programs: number, maxCommands = 100): BaselineRun {
  const cpus = 2;
  const frames = 64;
  const calls = CALLS.filter(
    (call) => call.weight > 0 && target.manifest.calls.has(call.name) && call.effect !== 'arms',
  );
  const one = (call: Call) =>
    fc
      .tuple(fc.nat(cpus - 1), fc.array(fc.nat(1 << 20), { minLength: 8, maxLength: 8 }))
      .map(([cpu, numbers]) => new CallCommand(call, cpu, numbers));
  let executions = 0;
  let before = 0;
  let steps = 0;
  let key: string | undefined;
  let shown: readonly Step[] = [];
  const property = fc.property(fc.commands(calls.map(one), { maxCommands, size: '+4' }), (commands) => {
    executions++;
    const state = new State(target, cpus, frames);
    try {
      fc.modelRun(() => ({ model: state, real: target.stepwise(cpus, frames) }), commands);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      // The same failure as the first one, or none: the kit's own shrinker asks for no less.
      if (key !== undefined && error.key !== key) return;
      if (key === undefined) before = executions;
      key = error.key;
      shown = state.steps;
      throw error;
    } finally {
      steps += state.steps.length;
    }
  });
  const from = performance.now();
  fc.check(property, { seed, numRuns: programs });
  return {
    programs: key === undefined ? executions : before,
    steps,
    key,
    executions: key === undefined ? 0 : executions - before,
    text: shown.map(printStep).join('\n'),
    length: shown.length,
    milliseconds: performance.now() - from,
  };
}
