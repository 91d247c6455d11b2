/** Work in turns: it can pause after each of them. */
export type Turns<T> = Generator<unknown, T, void>;

/** Does all turns without a pause. */
export function runNow<T>(work: Turns<T>): T {
  let turn = work.next();
  while (!turn.done) turn = work.next();
  return turn.value;
}

/** Milliseconds between two pauses: a signal has to wait that long. */
const MAX_BLOCKING_MS = 50;

/** Lets the event loop run now and then, since the process notices signals only there. */
export class Pause {
  #last = performance.now();

  /** Pauses if the last pause was a while ago. */
  async take(): Promise<void> {
    if (performance.now() - this.#last < MAX_BLOCKING_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#last = performance.now();
  }
}

/** Does the work turn by turn, and lets the event loop run in between. */
export async function runWithPauses<T>(work: Turns<T>): Promise<T> {
  const pause = new Pause();
  let turn = work.next();
  for (; !turn.done; turn = work.next()) await pause.take();
  return turn.value;
}
