/** A wait ended early: the time limit of the run is over, or a signal asked for its end. Nothing failed. */
export class Stopped extends Error {
  override readonly name = 'Stopped';

  constructor() {
    super('stopped by a signal or at the time limit, before everything ran');
  }
}

/** Longest delay of a timer, in milliseconds: about 25 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits for a promise, but no longer than until `signal` aborts.
 * @throws Stopped when the signal aborts first. The act itself goes on, and its result is ignored.
 */
export function within<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  if (signal.aborted) return Promise.reject(new Stopped());
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(new Stopped());
    signal.addEventListener('abort', stop, { once: true });
    act()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}

/** The result of an act; undefined if it was stopped. */
export async function untilStopped<T>(act: Promise<T>): Promise<T | undefined> {
  try {
    return await act;
  } catch (error) {
    if (error instanceof Stopped) return undefined;
    throw error;
  }
}

/** Calls `stop` at a time on the clock of `performance.now()`, which timers do not follow exactly. */
function stopAt(time: number, stop: () => void): void {
  const left = time - performance.now();
  setTimeout(() => (performance.now() >= time ? stop() : stopAt(time, stop)), Math.max(1, Math.ceil(left))).unref();
}

/**
 * A signal that aborts with any of the given ones, or after a time in milliseconds; undefined if nothing is given. The
 * timer keeps no process alive.
 */
export function stopSignal(
  milliseconds?: number,
  ...signals: readonly (AbortSignal | undefined)[]
): AbortSignal | undefined {
  const given = signals.filter((signal) => signal !== undefined);
  const timed = milliseconds !== undefined && milliseconds <= MAX_TIMER_MS;
  if (given.length === 0 && !timed) return undefined;
  // AbortSignal.any() and AbortSignal.timeout() may be collected as garbage before they abort.
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  if (timed) stopAt(performance.now() + milliseconds, stop);
  for (const signal of given) {
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  }
  return controller.signal;
}
