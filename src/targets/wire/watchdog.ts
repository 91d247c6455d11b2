/** Reports when nothing was heard for too long. Needs only one timer, however often something is heard. */
export class Watchdog {
  readonly #timeout: number;
  readonly #onSilence: () => void;
  #timer: NodeJS.Timeout | undefined;
  #heard = 0;

  /** @param timeout maximum silence, in milliseconds. */
  constructor(timeout: number, onSilence: () => void) {
    this.#timeout = timeout;
    this.#onSilence = onSilence;
  }

  /** Starts to watch: something is expected. */
  watch(): void {
    this.#heard = performance.now();
    this.#timer ??= setTimeout(() => this.#look(), this.#timeout);
  }

  /** Something was heard. */
  heard(): void {
    this.#heard = performance.now();
  }

  /** Stops watching: nothing is expected. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const timer = this.#timer;
    // Input that arrived while this process was busy must be read before the silence can be blamed on the target.
    setImmediate(() => {
      if (this.#timer !== timer) return;
      this.#timer = undefined;
      const left = this.#timeout - (performance.now() - this.#heard);
      if (left <= 0) this.#onSilence();
      else this.#timer = setTimeout(() => this.#look(), left);
    });
  }
}
