import type { Program } from '../../../../reference/calls/valid.ts';
import type { Answer, Manifest, OnAnswer, Spent, Target } from '../../target.ts';
import { sumOfSpent } from '../../wire/spent.ts';

/** Programs sent to a member at a time: few, so that all members finish at about the same time. */
const SHARE = 8;

/** Several targets of the same kind, used as one. */
export class Fleet implements Target {
  readonly manifest: Manifest;
  readonly #members: readonly Target[];
  /** The next programs run on fresh members. */
  #fresh = false;

  /** @param members at least one. */
  constructor(members: readonly Target[]) {
    this.#members = members;
    this.manifest = members[0].manifest;
  }

  async run(programs: readonly Program[], onAnswer?: OnAnswer): Promise<Answer[]> {
    const traces = new Array<Answer>(programs.length);
    let next = 0;
    // A caller that wants a target without history may be about to build one up, so all programs go to one member.
    const members = this.#fresh ? this.#members.slice(0, 1) : this.#members;
    this.#fresh = false;
    const serve = async (member: Target): Promise<void> => {
      while (next < programs.length) {
        const start = next;
        next += SHARE;
        const done = await member.run(programs.slice(start, next), (index, answer) =>
          onAnswer?.(start + index, answer),
        );
        done.forEach((trace, index) => {
          traces[start + index] = trace;
        });
      }
    };
    // Each member has two shares in flight, so that it never waits for the next one.
    const results = await Promise.allSettled(members.flatMap((member) => [serve(member), serve(member)]));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    return traces;
  }

  entered(): ReadonlySet<string> {
    return new Set(this.#members.flatMap((member) => [...(member.entered?.() ?? [])]));
  }

  async spent(): Promise<Spent | undefined> {
    const all = await Promise.all(this.#members.map((member) => member.spent?.()));
    return sumOfSpent(all.filter((one) => one !== undefined));
  }

  async fresh(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.fresh?.()));
    this.#fresh = true;
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.close()));
  }
}
