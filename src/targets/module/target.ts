import { areasOfPages } from '../../../reference/calls/area-pages.ts';
import type { Step } from '../../../reference/calls/call.ts';
import type { StepOf } from '../../../reference/calls/index.ts';
import { bindsName, namedSpace } from '../../../reference/calls/spaces.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import type { Address } from '../../../reference/notation/address.ts';
import type { CallName } from '../../../reference/notation/names.ts';
import { crash, type Outcome, SKIPPED, UNSUPPORTED } from '../../../reference/notation/outcome.ts';
import type { DirectTarget } from '../target.ts';
import { completeManifest, type ManifestDescription } from './manifest.ts';

/**
 * What the names of a program stand for.
 *
 * @example
 * ```ts
 * import type { Names } from 'mmspec';
 *
 * const names: Names = { page: ({ index }) => 16 * (index + 1), word: ({ offset }) => (offset % 4096) >> 3 };
 * console.log(names.page({ base: 'a', index: 0, offset: 0 })); // 16
 * ```
 */
export interface Names {
  /** The page number that an address lies in; 0 for `null`. */
  page(address: Address): number;
  /** The 8-byte word within the page. */
  word(address: Address): number;
}

/**
 * A target as a module describes it: its manifest, and a function for each call that it has.
 *
 * @example
 * ```ts
 * import { outcomes, type TargetDescription } from 'mmspec';
 *
 * const nothing: TargetDescription = { begin() {}, calls: { read: () => outcomes.FAULT } };
 * ```
 */
export interface TargetDescription extends ManifestDescription {
  /** A page number that is never allocated: what `hole` stands for. The last page of the kernel window by default. */
  readonly hole?: number;
  /** Begins a program from scratch: nothing is mapped, frames are stamped, TLBs are empty. */
  begin(program: Program): void;
  /** Called before each step that is executed, for example to note its CPU. */
  readonly before?: (step: Step) => void;
  /** Executes a step. It is called only where all names are bound. A call that returns an address binds the step's name. */
  readonly calls: { readonly [N in CallName]?: (step: StepOf<N>, at: Names) => Outcome };
}

/**
 * Makes a target of a description: the default export of a module. Names are bound, and steps whose names are unbound are
 * skipped, here. An exception is the outcome `crash`.
 * @throws UsageError saying in words what is wrong with the manifest.
 *
 * @example
 * ```ts
 * import { outcomes, target } from 'mmspec';
 *
 * // It maps nothing, so every access faults.
 * export default target({
 *   name: 'nothing 0.1',
 *   begin() {},
 *   calls: { read: () => outcomes.FAULT },
 * });
 * ```
 */
export function target(description: TargetDescription): DirectTarget {
  const { begin, before, calls, hole, ...rest } = description;
  const table = calls as Readonly<Record<string, ((step: Step, at: Names) => Outcome) | undefined>>;
  const manifest = completeManifest({ ...rest, calls: Object.keys(calls) });
  const free = hole ?? (manifest.windows.get('kernel')?.end ?? 1) - 1;
  const execute = (program: Program): Outcome[] => {
    const bound = new Map<string, number>();
    const base = (address: Address): number | undefined =>
      address.base === 'a' || address.base === 'v'
        ? bound.get(`${address.base}${address.index}`)
        : address.base === 'hole'
          ? free
          : 0;
    const at: Names = {
      page: (address) => base(address)! + Math.floor(address.offset / manifest.page),
      word: ({ offset }) => Math.floor((((offset % manifest.page) + manifest.page) % manifest.page) / 8),
    };
    const outcomes: Outcome[] = [];
    begin(program);
    for (const step of program.steps) {
      const run = Object.hasOwn(table, step.call.name) ? table[step.call.name] : undefined;
      const named =
        step.call.naming.every((i) => step.args[i] === undefined || base(step.args[i] as Address) !== undefined) &&
        (namedSpace(step) < 0 || bound.has(`m${namedSpace(step)}`)) &&
        areasOfPages(step).every((area) => bound.has(`a${area}`));
      let outcome: Outcome;
      try {
        if (named) before?.(step);
        outcome = !named ? SKIPPED : run ? run(step, at) : UNSUPPORTED;
      } catch (error) {
        outcomes.push(crash(error instanceof Error ? error.message : String(error)));
        return outcomes;
      }
      if (bindsName(step.call, outcome)) bound.set(`${step.call.binds}${step.binds}`, outcome.value);
      outcomes.push(outcome);
    }
    return outcomes;
  };
  return { manifest, execute, executeTrace: (program) => ({ program, outcomes: execute(program) }) };
}
