/**
 * The search for an order: can operations that overlap in time have happened one after the other, each at one moment
 * between its call and its return? (J. Wing and C. Gong, "Testing and verifying concurrent objects", 1993.)
 *
 * An order must keep to real time, and that is all that it must keep to. A page is empty at first:
 *
 *     A  insert f1 => 0         [1 4]
 *     B  insert f2 => -EBUSY    [2 3]
 *
 * B returned first, but that does not put it first: it found the page taken, so A took effect before B did, while A was
 * still under way. The order is A, B. Here there is none:
 *
 *     A  insert f1 => 0         [3 4]
 *     B  insert f2 => -EBUSY    [1 2]
 *
 * B had returned before A was called, so only B, A keeps to real time, and then B found the page empty. So the next
 * operation of an order may be any that was called before the first return among those that are left.
 *
 * Trying every order takes time that grows with the factorial of the number of operations. But what can still follow
 * depends only on which operations are done and on the state that they left, and many orders lead to the same of both:
 * each such position is looked at once (G. Lowe, "Testing for linearizability", 2017). Some histories have too many
 * positions even so; then the answer is `unknown`, which is no violation.
 */

/** One operation on one page. The states of the page are numbers. */
export interface Operation {
  /** Logical times. */
  readonly called: number;
  readonly returned: number;
  /** The state after the operation, or undefined where it cannot have answered as it did in this state. */
  apply(state: number): number | undefined;
  /** Whether it may also have answered as it did without any effect. */
  readonly mayIdle?: (() => boolean) | undefined;
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

/** Where the search stands: how many operations of each lane are done, the state they left, and the order so far. */
interface Position<O extends Operation> {
  readonly at: readonly number[];
  /** The same as one number, or as a text where numbers are too small. */
  readonly place: number | string;
  readonly state: number;
  readonly done: number;
  readonly last?: { readonly operation: O; readonly before: Position<O> };
}

/** More states than a search can meet: each has a position of its own at least. */
const MAX_STATES = 2 ** 20;

/** The positions that a search has visited. A place says how many operations of each lane are done. */
class Visited {
  /** What one operation of each lane adds to the number of a place. Undefined if numbers cannot tell all positions apart. */
  readonly #units: readonly number[] | undefined;
  /** How many places there are. */
  readonly #places: number;
  /** The states of visited positions. */
  readonly #states: number[] = [];
  readonly #positions = new Set<number | string>();
  /** The place where no operation is done. */
  readonly start: number | string;

  constructor(lanes: readonly (readonly Operation[])[]) {
    const units: number[] = [];
    let places = 1;
    for (const { length } of lanes) {
      units.push(places);
      places *= length + 1;
    }
    this.#places = places;
    this.#units = Number.isSafeInteger(places * MAX_STATES) ? units : undefined;
    this.start = this.#units ? 0 : lanes.map(() => 0).join();
  }

  /** How many positions were visited. */
  get size(): number {
    return this.#positions.size;
  }

  /** The place after one more operation of a lane. */
  next({ at, place }: Pick<Position<Operation>, 'at' | 'place'>, lane: number): number | string {
    if (this.#units) return (place as number) + this.#units[lane];
    return at.map((done, i) => (i === lane ? done + 1 : done)).join();
  }

  /** Visits a position. Returns false if it was visited before. */
  add(place: number | string, state: number): boolean {
    let index = this.#states.indexOf(state);
    if (index < 0) index = this.#states.push(state) - 1;
    const before = this.size;
    this.#positions.add(typeof place === 'number' ? index * this.#places + place : `${place}/${state}`);
    return this.size > before;
  }
}

/** The order that led to a position. */
function orderTo<O extends Operation>(position: Position<O>): Followed<O> {
  const operations: { operation: O; state: number }[] = [];
  let { state, last } = position;
  for (; last; { state, last } = last.before) operations.unshift({ operation: last.operation, state });
  return { initial: state, operations };
}

/** The most positions that one search looks at. */
export const SEARCH_LIMIT = 100_000;

/**
 * Finds the states in which a page can be after the operations of all `lanes`, if it starts in one of `initial`.
 * @param lanes the operations of each CPU, in the order of their calls.
 * @param limit the most positions that are looked at; beyond it the answer is `unknown`.
 */
export function linearize<O extends Operation>(
  lanes: readonly (readonly O[])[],
  initial: Iterable<number>,
  limit = SEARCH_LIMIT,
): Order<O> {
  const only = lanes.length === 1 && lanes[0].length < limit ? stateAfter(lanes[0], initial) : undefined;
  if (only !== undefined) return { kind: 'orders', final: new Set([only]) };
  const total = lanes.reduce((sum, lane) => sum + lane.length, 0);
  const visited = new Visited(lanes);
  const final = new Set<number>();
  const stack: Position<O>[] = [];
  const start = lanes.map(() => 0);
  for (const state of initial)
    if (visited.add(visited.start, state)) stack.push({ at: start, place: visited.start, state, done: 0 });
  const follow = (before: Position<O>, lane: number, operation: O, state: number): void => {
    const place = visited.next(before, lane);
    if (!visited.add(place, state)) return;
    const at = before.at.slice();
    at[lane]++;
    stack.push({ at, place, state, done: before.done + 1, last: { operation, before } });
  };
  let deepest: Position<O> | undefined;
  let stuck: O | undefined;
  while (stack.length > 0) {
    if (visited.size > limit) return { kind: 'unknown' };
    const position = stack.pop()!;
    const { at, state, done } = position;
    if (done === total) {
      final.add(state);
      continue;
    }
    const first = firstReturn(lanes, at);
    for (let lane = 0; lane < lanes.length; lane++) {
      const operation = lanes[lane][at[lane]];
      // It comes next only if it was called before any of those that are left had returned.
      if (operation === undefined || operation.called >= first) continue;
      const next = operation.apply(state);
      const idle = operation.mayIdle?.() === true;
      if (next !== undefined) follow(position, lane, operation, next);
      if (idle) follow(position, lane, operation, state);
      if (next !== undefined || idle) continue;
      if (!deepest || done > deepest.done || (done === deepest.done && operation.returned < stuck!.returned)) {
        deepest = position;
        stuck = operation;
      }
    }
  }
  return final.size > 0 ? { kind: 'orders', final } : { kind: 'none', stuck: stuck!, followed: orderTo(deepest!) };
}

/**
 * The state after the operations of one lane, which have only one order. Undefined if the search must tell: there are
 * several states to start from, an operation may have had no effect, or an answer does not fit.
 */
function stateAfter(lane: readonly Operation[], initial: Iterable<number>): number | undefined {
  const [first, ...others] = initial;
  let state: number | undefined = others.length === 0 ? first : undefined;
  for (let i = 0; i < lane.length && state !== undefined; i++)
    state = lane[i].mayIdle?.() === true ? undefined : lane[i].apply(state);
  return state;
}

/** When the first of the operations that are left returned. */
function firstReturn(lanes: readonly (readonly Operation[])[], at: readonly number[]): number {
  let first = Number.POSITIVE_INFINITY;
  for (let lane = 0; lane < lanes.length; lane++) {
    const operation = lanes[lane][at[lane]];
    if (operation !== undefined && operation.returned < first) first = operation.returned;
  }
  return first;
}
