import fc from 'fast-check';
import { findInvalid, type Program } from '../../reference/calls/valid.ts';
import type { Clause } from '../../reference/clauses/clause.ts';
import { Known } from '../../reference/model/known.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { UsageError } from '../common/errors.ts';
import { agree } from '../targets/agreement.ts';
import type { Manifest } from '../targets/target.ts';
import { generator } from './generate/index.ts';
import { callsOf } from './generate/options.ts';
import { candidates, type Place } from './shrink/candidates.ts';
import type { Context } from './shrink/pass.ts';
import { USUAL_CPUS, USUAL_FRAMES } from './size.ts';

/**
 * Anything that has a manifest: a target of this process, an opened one, or the manifest itself.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * import { openTarget, programs, type ProgramsTarget } from 'mmspec';
 *
 * const target = await openTarget('embedded');
 * // The manifest alone is enough; here it offers two calls only.
 * const onlyReads: ProgramsTarget = { ...target.manifest, calls: new Set(['vmap', 'read']) };
 * const drawn = fc.sample(programs(onlyReads), { numRuns: 50, seed: 1 }).flatMap(({ steps }) => steps);
 * console.log([...new Set(drawn.map(({ call }) => call.name))].sort()); // [ 'read', 'vmap' ]
 * await target.close();
 * ```
 */
export type ProgramsTarget = Manifest | { readonly manifest: Manifest };

/**
 * What the programs of `programs()` are like. Every field has a default that suits the target.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * import { openTarget, programs, type ProgramsOptions } from 'mmspec';
 *
 * const options: ProgramsOptions = { cpus: 1, maxSteps: 20, maxPages: 4 };
 * const target = await openTarget('embedded');
 * const [program] = fc.sample(programs(target, options), { numRuns: 1, seed: 1 });
 * console.log(program.cpus, program.steps.length <= 20); // 1 true
 * await target.close();
 * ```
 */
export interface ProgramsOptions {
  /** The profile whose contract the programs must respect; default: the profile that the target proposes. */
  readonly profile?: string;
  /** Traits that override the profile, `{ tlb: 'lazy' }`; default: those that the target declares. */
  readonly traits?: Readonly<Record<string, string>>;
  /** CPUs that steps run on; default: 3, or fewer if the target has fewer. */
  readonly cpus?: number;
  /** Frames that mappings are made of; default: 64, or fewer if the target has fewer. */
  readonly frames?: number;
  /** Steps of the longest program; default 400. Short programs are as likely as long ones (by order of magnitude). */
  readonly maxSteps?: number;
  /** Pages of the largest mapping; default 640, so that mappings of a huge page (512 pages) occur. */
  readonly maxPages?: number;
  /** Percentage of programs that contain a parallel block; default 0. The target must be able to run them. */
  readonly parallelPercent?: number;
  /** Whether to draw steps that make a real kernel print a warning; default: yes, unless the target reports warnings. */
  readonly warnings?: boolean;
  /** Draw the calls that exercise these clauses more often. */
  readonly favour?: readonly Clause[];
}

/** Throws unless `value` is a whole number from `least` to `most`. */
function checkRange(option: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const range = most === Number.POSITIVE_INFINITY ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new UsageError(`programs(): ${option} is ${value}, but must be a whole number ${range}`);
}

/** True for plain data of the shape of a program. Says nothing about its validity. */
function isProgram(value: unknown): value is Program {
  if (typeof value !== 'object' || value === null) return false;
  const { cpus, frames, steps, blocks } = value as Partial<Program>;
  return typeof cpus === 'number' && typeof frames === 'number' && Array.isArray(steps) && Array.isArray(blocks);
}

/** Makes fast-check print the program as text. The property is not enumerable, so that programs compare as before. */
function printable(program: Program): Program {
  return Object.defineProperty(program, fc.toStringMethod, { value: () => `\n${printSteps(program)}` });
}

/**
 * Random valid programs that shrink with the kit's own passes. Any valid program shrinks, also one from a file or from
 * the `examples` of `fc.assert`. After a successful shrink the search goes on at the same place of the same pass.
 */
class ProgramArbitrary extends fc.Arbitrary<Program> {
  readonly #draw: (seed: number) => Program;
  readonly #context: Context;

  constructor(draw: (seed: number) => Program, context: Context) {
    super();
    this.#draw = draw;
    this.#context = context;
  }

  generate(random: fc.Random): fc.Value<Program> {
    return new fc.Value(printable(this.#draw(random.nextInt())), undefined);
  }

  canShrinkWithoutContext(value: unknown): value is Program {
    if (!isProgram(value)) return false;
    const { traits, page } = this.#context;
    return findInvalid(value, new Known(traits, value.cpus, value.frames, page)) === undefined;
  }

  shrink(program: Program, place: unknown): fc.Stream<fc.Value<Program>> {
    return fc.stream(this.#smaller(program, place as Place | undefined));
  }

  *#smaller(program: Program, place: Place | undefined): IterableIterator<fc.Value<Program>> {
    for (const candidate of candidates(program, this.#context, place)) {
      yield new fc.Value(printable(candidate.program), candidate.place);
    }
  }
}

/**
 * A fast-check arbitrary of random programs that a target can run. Every program is valid: no step is undefined,
 * whatever the target answers, as long as it keeps the contract. Programs depend on the seed of fast-check alone.
 * A failing program shrinks with the kit's own passes and is printed in the kit's notation. fast-check takes every
 * failure of the property for the same one: to shrink one failure only, let the property fail for that one only.
 *
 * @param target what will run the programs; only its manifest is read (calls, abilities, limits, profile).
 * @param options sizes and contract of the programs.
 * @throws UsageError for an unknown profile or trait, a number out of range, parallel blocks that the target cannot
 * run, or a target none of whose calls is in the contract.
 *
 * @example
 * ```ts
 * import fc from 'fast-check';
 * import { agree, judge, openTarget, programs } from 'mmspec';
 *
 * const target = await openTarget('embedded');
 * const { terms } = agree(target.manifest);
 * await fc.assert(
 *   fc.asyncProperty(programs(target), async (program) => {
 *     const [trace] = await target.run([program]);
 *     return judge(trace, terms) === undefined;
 *   }),
 * );
 * await target.close();
 * ```
 */
export function programs(target: ProgramsTarget, options: ProgramsOptions = {}): fc.Arbitrary<Program> {
  const manifest = 'manifest' in target ? target.manifest : target;
  const { cpus = Math.min(USUAL_CPUS, manifest.cpus), frames = Math.min(USUAL_FRAMES, manifest.frames) } = options;
  const { maxSteps = 400, maxPages = 640, parallelPercent = 0, warnings = !manifest.can.has('warn') } = options;
  checkRange('cpus', cpus, 1, manifest.cpus);
  checkRange('frames', frames, 1, manifest.frames);
  checkRange('maxSteps', maxSteps, 1, Number.POSITIVE_INFINITY);
  checkRange('maxPages', maxPages, 1, Number.POSITIVE_INFINITY);
  checkRange('parallelPercent', parallelPercent, 0, 100);
  if (parallelPercent > 0 && (!manifest.can.has('parallel') || cpus < 2))
    throw new UsageError(
      `programs(): parallelPercent is ${parallelPercent}, but ${manifest.name} cannot run parallel blocks on ` +
        `${cpus} CPU${cpus === 1 ? '' : 's'}; a target needs the ability "parallel" and two CPUs`,
    );
  const calls = callsOf(manifest);
  if (calls.length === 0)
    throw new UsageError(
      `programs(): ${manifest.name} has no call of the contract; run \`mmspec contract\` for a list`,
    );
  const { traits } = agree(manifest, {
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    traits: new Map(Object.entries(options.traits ?? {})),
  });
  const draw = generator({
    ...manifest,
    traits,
    cpus,
    frames,
    length: maxSteps,
    pages: maxPages,
    parallel: parallelPercent,
    warnings,
    ...(options.favour ? { favour: options.favour } : {}),
  });
  return new ProgramArbitrary((seed) => draw(seed, 0), { traits, page: manifest.page, calls });
}
