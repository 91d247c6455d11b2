import { UsageError } from '../common/errors.ts';
import { commandLine } from '../common/shell.ts';
import { Stopped, stopSignal } from '../common/stopped.ts';
import { USUAL_CPUS, USUAL_FRAMES } from '../programs/size.ts';
import { type Agreement, agree } from '../targets/agreement.ts';
import { limited, openedWithin } from '../targets/limited.ts';
import { isEmbedded, isMachine, type OpenTarget, openDirect, openTarget, takesPoints } from '../targets/open.ts';
import { type DirectTarget, TargetFailure } from '../targets/target.ts';
import type { Budget, Jobs } from './campaign/options.ts';

/** Default seed of the library, so that a test repeats the same programs. */
const SEED = 1;
/** Default budget of the library and of `mmspec run`, in judged steps. */
const LIBRARY_STEPS = 200_000;
export const COMMAND_LINE_STEPS = 1_000_000;
/** CPUs of a virtual machine for saved programs, at least. */
const MACHINE_CPUS = 2;

/**
 * What to run programs on, and what to judge it by.
 *
 * @example
 * ```ts
 * import { run, type TargetChoice } from 'mmspec';
 *
 * const choice: TargetChoice = { target: 'embedded', profile: 'linux-6.12' };
 * const report = await run({ ...choice, budget: { programs: 100 } });
 * console.log(report.profile); // linux-6.12
 * ```
 */
export interface TargetChoice {
  /**
   * A target in this process, a specification as on the command line (`exec:./adapter`), or an opened target, which
   * stays open.
   */
  readonly target: DirectTarget | OpenTarget | string;
  /** The name of a profile, instead of the one that the target proposes. */
  readonly profile?: string;
  /** Traits that override the profile, by name: `{ tlb: 'lazy' }`. */
  readonly traits?: Readonly<Record<string, string>>;
}

/** What a run asks for besides a target. Everything has a default. */
export interface PlanOptions {
  /** The name of a profile, instead of the one that the target proposes. */
  readonly profile?: string | undefined;
  /** Traits that override the profile, by name. */
  readonly traits?: Readonly<Record<string, string>> | undefined;
  /** CPUs and frames that programs use. The default is 3 and 64, or as many as the target has. */
  readonly cpus?: number | undefined;
  readonly frames?: number | undefined;
  /** 1 by default. */
  readonly seed?: number | undefined;
  /** 200,000 steps by default. */
  readonly budget?: Budget | undefined;
  /** Programs that run side by side, or `auto`, the default. */
  readonly jobs?: Jobs | undefined;
}

/** How to open the target of a plan. */
export interface OpeningOptions extends PlanOptions {
  /** Saved programs to run: a virtual machine gets the CPUs that they need. */
  readonly programs?: readonly { readonly cpus: number }[] | undefined;
  /** Virtual machines side by side (linux targets). */
  readonly vms?: number | undefined;
  /** Name of a fault to inject into a live kernel (linux targets). */
  readonly fault?: string | undefined;
  /** Where schedules hold lanes (linux targets): `fixed`, `wide`, or a file with names of functions. */
  readonly points?: string | undefined;
  /** Ends every wait for the target when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** What to run on which target, judged by what: the result of `plan`. */
export interface Plan {
  readonly target: OpenTarget;
  readonly agreement: Agreement;
  readonly seed: number;
  readonly cpus: number;
  /** CPUs that were asked for, or the default; more than `cpus` if the target has fewer than the default. */
  readonly wantedCpus: number;
  readonly frames: number;
  readonly budget: Budget;
  readonly jobs: Jobs;
  /** When the time budget began, on the clock of `performance.now()`: before the target was opened. */
  readonly startedAt?: number;
}

/**
 * Fills in what a run leaves open. This is the one place with defaults: the functions of the library, `conformance()`
 * and every command use it.
 * @throws UsageError for an unknown profile or trait, or for more CPUs or frames than the target has.
 */
export function plan(target: OpenTarget, options: PlanOptions = {}): Plan {
  return {
    target,
    agreement: agree(target.manifest, requested(options)),
    seed: options.seed ?? SEED,
    cpus: atMost(target, 'cpus', options.cpus, USUAL_CPUS),
    wantedCpus: options.cpus ?? USUAL_CPUS,
    frames: atMost(target, 'frames', options.frames, USUAL_FRAMES),
    budget: options.budget ?? { steps: LIBRARY_STEPS },
    jobs: options.jobs ?? 'auto',
  };
}

/**
 * Opens a target unless it is open, makes a plan for it, and passes that to `act`; afterwards closes the target if it
 * was opened here. The time budget includes the opening, except that of a virtual machine, which may have to boot.
 * @throws UsageError as `plan`, and for an unknown target. TargetFailure where the target does not start. Stopped when
 * `signal` aborts.
 */
export async function withPlan<T>(
  target: TargetChoice['target'],
  options: OpeningOptions,
  act: (plan: Plan) => Promise<T>,
): Promise<T> {
  const { signal } = options;
  const startedAt = performance.now();
  const own = typeof target === 'string' ? await openInTime(target, options) : undefined;
  try {
    const made = plan(limited(own ?? asOpen(target as DirectTarget | OpenTarget), signal), options);
    return await act(own && !isMachine(own.spec) ? { ...made, startedAt } : made);
  } finally {
    await own?.close();
  }
}

/**
 * Opens a target, and waits no longer than the signal and the time budget allow.
 * @throws TargetFailure when the time budget ends first; Stopped when the signal aborts first.
 */
async function openInTime(spec: string, options: OpeningOptions): Promise<OpenTarget> {
  const { signal, budget } = options;
  // A target in this process only loads its code.
  const milliseconds = isMachine(spec) || isEmbedded(spec) ? undefined : budget?.milliseconds;
  const until = milliseconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + milliseconds;
  const stop = stopSignal(milliseconds, signal);
  try {
    return await openedWithin(open(spec, options), stop);
  } catch (error) {
    // The signal may have the same time limit.
    if (!(error instanceof Stopped) || performance.now() < until) throw error;
    throw new TargetFailure(
      `${spec} was not ready when the time budget of ${milliseconds! / 1000} s was over; give it more time, or see what it waits for with: ${commandLine('check-adapter', spec)}`,
      { cause: error },
    );
  }
}

const asOpen = (target: DirectTarget | OpenTarget): OpenTarget =>
  'spec' in target ? target : openDirect(target.manifest.name, target);

/** The profile and traits that options ask for, as `agree` takes them. */
export const requested = ({ profile, traits = {} }: PlanOptions) => ({
  ...(profile === undefined ? {} : { profile }),
  traits: new Map(Object.entries(traits)),
});

/**
 * The specification of a target with points. They are part of it, as a schedule holds for one list of points only.
 * @throws UsageError if the target has no points that can be chosen.
 */
function withPoints(spec: string, points: string | undefined): string {
  if (points === undefined) return spec;
  if (takesPoints(spec)) return `${spec},points=${points}`;
  throw new UsageError(`points ${points}: ${spec} has none; only these take them: linux:NAME, vmalloc:KDIR`);
}

function open(spec: string, { cpus, programs, vms, fault, points }: OpeningOptions): Promise<OpenTarget> {
  const needed = programs && Math.max(MACHINE_CPUS, ...programs.map((program) => program.cpus));
  const machineCpus = cpus ?? needed;
  return openTarget(withPoints(spec, points), {
    ...(machineCpus === undefined ? {} : { cpus: machineCpus }),
    ...(vms === undefined ? {} : { vms }),
    ...(fault === undefined ? {} : { fault }),
  });
}

const NOUNS = { cpus: 'CPUs', frames: 'frames' };

function atMost({ spec, manifest }: OpenTarget, what: 'cpus' | 'frames', asked: number | undefined, usual: number) {
  const most = manifest[what];
  if (asked !== undefined && asked > most)
    throw new UsageError(`${asked} ${NOUNS[what]} asked for, but ${spec} has ${most}; ask for 1 to ${most}`);
  return asked ?? Math.min(usual, most);
}
