import type { Call } from '../calls/call.ts';
import { printStep } from '../notation/print.ts';
import type { Trace as AnyTrace, Block, Interval } from '../notation/program.ts';
import { MalformedTrace } from './answer.ts';

type Trace = AnyTrace<Call>;

/** Outcomes of steps that may lack times. */
export const UNTIMED: ReadonlySet<string> = new Set(['skipped', 'unsupported', 'crash', 'timeout']);

/** The calls and returns of a block. */
export interface Timeline {
  /** In their logical order: twice the index of the step, and 1 more for its return. */
  readonly events: readonly number[];
  /**
   * By step, counted from the start of the block: the positions of its call and its return in the order, from 1 on. The
   * model takes them as times, since the times of a trace may be large.
   */
  readonly called: readonly number[];
  readonly returned: readonly number[];
  /** The last position. */
  readonly last: number;
}

/**
 * When a step of a block was called and returned; undefined if it has no times and needs none.
 * @param before the interval of the step before it on its CPU.
 * @throws MalformedTrace if the times are missing or impossible, unless `lenient`.
 */
function intervalOf(trace: Trace, index: number, before: Interval | undefined, lenient: boolean): Interval | undefined {
  const interval = trace.times?.[index];
  if (lenient) return interval;
  const outcome = trace.outcomes[index];
  const step = trace.program.steps[index];
  if (!interval) {
    if (UNTIMED.has(outcome.kind)) return undefined;
    throw new MalformedTrace(
      index,
      `step ${index + 1}, ${printStep(step)}, is in a par block and has no times; expected [CALLED RETURNED]`,
    );
  }
  if (before && interval.called <= before.returned) {
    throw new MalformedTrace(
      index,
      `step ${index + 1}, ${printStep(step)}, was called at ${interval.called}, before the step before it on CPU ${step.cpu} returned at ${before.returned}`,
    );
  }
  return interval;
}

/** Sorts calls and returns by their times. */
interface Order {
  /** Takes an event. Returns false if another one has its time. */
  add(at: number, event: number): boolean;
  /** Calls `visit` for each event in order. `same`: it has the time of the one before. */
  visit(visit: (event: number, same: boolean) => void): void;
}

/** A table by time is used if it needs at most this many entries for each step. */
const ENTRIES_PER_STEP = 16;

/** The table of the last block. Most blocks are so short that it costs more to allocate a table than to use it. */
let spareTable = new Int32Array(128);

/** Sorts by a table with an entry for each time from 0 to `latest`. The times are distinct. */
function tableOrder(latest: number): Order {
  if (latest >= spareTable.length) spareTable = new Int32Array(2 * latest);
  const table = spareTable;
  table.fill(-1, 0, latest + 1);
  return {
    add(at, event) {
      if (table[at] >= 0) return false;
      table[at] = event;
      return true;
    },
    visit(visit) {
      for (let at = 0; at <= latest; at++) if (table[at] >= 0) visit(table[at], false);
    },
  };
}

/** Sorts any times. */
function listOrder(): Order {
  const list: { readonly at: number; readonly event: number }[] = [];
  const taken = new Set<number>();
  return {
    add(at, event) {
      const free = !taken.has(at);
      taken.add(at);
      list.push({ at, event });
      return free;
    },
    visit(visit) {
      list.sort((a, b) => a.at - b.at);
      list.forEach(({ at, event }, i) => {
        visit(event, i > 0 && at === list[i - 1].at);
      });
    },
  };
}

function orderFor(trace: Trace, block: Block, end: number, lenient: boolean): Order {
  const limit = ENTRIES_PER_STEP * (end - block.start);
  let latest = 0;
  for (let index = block.start; index < end; index++) {
    const interval = trace.times?.[index];
    if (interval === undefined) continue;
    const { called, returned } = interval;
    const fits = Number.isInteger(called) && Number.isInteger(returned) && called >= 0 && returned <= limit;
    if (!fits || called > returned || lenient) return listOrder();
    latest = Math.max(latest, returned);
  }
  return tableOrder(latest);
}

/**
 * The timeline of the steps `[block.start, end)`.
 * @throws MalformedTrace if times are missing or impossible, unless `lenient`.
 */
export function timeline(trace: Trace, block: Block, end: number, lenient: boolean): Timeline {
  const order = orderFor(trace, block, end, lenient);
  const lanes: (Interval | undefined)[] = [];
  for (let index = block.start; index < end; index++) {
    const { cpu } = trace.program.steps[index];
    const interval = intervalOf(trace, index, lanes[cpu], lenient);
    if (!interval) continue;
    lanes[cpu] = interval;
    const calledAlone = order.add(interval.called, 2 * index);
    const returnedAlone = order.add(interval.returned, 2 * index + 1);
    if ((calledAlone && returnedAlone) || lenient) continue;
    const twice = calledAlone ? interval.returned : interval.called;
    throw new MalformedTrace(index, `step ${index + 1}: the logical time ${twice} was given twice`);
  }
  const events: number[] = [];
  const called: number[] = new Array(end - block.start).fill(0);
  const returned: number[] = new Array(end - block.start).fill(0);
  let last = 0;
  order.visit((event, same) => {
    if (!same) last++;
    events.push(event);
    (event % 2 === 0 ? called : returned)[(event >> 1) - block.start] = last;
  });
  return { events, called, returned, last };
}
