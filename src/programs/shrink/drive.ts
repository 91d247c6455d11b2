/** Work that can be left alone for a moment at each of its turns. */
export type Work<T> = Generator<unknown, T, void>;

/** Does all of it in one go. */
export function atOnce<T>(work: Work<T>): T {
  let turn = work.next();
  while (!turn.done) turn = work.next();
  return turn.value;
}

/** Milliseconds that the event loop may have to wait. */
const PATIENCE = 50;

/** Lets the event loop in now and then: a signal is noticed only there. */
export class Breath {
  #last = performance.now();

  async take(): Promise<void> {
    if (performance.now() - this.#last < PATIENCE) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#last = performance.now();
  }
}

/** Does it turn by turn, and lets the event loop in between. */
export async function withBreaths<T>(work: Work<T>): Promise<T> {
  const breath = new Breath();
  let turn = work.next();
  for (; !turn.done; turn = work.next()) await breath.take();
  return turn.value;
}
