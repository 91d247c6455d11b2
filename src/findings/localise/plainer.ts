import type { Call, Effect, Step } from '../../../reference/calls/call.ts';
import { runsIn } from '../../../reference/calls/spaces.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import type { Clause } from '../../../reference/clauses/clause.ts';
import { CALLS, VOCABULARY } from '../../../reference/contract.ts';
import type { KnownVma } from '../../../reference/model/known-space.ts';
import { type Address, inVma } from '../../../reference/notation/address.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import { argumentOf, inSpace } from '../../programs/arguments.ts';
import { rankOf } from '../../programs/shrink/order.ts';
import { type Context, type Edit, START } from '../../programs/shrink/pass.ts';
import { exchange } from '../../programs/shrink/passes/exchange.ts';
import { repair } from '../../programs/shrink/repair.ts';
import type { Judged } from '../execution.ts';
import { culpritOfSteps, saySame } from './culprit.ts';
import { firstSteps, knownAfter, type LocaliseOptions } from './first-wrong.ts';

/**
 * Calls of the same kind share code, and promise the same in clauses of their own. Shrinking keeps the clause. So it does not
 * find out whether a plainer call of the kind has the fault, too.
 */

/** The effects of calls that `munmap` can stand in for: they unmap pages of VMAs. */
const REMOVES: readonly Effect[] = ['cuts', 'moves', 'empties'];

const REMAP = VOCABULARY.get('remap_pfn_range')!;
const ZAP = VOCABULARY.get('zap_vma_ptes')!;

/** The VMAs that are live before a step, in its address space. */
function liveBefore(program: Program, at: number, options: LocaliseOptions): readonly KnownVma[] {
  const known = knownAfter(firstSteps(program, at), options);
  if (!known) return [];
  known.enter(runsIn(program.steps[at]));
  const live = known.vmas.flatMap((vma) => (vma?.live ? [vma] : []));
  known.enter(-1);
  return live;
}

/** Edits that unmap a whole VMA in the place of a step that unmaps pages: one for each VMA that is live there. */
function* unmapWhole(program: Program, at: number, calls: readonly Call[], options: LocaliseOptions): Generator<Edit> {
  const step = program.steps[at];
  const { side, effect, binds } = step.call;
  const call = calls.find((one) => one.effect === 'ends' && one.parameters[0]?.type === 'vma');
  if (!call || side !== 'user' || !REMOVES.includes(effect) || binds !== undefined) return;
  for (const { name } of liveBefore(program, at, options)) {
    const whole: Step = { cpu: step.cpu, call, binds: -1, args: [inVma(name, 0)] };
    yield { steps: program.steps.with(at, inSpace(whole, runsIn(step))), next: START };
  }
}

/** The position of the parameter of `mmap` that says which pages a VMA may map. */
const KIND = VOCABULARY.get('mmap')!.parameters.findIndex(({ name }) => name === 'kind');
/** The arguments that `zap_vma_ptes` requires. */
const RANGE = ZAP.parameters.filter(({ optional }) => !optional);

/** Changes a step that makes or fills a VMA so that its frames are mapped by number. Undefined if that is impossible. */
function mappedByNumber(step: Step, page: number): Step | undefined {
  const { call, args } = step;
  if (call.effect === 'makes' && call.side === 'user') return { ...step, args: args.with(KIND, 'pfnmap') };
  if (call.effect !== 'fills' || call === REMAP) return step;
  const [address, frame] = [argumentOf(step, 'address'), argumentOf(step, 'frame')];
  const frames = frame === undefined ? argumentOf(step, 'frames') : [frame];
  if (address?.base !== 'v' || !frames || runsIn(step) >= 0) return undefined;
  if (frames.some((one, at) => one !== frames[0] + at)) return undefined;
  return { ...step, call: REMAP, args: [inVma(address.index, 0), address, frames[0], frames.length * page] };
}

/** The arguments of `zap_vma_ptes` in the place of a step: the range that it names, or all of a VMA that is live there. */
function rangesToZap(program: Program, at: number, options: LocaliseOptions): (readonly (Argument | undefined)[])[] {
  const { call, args } = program.steps[at];
  if (RANGE.every(({ type }, i) => call.parameters[i]?.type === type)) return [args.slice(0, RANGE.length)];
  const start = ({ name }: KnownVma): Address => inVma(name, 0);
  return liveBefore(program, at, options).map((vma) => [start(vma), start(vma), vma.pages * options.page]);
}

/**
 * Edits with `zap_vma_ptes` in the place of a call that unmaps pages and comes later in the contract. As `zap_vma_ptes` is
 * for frames that are mapped by number, the VMAs of the program and the calls that fill them change, too.
 */
function* zapByNumber(program: Program, at: number, calls: readonly Call[], options: LocaliseOptions): Generator<Edit> {
  const step = program.steps[at];
  if (step.call.effect !== 'empties' || ![ZAP, REMAP].every((one) => calls.includes(one))) return;
  const others = program.steps.map((one) => mappedByNumber(one, options.page));
  if (others.includes(undefined)) return;
  for (const args of rangesToZap(program, at, options))
    yield { steps: others.with(at, inSpace({ ...step, call: ZAP, args }, runsIn(step))), next: START };
}

/** The programs with a plainer call in the place of another one. `at`: the step to blame. */
function withPlainerCalls(program: Program, at: number, options: LocaliseOptions): Program[] {
  const calls = CALLS.filter(({ name }) => options.manifest.calls.has(name));
  const context: Context = { ...options, calls };
  const edits = [
    ...unmapWhole(program, at, calls, options),
    ...zapByNumber(program, at, calls, options),
    ...exchange.edits(program, context, undefined),
  ];
  return edits.flatMap((edit) => repair(program, edit, context) ?? []);
}

/** Whether both clauses are about removed pages that are still reached, by an entry or by a translation. */
const bothRemove = (a: Clause, b: Clause): boolean =>
  [a, b].every(({ promises }) => promises === 'unmaps' || promises === 'flushes');

/**
 * Looks for a plainer call of the same kind that breaks the same promise: `munmap` instead of `unmap_mapping_range`.
 * Plainer calls come first in the contract.
 * @returns a failing program in which the plainest such call is to blame, as it ran; undefined if no plainer call fails.
 */
export async function withPlainerCall(failed: Judged, options: LocaliseOptions): Promise<Judged | undefined> {
  const { trace, violation } = failed;
  if (!violation || violation.left || trace.program.blocks.length > 0) return undefined;
  const { step, clause } = culpritOfSteps(trace, violation);
  const rank = rankOf(trace.program.steps[step].call);
  const runs = await options.run(withPlainerCalls(trace.program, step, options));
  let best: Judged | undefined;
  let least = rank;
  for (const run of runs) {
    if (!run.violation || run.violation.left) continue;
    const culprit = culpritOfSteps(run.trace, run.violation);
    const now = rankOf(run.trace.program.steps[culprit.step].call);
    if (now >= least || !(saySame(culprit.clause, clause) || bothRemove(culprit.clause, clause))) continue;
    best = run;
    least = now;
  }
  return best;
}
