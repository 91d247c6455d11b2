import type { Call, Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import type { Clause, Promised } from '../../../reference/clauses/clause.ts';
import { FAILURE, LEAKS, REUSE, STRAY_USER } from '../../../reference/clauses/common.ts';
import type { Violation } from '../../../reference/clauses/violation.ts';
import { CALLS } from '../../../reference/contract.ts';
import type { Trace } from '../../../reference/judge/judge.ts';
import { usedNames } from '../../programs/arguments.ts';
import type { Culprit, Diagnosis } from '../finding.ts';
import { endedMeanwhile, filledAgain, overlapped } from './under-way.ts';

/** Whether a step of the call only looks at the state. */
export const onlyLooks = ({ effect, sees }: Call): boolean => effect === 'none' && sees !== 'nothing';

/** Whether a step of the call can have made the state wrong. */
export const changesState = ({ effect, side }: Call): boolean => side !== 'observe' && effect !== 'none';

/** Whether a call lists the clause as its own. Clauses that several calls share belong to no call. */
export const owns = (call: Call, clause: Clause): boolean => call.clauses.includes(clause);

/** Whether the clause belongs to no single call: calls with the same effect share the code that it is about. */
const sharedByCalls = (clause: Clause): boolean => !CALLS.some((call) => owns(call, clause));

/** Whether two clauses say the same: one clause that calls share, or the same promise of two calls. */
export const saySame = (a: Clause, b: Clause): boolean =>
  (a === b && sharedByCalls(a)) || (a.promises !== undefined && a.promises === b.promises);

/** The last step up to `end` that satisfies a condition; -1 if none exists. */
const lastStep = ({ steps }: Program, end: number, condition: (call: Call) => boolean): number =>
  steps.slice(0, end).findLastIndex(({ call }) => condition(call));

/** Whether a mapping call failed and yet left behind the frame that a later step reached. */
const leftBehind = ({ program, outcomes }: Trace, { seen }: Violation, at: number): boolean => {
  const { call, args } = program.steps[at];
  if (call.side !== 'kernel' || call.effect !== 'makes' || outcomes[at]?.kind !== 'null') return false;
  return seen.kind === 'frame' && args.some((value) => Array.isArray(value) && value.includes(seen.value));
};

/** Whether a step maps a page of an area in a VMA. */
const mapsAreaPage = (step: Step): boolean =>
  step.call.side === 'user' && step.call.effect === 'fills' && usedNames(step).some((name) => name.startsWith('a'));

/**
 * Whether a call may have kept what is left over:
 * - a flush frees what was given back before it, but it keeps nothing by itself;
 * - if the program has to map a page of an area in a VMA, a call for the VMA kept the page: an area alone leaves nothing.
 */
function mayLeave(call: Call, { steps }: Program): boolean {
  if (call.effect === 'flushes') return false;
  return call.side === 'user' || !steps.some(mapsAreaPage);
}

/** What was promised and broken if a frame is reached that must not be, by whether the page tables are right. */
const REACHED: Readonly<Partial<Record<Diagnosis, Promised>>> = { stale: 'flushes', mapped: 'unmaps' };

/** Whether the clause is of a call that changes permissions. */
const ofPermissions = (clause: Clause): boolean =>
  CALLS.some((call) => call.effect === 'protects' && owns(call, clause));

/**
 * The last step that unmapped or moved a VMA, with its clause about translations, or undefined. A CPU that reaches
 * a frame outside every VMA still walks a page table that was freed: the call that freed the table did not flush the pointer
 * to it. A call that maps something later only uses the memory of the table.
 */
function lastRemoval({ steps }: Program, end: number): Culprit | undefined {
  for (let step = end - 1; step >= 0; step--) {
    const { side, effect, clauses } = steps[step].call;
    if (side !== 'user' || !/^(ends|cuts|moves|exits)$/.test(effect)) continue;
    const clause = clauses.find(({ promises }) => promises === 'flushes');
    if (clause) return { step, clause };
  }
  return undefined;
}

const givesBack = ({ effect, side }: Call): boolean => side === 'kernel' && /^(ends|flushes|reclaims)$/.test(effect);
const takes = ({ effect, side }: Call): boolean => side === 'kernel' && effect === 'makes';

/**
 * Whether the last area that was made before a step got the address of an earlier one. If a CPU then reaches memory that is
 * not the program's, through a stale translation, it is what the earlier area mapped: memory of vmalloc, which was freed.
 */
function takenAgain({ program, outcomes }: Trace, end: number): boolean {
  const last = lastStep(program, end, takes);
  const at = outcomes[last]?.kind === 'address' ? outcomes[last].value : undefined;
  const sameAddress = (call: Call, step: number): boolean =>
    takes(call) && outcomes[step]?.kind === 'address' && outcomes[step].value === at;
  return at !== undefined && program.steps.slice(0, last).some(({ call }, step) => sameAddress(call, step));
}

/**
 * The clause to quote once it is known whether a translation is stale or the page tables are wrong. If a mapped page is not
 * reached although the page tables have it, every later call kept it: the mapping call flushed too little. A call that
 * changes permissions changes the entries, so that it may itself have flushed too little.
 */
function clauseFor(trace: Trace, { clause, also, seen, step }: Violation, diagnosis: Diagnosis | undefined): Clause {
  if (!diagnosis || ofPermissions(clause)) return clause;
  const maps = clause.promises === 'maps';
  if (maps && seen.kind === 'other' && diagnosis === 'stale' && takenAgain(trace, step)) return REUSE;
  const removal = clause.promises === 'unmaps' || clause.promises === 'flushes';
  const broken = removal ? REACHED[diagnosis] : seen.kind === 'fault' && diagnosis === 'stale' ? 'maps' : undefined;
  return (broken && also.find(({ promises }) => promises === broken)) ?? clause;
}

/**
 * The step that gave an address back before it took effect everywhere; -1 if none did. If a call was still under way when
 * the address was taken again, it is that call, wherever its lane stands in the text: calls that had returned were done.
 */
function gaveBack({ program, times }: Trace, end: number): number {
  const taken = lastStep(program, end, takes);
  const underWay = program.steps.findLastIndex(
    ({ call }, at) => givesBack(call) && overlapped(times?.[at], times?.[taken]),
  );
  return underWay >= 0 ? underWay : lastStep(program, end, givesBack);
}

/** Whether the step itself crashed, hung or warned. */
const fails = ({ seen }: Violation): boolean => ['crash', 'timeout', 'warn'].includes(seen.kind);

/**
 * The step to blame for the violation of a shrunk program. If calls overlap, their overlap is needed, so that it is one of
 * them, even if a later step shows the violation.
 */
export function culpritOf(trace: Trace, violation: Violation, diagnosis?: Diagnosis): Culprit {
  const culprit = culpritOfSteps(trace, violation, diagnosis);
  const [block] = trace.program.blocks;
  if (!block || fails(violation)) return culprit;
  // What the clean-up found says nothing about the step that it is noted at, the last one.
  const other = violation.left
    ? undefined
    : (endedMeanwhile(trace, violation.step, culprit, diagnosis) ?? filledAgain(trace, violation));
  if (other) return other;
  if (culprit.step < block.end) return culprit;
  const step = lastStep(trace.program, block.end, changesState);
  return step >= block.start ? { ...culprit, step } : culprit;
}

/**
 * The step to blame, whether calls overlap or not: the last step that made the promise of the clause, else the
 * last step that changed anything. For an address that is handed out too early, it is the step that gave it back.
 */
export function culpritOfSteps(trace: Trace, violation: Violation, diagnosis?: Diagnosis): Culprit {
  const { program } = trace;
  const end = violation.step + 1;
  // An address without a VMA belongs to no call: the call that unmapped the VMA left something behind.
  const stray = violation.clause === STRAY_USER ? violation.also[0] : undefined;
  const clause = stray ?? clauseFor(trace, violation, diagnosis);
  if (fails(violation)) return { step: violation.step, clause };
  const remover = clause === STRAY_USER && diagnosis !== 'mapped' ? lastRemoval(program, end) : undefined;
  if (remover) return remover;
  // The program is as short as possible, so the failed call is needed: what it mapped is still there.
  const failed = program.steps.findIndex((_, at) => at < violation.step && leftBehind(trace, violation, at));
  if (failed >= 0 && clause !== REUSE) return { step: failed, clause: FAILURE };
  const changed = lastStep(program, end, (call) => changesState(call) && (clause !== LEAKS || mayLeave(call, program)));
  const promised = lastStep(program, end, (call) => owns(call, clause));
  // A mapping call that promised what must happen when the area is unmapped has done its part.
  const done = promised >= 0 && program.steps[promised].call.effect === 'makes' && changed > promised;
  if (promised >= 0 && !done) return { step: promised, clause };
  if (clause === REUSE) {
    const gave = gaveBack(trace, end);
    if (gave >= 0) return { step: gave, clause };
  }
  const step = changed >= 0 ? changed : violation.step;
  // Nothing is left to undo of a mapping call that failed, so that it must have left something behind itself.
  const failedLast = program.steps[step].call.effect === 'makes' && trace.outcomes[step]?.kind === 'null';
  return { step, clause: clause === LEAKS && failedLast ? FAILURE : clause };
}

/** The steps of the block that a step lies in, by index; the step alone if it lies in no block. */
export function overlappingSteps({ blocks }: Program, step: number): readonly number[] {
  const block = blocks.find(({ start, end }) => step >= start && step < end);
  return block ? Array.from({ length: block.end - block.start }, (_, i) => block.start + i) : [step];
}
