import type { Program } from '../../../reference/calls/valid.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import { runWithPauses } from '../../common/event-loop.ts';
import { compare, type Fails, type FailsNow, type Schedules, type Shrunk, shrink } from '../shrink/index.ts';
import type { Certificate } from './certificate.ts';
import { certifyBatched, certifying } from './certify.ts';

export interface MinimumOptions {
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  /** The key of the failure to keep, the name of the call that fails, and the index of its step, if known. */
  readonly key: string;
  readonly call?: string;
  readonly step?: number;
  /** How a program is run: in this process, or in batches. */
  readonly run:
    | { readonly failsNow: FailsNow; readonly schedules?: Schedules }
    /** `preemptions`: programs run under every schedule with up to this many; `uncovered`: under some, but not all. */
    | { readonly fails: Fails; readonly preemptions?: number; readonly uncovered?: boolean };
  /** Time to shrink in, and limits of the certificate. */
  readonly milliseconds: number;
  readonly certificate: { readonly programs: number; readonly milliseconds: number };
  readonly signal?: AbortSignal;
  /** Called when a candidate failed in another way, once for each key. */
  readonly onOther?: (program: Program, key: string) => void;
}

export interface Minimum {
  readonly program: Program;
  /** Programs that were run to shrink it, without those of the certificate. */
  readonly executions: number;
  readonly certificate: Certificate;
}

/** How often a program that a certificate found is shrunk and certified again. */
const MAX_ROUNDS = 3;

/** Shrinks a failing program, then looks for anything shorter that fails in the same way, and shrinks that. */
export const minimum = async (start: Program, options: MinimumOptions): Promise<Minimum> =>
  settled(await shrunk(start, options), options);

/** Certifies a program that was shrunk. Shrinks and certifies again if the certificate finds a smaller one. */
export async function settled(
  start: Pick<Shrunk, 'program' | 'executions'>,
  options: MinimumOptions,
): Promise<Minimum> {
  const { run } = options;
  let { program, executions } = start;
  for (let round = 1; ; round++) {
    const limits = { ...options, ...options.certificate, ...run };
    const found =
      'failsNow' in run
        ? await runWithPauses(certifying(program, run.failsNow, limits))
        : await certifyBatched(program, run.fails, limits);
    const better = compare(found.program, program, options.page) < 0;
    if (!better) return { program, executions, certificate: found.certificate };
    const again = await shrunk(found.program, options);
    executions += again.executions;
    const smaller = compare(again.program, found.program, options.page) < 0;
    program = again.program;
    if (!smaller || round === MAX_ROUNDS) return { program, executions, certificate: found.certificate };
  }
}

function shrunk(program: Program, options: MinimumOptions): Promise<Shrunk> {
  const { traits, page, key, step, run, milliseconds, signal, onOther } = options;
  return shrink(program, {
    traits,
    page,
    key,
    milliseconds,
    ...(step === undefined || step >= program.steps.length ? {} : { step }),
    ...(signal ? { signal } : {}),
    ...(onOther ? { onOther } : {}),
    ...run,
  });
}
