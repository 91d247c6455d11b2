/** Tells when nothing was heard for too long, with one timer however much is heard. */
export class Watchdog {
  readonly #patience: number;
  readonly #onSilence: () => void;
  #timer: NodeJS.Timeout | undefined;
  #heard = 0;

  /** @param patience longest silence, in milliseconds. */
  constructor(patience: number, onSilence: () => void) {
    this.#patience = patience;
    this.#onSilence = onSilence;
  }

  /** Something is expected from now on. */
  watch(): void {
    this.#heard = performance.now();
    this.#timer ??= setTimeout(() => this.#look(), this.#patience);
  }

  /** Something was heard. */
  heard(): void {
    this.#heard = performance.now();
  }

  /** Nothing is expected any more. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const timer = this.#timer;
    // What has arrived while this process was busy elsewhere is read first: only then is silence the target's.
    setImmediate(() => {
      if (this.#timer !== timer) return;
      this.#timer = undefined;
      const left = this.#patience - (performance.now() - this.#heard);
      if (left <= 0) this.#onSilence();
      else this.#timer = setTimeout(() => this.#look(), left);
    });
  }
}
