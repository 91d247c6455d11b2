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

/** `final`: the states that some order ends in. `stuck`: the operation that no order gets past. */
export type Order<O extends Operation> =
  | { readonly kind: 'orders'; readonly final: ReadonlySet<number> }
  | { readonly kind: 'none'; readonly stuck: O; readonly passed: number }
  | { readonly kind: 'unknown' };

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
  const sizes = lanes.map((lane) => lane.length + 1);
  const total = lanes.reduce((sum, lane) => sum + lane.length, 0);
  const seen = new Set<string>();
  const final = new Set<number>();
  const stack: { at: number[]; state: number; done: number }[] = [];
  const push = (at: number[], state: number, done: number): void => {
    let place = 0;
    for (let i = 0; i < at.length; i++) place = place * sizes[i] + at[i];
    const key = `${place}/${state}`;
    if (seen.has(key)) return;
    seen.add(key);
    stack.push({ at, state, done });
  };
  for (const state of initial)
    push(
      lanes.map(() => 0),
      state,
      0,
    );
  let deepest = -1;
  let stuck: O | undefined;
  while (stack.length > 0) {
    if (seen.size > limit) return { kind: 'unknown' };
    const { at, state, done } = stack.pop()!;
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
        if (next !== undefined) push(further, next, done + 1);
        if (idle) push(further, state, done + 1);
      } else if (done > deepest || (done === deepest && operation.returned < stuck!.returned)) {
        deepest = done;
        stuck = operation;
      }
    }
  }
  return final.size > 0 ? { kind: 'orders', final } : { kind: 'none', stuck: stuck!, passed: deepest };
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
