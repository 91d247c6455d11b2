import type { Job } from './job.ts';

/** Bytes of programs in flight above which no further program is sent. */
const MAX_BYTES_IN_FLIGHT = 4 << 20;

/** Answered jobs after which the list of jobs in flight is cut: shifting it each time would cost its length. */
const CUT_AFTER = 256;

/** The programs of a session: those that wait to be sent, and those in flight (sent, not answered). */
export class JobQueue {
  readonly #maxInFlight: number;
  #waiting: Job[] = [];
  /** Oldest first, from `#first` on. */
  #inFlight: Job[] = [];
  #first = 0;
  #bytes = 0;

  /** @param maxInFlight how many programs the target can hold before it answers. */
  constructor(maxInFlight: number) {
    this.#maxInFlight = maxInFlight;
  }

  /** The job that is answered next: the oldest one in flight. */
  get head(): Job | undefined {
    return this.#inFlight[this.#first];
  }

  add(job: Job): void {
    this.#waiting.push(job);
  }

  /** Moves jobs from waiting to in flight, as many as the limits allow, and returns them. */
  takeSendable(): Job[] {
    let count = 0;
    while (
      count < this.#waiting.length &&
      this.#inFlight.length - this.#first < this.#maxInFlight &&
      this.#bytes < MAX_BYTES_IN_FLIGHT
    ) {
      const job = this.#waiting[count++];
      this.#inFlight.push(job);
      this.#bytes += job.text.length;
    }
    return this.#waiting.splice(0, count);
  }

  /** Removes the head, which was answered. */
  removeHead(): void {
    this.#bytes -= this.#inFlight[this.#first].text.length;
    this.#first++;
    if (this.#first < this.#inFlight.length && this.#first < CUT_AFTER) return;
    this.#inFlight = this.#inFlight.slice(this.#first);
    this.#first = 0;
  }

  /** Removes and returns all jobs. */
  clear(): { readonly inFlight: readonly Job[]; readonly waiting: readonly Job[] } {
    const all = { inFlight: this.#inFlight.slice(this.#first), waiting: this.#waiting };
    this.#inFlight = [];
    this.#first = 0;
    this.#bytes = 0;
    this.#waiting = [];
    return all;
  }
}
