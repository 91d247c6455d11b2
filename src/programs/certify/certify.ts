import type { Program } from '../../../reference/calls/valid.ts';
import { runNow, type Turns } from '../../common/event-loop.ts';
import { type Fails, type FailsNow, UNDECIDED } from '../shrink/index.ts';
import { type Certified, Certifying, type CertifyOptions } from './certifying.ts';

/** Programs that are sent to a remote target in one batch. */
const PROGRAMS_PER_BATCH = 64;

/** Certifies with a target of this process, without a pause. */
export const certifyNow = (program: Program, failsNow: FailsNow, options: CertifyOptions): Certified =>
  runNow(certifying(program, failsNow, options));

/** Certifies with a target of this process; pauses after each program that was run. */
export function* certifying(program: Program, failsNow: FailsNow, options: CertifyOptions): Turns<Certified> {
  const work = new Certifying(options, 1).run(program);
  let turn = work.next();
  while (!turn.done) {
    const verdicts = turn.value.map(failsNow);
    yield;
    turn = work.next(verdicts);
  }
  return turn.value;
}

/** Certifies with a target that runs programs in batches. */
export async function certifyBatched(program: Program, fails: Fails, options: CertifyOptions): Promise<Certified> {
  const work = new Certifying(options, PROGRAMS_PER_BATCH).run(program);
  let turn = work.next();
  while (!turn.done) {
    const verdicts = await fails(turn.value);
    turn = work.next(verdicts.map((verdict) => (verdict === UNDECIDED ? undefined : verdict)));
  }
  return turn.value;
}
