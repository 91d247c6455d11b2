import type { Program } from '../../../reference/notation/program.ts';
import type { Answer, Manifest, Target } from '../target.ts';

/** Programs given to one machine at a time; small enough that all end at about the same time. */
const SHARE = 8;

/** Several targets of a kind side by side, as one. */
export class Fleet implements Target {
  readonly manifest: Manifest;
  readonly #members: readonly Target[];
  #afresh = false;

  /** @param members at least one. */
  constructor(members: readonly Target[]) {
    this.#members = members;
    this.manifest = members[0].manifest;
  }

  async run(programs: readonly Program[]): Promise<Answer[]> {
    const traces = new Array<Answer>(programs.length);
    let next = 0;
    // Whoever wants a machine without history may be about to give it one: all of it goes to the same.
    const members = this.#afresh ? this.#members.slice(0, 1) : this.#members;
    this.#afresh = false;
    const serve = async (member: Target): Promise<void> => {
      while (next < programs.length) {
        const start = next;
        next += SHARE;
        const done = await member.run(programs.slice(start, next));
        done.forEach((trace, index) => {
          traces[start + index] = trace;
        });
      }
    };
    // Two shares on the way for each, so that none waits for the next.
    const results = await Promise.allSettled(members.flatMap((member) => [serve(member), serve(member)]));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    return traces;
  }

  async fresh(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.fresh?.()));
    this.#afresh = true;
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.close()));
  }
}
