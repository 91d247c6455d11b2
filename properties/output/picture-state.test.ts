import { describe, expect } from 'vitest';
import { eagerVmap } from '../../fixtures/simulator/implementations/eager/index.ts';
import { lazyVmap } from '../../fixtures/simulator/implementations/lazy-vmap/index.ts';
import type { Violation } from '../../reference/clauses/violation.ts';
import { judge, MalformedTrace, type Terms, type Trace } from '../../reference/judge/judge.ts';
import { type MappedRange, NOTHING } from '../../reference/model/view.ts';
import { isPrivateCopy } from '../../reference/notation/frame.ts';
import { printTraceSteps } from '../../reference/notation/print.ts';
import { DOCUMENTED, type Traits, withTraits } from '../../reference/profiles/traits.ts';
import { type Story, storyOf } from '../../src/output/picture/story.ts';
import { generator } from '../../src/programs/generate/index.ts';
import { Random } from '../../src/programs/generate/random.ts';
import { agree } from '../../src/targets/agreement.ts';
import { type EmbeddedTarget, embedded, mutant } from '../../src/targets/embedded/index.ts';
import { COPIED, Simulated } from '../support/simulated.ts';
import { testInTwoSizes } from '../support/sizes.ts';
import { drawnState, modelStates } from '../support/states.ts';

/** The picture draws the state of the judge's model, which is the state that the simulator really is in. */

const TARGETS: readonly (readonly [string, EmbeddedTarget])[] = [
  ['lazy', embedded('lazy')!],
  ['eager', embedded('eager')!],
  ...[
    'insert-without-lock',
    'map-without-flush',
    'unmap-range-drops-copies',
    'munmap-overruns',
    'insert-replaces',
    'fault-insert-outside',
    'zap-misses-last-page',
    'flush-skips-full-blocks',
  ].map((name) => [name, mutant(name)!] as const),
];

const OTHER_TRAITS: readonly Readonly<Record<string, string>>[] = [
  { tlb: 'before-return' },
  { tlb: 'never' },
  { tlb: 'never', guard: 'leading' },
  { guard: 'none' },
  { unmap_interior: 'whole' },
  { zap_mixedmap: 'zapped' },
];

/** Random traces of a target; `parallel`: percentages of traces with a parallel block, one after the other. */
function* tracesOf(
  target: EmbeddedTarget,
  count: number,
  seed: number,
  parallel: readonly number[] = [0, 100],
): Generator<Trace> {
  const { traits } = agree(target.manifest);
  const { page, calls, can } = target.manifest;
  const wishes = { traits, cpus: 3, frames: 16, page, calls, can, length: 40, pages: 4, warnings: true };
  const draws = parallel.map((percent) => generator({ ...wishes, parallel: percent }));
  for (let index = 0; index < count; index++)
    yield target.executeTrace(draws[index % draws.length](seed, index)) as Trace;
}

/** Compares the picture of traces with the model's own fields, up to the first violation. @returns how many states. */
function compareWithModel(traces: Iterable<Trace>, traits: Traits): number {
  let compared = 0;
  for (const trace of traces) {
    const { moments } = storyOf(trace, { traits, page: 4096 });
    for (const [step, state] of modelStates(trace, traits)) {
      const drawn = drawnState(moments.findLast((one) => one.step <= step)!);
      if (drawn.join() !== state.join())
        expect(drawn, `after step ${step + 1} of\n${printTraceSteps(trace)}`).toEqual(state);
      compared++;
    }
  }
  return compared;
}

describe('after each step the picture draws the state of the model', () => {
  for (const [name, target] of TARGETS)
    testInTwoSizes(name, { small: 40, full: 1000 }, (traces) => {
      const { traits } = agree(target.manifest);
      expect(compareWithModel(tracesOf(target, traces, 11), traits)).toBeGreaterThan(10 * traces);
    });

  for (const choices of OTHER_TRAITS) {
    const title = `under other traits than the target claims: ${JSON.stringify(choices)}`;
    testInTwoSizes(title, { small: 25, full: 300 }, (traces) => {
      const traits = withTraits(DOCUMENTED, Object.entries(choices));
      expect(compareWithModel(tracesOf(embedded('lazy')!, traces, 14), traits)).toBeGreaterThan(traces);
    });
  }
});

/** Steps that the simulator runs as calls of its kernel, which may be suspended. */
const isCall = ({ call }: Trace['program']['steps'][number]): boolean =>
  call.side === 'user' || (call.side === 'kernel' && call.effect !== 'none');

describe.each([
  ['lazy', lazyVmap],
  ['eager', eagerVmap],
] as const)('%s', (_name, make) => {
  const simulated = new Simulated(make());
  const { traits } = agree(simulated.target.manifest);

  testInTwoSizes('after each step the picture draws what the page tables have', { small: 100, full: 400 }, (traces) => {
    for (const trace of tracesOf(simulated.target, traces, 12, [0])) {
      const { steps, cpus, frames } = trace.program;
      const { moments, ranges } = storyOf(trace, { traits, page: 4096 });
      const execute = simulated.target.stepwise(cpus, frames);
      for (const [at, step] of steps.entries()) {
        execute(step);
        for (const range of ranges) {
          const view = moments[at].ranges.get(range.name);
          if (view?.state !== 'live' && view?.state !== 'empty') continue;
          const drawn = view.frames;
          const real = simulated.entries(range);
          // A call that fails half way leaves open which pages it has mapped.
          const fits = drawn.every((page, i) => (typeof page === 'number' ? page === real[i] : page.includes(real[i])));
          if (!fits) expect(drawn, `${range.name} after step ${at + 1} of\n${printTraceSteps(trace)}`).toEqual(real);
        }
      }
    }
  });

  const overlapping = 'while calls overlap, what the page tables have is among what the picture draws';
  testInTwoSizes(overlapping, { small: 80, full: 1500 }, (traces) => {
    let unsure = 0;
    for (const trace of tracesOf(simulated.target, traces, 13, [100])) {
      const story = storyOf(trace, { traits, page: 4096 });
      unsure += whileItRuns(simulated, trace, story);
    }
    expect(unsure).toBeGreaterThan(traces / 15);
  });
});

/** Runs a program again, and looks at the page tables whenever a call begins or ends. @returns pages drawn as unsure. */
function whileItRuns(simulated: Simulated, trace: Trace, { moments, ranges }: Story): number {
  const vmas = ranges.filter(({ name }) => name.startsWith('v'));
  const lanes = lanesOf(trace);
  const wrong: string[] = [];
  let unsure = 0;
  simulated.onCall = (cpu, ends) => {
    const step = ends ? lanes[cpu].shift() : lanes[cpu][0];
    const moment = moments.find((one) => one.step === step && (one.phase === 'call') === !ends);
    for (const vma of vmas) {
      const view = moment?.ranges.get(vma.name);
      if (!view) continue;
      // The addresses of a VMA that is gone may be those of another one.
      if (view.state === 'gone' && vmas.some((other) => other !== vma && overlap(other, vma))) continue;
      const real = simulated.entries(vma, true);
      for (const [page, drawn] of view.frames.entries()) {
        // A copy that is being made has no identity of its own yet.
        const states =
          view.state === 'gone' ? [NOTHING] : [drawn].flat().map((one) => (isPrivateCopy(one) ? COPIED : one));
        if (states.length > 1) unsure++;
        if (states.includes(real[page])) continue;
        const when = `when step ${step! + 1} ${ends ? 'returns' : 'is called'}`;
        wrong.push(`${vma.name}, page ${page}, ${when}: ${real[page]} is none of ${states}\n${printTraceSteps(trace)}`);
      }
    }
  };
  simulated.target.executeTrace(trace.program);
  simulated.onCall = undefined;
  expect(wrong[0]).toBeUndefined();
  expect(lanes.flat(), printTraceSteps(trace)).toEqual([]);
  return unsure;
}

/** For each CPU the steps that are calls of the simulated kernel, in their order. */
const lanesOf = ({ program: { steps, cpus }, outcomes }: Trace): number[][] =>
  Array.from({ length: cpus }, (_, cpu) =>
    [...steps.keys()].filter((at) => steps[at].cpu === cpu && isCall(steps[at]) && outcomes[at].kind !== 'skipped'),
  );

const overlap = (one: MappedRange, other: MappedRange): boolean =>
  one.start < other.start + other.pages && other.start < one.start + one.pages;

const toTheEnd =
  'whatever the answers are, the picture is drawn to the end and marks the step that breaks the contract';
testInTwoSizes(toTheEnd, { small: 150, full: 2000 }, (traces) => {
  const target = embedded('lazy')!;
  const { terms, traits } = agree(target.manifest);
  const random = new Random(15, 0);
  let broken = 0;
  for (const trace of tracesOf(target, traces, 15)) {
    const outcomes = trace.outcomes.slice();
    for (let n = 0; n < 2; n++) outcomes[random.below(outcomes.length)] = outcomes[random.below(outcomes.length)];
    const changed = { ...trace, outcomes };
    const violation = verdictOf(changed, terms);
    if (!violation) continue;
    const { moments } = storyOf(changed, { traits, page: 4096, violation });
    expect(moments.filter(({ offending }) => offending)).toHaveLength(1);
    expect(new Set(moments.map(({ step }) => step)).size).toBe(outcomes.length);
    broken++;
  }
  expect(broken).toBeGreaterThan(0.15 * traces);
});

/** The violation of a trace; undefined also where an answer is impossible. */
function verdictOf(trace: Trace, terms: Terms): Violation | undefined {
  try {
    return judge(trace, terms);
  } catch (error) {
    if (error instanceof MalformedTrace) return undefined;
    throw error;
  }
}
