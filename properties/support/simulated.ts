import { CHILD, type Implementation } from '../../fixtures/simulator/implementations/implementation.ts';
import { COPY, frameOf, NONE } from '../../fixtures/simulator/machine/entry.ts';
import type { Run } from '../../fixtures/simulator/machine/run.ts';
import type { MappedRange } from '../../reference/model/view.ts';
import { EmbeddedTarget } from '../../src/targets/embedded/index.ts';

/** What is said instead of the frame of a page that is mapped nowhere, and of one that is a private copy. */
export const EMPTY = -1;
export const COPIED = -2;

type Calls = Record<string, (...args: unknown[]) => unknown>;

const isRun = (result: unknown): result is Run<unknown> =>
  typeof result === 'object' && result !== null && 'next' in result;

/** An implementation whose page tables can be looked at while it runs a program. */
export class Simulated {
  readonly target: EmbeddedTarget;
  readonly #implementation: Implementation;
  readonly #kernel: { readonly ours: number; readonly theirs: number };
  /** Called whenever a call of the simulated kernel begins or ends: with the CPU that makes it. */
  onCall: ((cpu: number, ends: boolean) => void) | undefined;

  constructor(made: Implementation) {
    this.#implementation = { ...made, kernel: this.#observed(made.kernel), user: this.#observed(made.user, 'reclaim') };
    this.target = new EmbeddedTarget(this.#implementation);
    this.#kernel = { ours: this.target.manifest.windows.get('kernel')!.start, theirs: made.kernel.window.start };
  }

  /**
   * The same calls, each of which reports its begin and its end; `except`: a call that does not. The step `reclaim` calls
   * both sides, and is reported once.
   */
  #observed<T extends object>(calls: T, except?: string): T {
    const observe = this.#observe.bind(this);
    return new Proxy(calls, {
      get(target, name) {
        const value = (target as Calls)[name as string];
        if (typeof value !== 'function' || name === except) return value;
        return (...args: unknown[]) => {
          const result = value.apply(target, args);
          return isRun(result) ? observe(args[0] as number, result) : result;
        };
      },
    });
  }

  #observe(cpu: number, run: Run<unknown>): Run<unknown> {
    this.onCall?.(cpu, false);
    const ended = (): void => this.onCall?.(cpu, true);
    return (function* () {
      const result = yield* run;
      ended();
      return result;
    })();
  }

  /** The frames that the page tables have at the pages of a range, EMPTY for none; `copied`: COPIED for private copies. */
  entries({ start, space, pages }: MappedRange, copied = false): number[] {
    const { tables, frames } = this.#implementation.machine;
    const { ours, theirs } = this.#kernel;
    return Array.from({ length: pages }, (_, page) => {
      const location = start + page + (space < 0 ? 0 : CHILD);
      const entry = tables.walk(location >= ours ? location - ours + theirs : location);
      if (entry === NONE) return EMPTY;
      return copied && (entry & COPY) !== 0 ? COPIED : frames.identity(frameOf(entry));
    });
  }
}
