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
  /** The failure that must stay the same, the call that fails, and its step where it is known. */
  readonly key: string;
  readonly call: string;
  readonly step?: number;
  /** How a program is run: in this process, or by the batch. */
  readonly run: { readonly failsNow: FailsNow; readonly schedules?: Schedules } | { readonly fails: Fails };
  /** Time to shrink in, and for the certificate. */
  readonly milliseconds: number;
  readonly certificate: { readonly programs: number; readonly milliseconds: number };
  readonly signal?: AbortSignal;
  /** Another failure was met on the way; told once for each key. */
  readonly onOther?: (program: Program, key: string) => void;
}

export interface Minimum {
  readonly program: Program;
  /** Programs run to shrink it, those of the certificate not counted. */
  readonly executions: number;
  readonly certificate: Certificate;
}

/** A program that a certificate has brought to light is shrunk and certified again, so often at most. */
const ROUNDS = 3;

/** Shrinks a failing program, and tries whether anything shorter fails in the same way: that is then the one. */
export const minimum = async (start: Program, options: MinimumOptions): Promise<Minimum> =>
  settled(await shrunk(start, options), options);

/** What follows once a program was shrunk. */
export async function settled(
  start: Pick<Shrunk, 'program' | 'executions'>,
  options: MinimumOptions,
): Promise<Minimum> {
  const { run } = options;
  let { program, executions } = start;
  for (let round = 1; ; round++) {
    const limits = {
      ...options,
      ...options.certificate,
      ...('schedules' in run && run.schedules ? { schedules: run.schedules } : {}),
    };
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
    if (!smaller || round === ROUNDS) return { program, executions, certificate: found.certificate };
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
