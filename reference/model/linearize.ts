/**
 * Search for an order: whether operations that overlap in time can have happened one after the other, each at a
 * moment between its call and its return (J. Wing and C. Gong, "Testing and verifying concurrent objects", 1993), with
 * the states reached remembered (G. Lowe, "Testing for linearizability", 2017).
 */

/** One operation on one page; the states are numbers. */
export interface Operation {
  /** Logical times. */
  readonly called: number;
  readonly returned: number;
  /** The state after the operation, or undefined where it cannot have answered as it did in this state. */
  apply(state: number): number | undefined;
  /** Whether it may have answered as it did without any effect. */
  mayIdle?(): boolean;
}

/** A part of an order: operations one after the other, each with the state after it. */
export interface Followed<O extends Operation> {
  readonly initial: number;
  readonly operations: readonly { readonly operation: O; readonly state: number }[];
}

/**
 * `final`: the states that some order ends in. `stuck`: the operation that no order gets past, and the longest order
 * that can be followed up to there.
 */
export type Order<O extends Operation> =
  | { readonly kind: 'orders'; readonly final: ReadonlySet<number> }
  | { readonly kind: 'none'; readonly stuck: O; readonly followed: Followed<O> }
  | { readonly kind: 'unknown' };

/** Where the search stands: how many operations of each lane are done, and how it came there. */
interface Position<O extends Operation> {
  readonly at: readonly number[];
  readonly state: number;
  readonly done: number;
  readonly last?: { readonly operation: O; readonly before: Position<O> };
}

/** The way to a position. */
function wayTo<O extends Operation>(position: Position<O>): Followed<O> {
  const operations: { operation: O; state: number }[] = [];
  let { state, last } = position;
  for (; last; { state, last } = last.before) operations.unshift({ operation: last.operation, state });
  return { initial: state, operations };
}

/** The most states that one search looks at. */
export const SEARCH_LIMIT = 100_000;

/**
 * Finds the states in which `lanes`, each in its own order, can end when they start in one of `initial`.
 * Work is bounded by `limit` states; beyond it the answer is unknown.
 */
export function linearize<O extends Operation>(
  lanes: readonly (readonly O[])[],
  initial: Iterable<number>,
  limit = SEARCH_LIMIT,
): Order<O> {
  const total = lanes.reduce((sum, lane) => sum + lane.length, 0);
  const seen = new Set<string>();
  const final = new Set<number>();
  const stack: Position<O>[] = [];
  const push = (position: Position<O>): void => {
    const key = `${position.at.join()}/${position.state}`;
    if (seen.has(key)) return;
    seen.add(key);
    stack.push(position);
  };
  const start = lanes.map(() => 0);
  for (const state of initial) push({ at: start, state, done: 0 });
  let deepest: Position<O> | undefined;
  let stuck: O | undefined;
  while (stack.length > 0) {
    if (seen.size > limit) return { kind: 'unknown' };
    const position = stack.pop()!;
    const { at, state, done } = position;
    if (done === total) {
      final.add(state);
      continue;
    }
    for (const [lane, operation] of candidates(lanes, at)) {
      const next = operation.apply(state);
      const idle = operation.mayIdle?.() === true;
      if (next !== undefined || idle) {
        const further = at.slice();
        further[lane]++;
        const last = { operation, before: position };
        if (next !== undefined) push({ at: further, state: next, done: done + 1, last });
        if (idle) push({ at: further, state, done: done + 1, last });
      } else if (!deepest || done > deepest.done || (done === deepest.done && operation.returned < stuck!.returned)) {
        deepest = position;
        stuck = operation;
      }
    }
  }
  return final.size > 0 ? { kind: 'orders', final } : { kind: 'none', stuck: stuck!, followed: wayTo(deepest!) };
}

/** The operations that may come next: none that was called after another that is left had returned. */
function* candidates<O extends Operation>(
  lanes: readonly (readonly O[])[],
  at: readonly number[],
): Iterable<[number, O]> {
  let first = Number.POSITIVE_INFINITY;
  for (let lane = 0; lane < lanes.length; lane++) {
    const operation = lanes[lane][at[lane]];
    if (operation !== undefined && operation.returned < first) first = operation.returned;
  }
  for (let lane = 0; lane < lanes.length; lane++) {
    const operation = lanes[lane][at[lane]];
    if (operation !== undefined && operation.called < first) yield [lane, operation];
  }
}
