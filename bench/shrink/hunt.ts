import type { Program } from '../../reference/calls/valid.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { settled } from '../../src/programs/certify/index.ts';
import { shrinkNow } from '../../src/programs/shrink/index.ts';
import type { EmbeddedTarget } from '../../src/targets/embedded/index.ts';
import { firstFailure, oracleOf } from '../oracle.ts';

/** The first failure of a mutant from one seed, shrunk and certified. */
export interface Hunt {
  /** Programs that were run until one failed. */
  readonly programs: number;
  readonly key: string;
  readonly originalSteps: number;
  /** Programs that were run to shrink it, and to shrink what the certificate found. */
  readonly executions: number;
  /** The shrunk program. */
  readonly steps: number;
  readonly text: string;
  /** The program after its certificate: smaller than the shrunk one if the certificate found a smaller one. */
  readonly certifiedSteps: number;
  readonly certifiedText: string;
  readonly certified: boolean;
  /** Shorter programs that the certificate tried. */
  readonly tried: number;
}

/** Limits of a certificate. They are in programs, so that the result is the same on every machine. */
const CERTIFICATE = { programs: 50_000, milliseconds: Number.POSITIVE_INFINITY };

/** Finds, shrinks and certifies a failure with the kit's own generator; undefined if none of the programs fails. */
export async function hunt(target: EmbeddedTarget, seed: number, maxPrograms: number): Promise<Hunt | undefined> {
  const found = firstFailure(target, seed, maxPrograms);
  if (!found) return undefined;
  const { terms, traits, run } = oracleOf(target);
  const { program, programs, key, step } = found;
  const failsNow = (candidate: Program) => run(candidate)?.key;
  const shared = { traits, page: terms.page, key };
  const shrunk = shrinkNow(program, failsNow, { ...shared, step });
  const final = await settled(shrunk, {
    ...shared,
    call: key.split(' ')[1],
    run: { failsNow },
    milliseconds: Number.POSITIVE_INFINITY,
    certificate: CERTIFICATE,
  });
  return {
    programs,
    key,
    originalSteps: program.steps.length,
    executions: final.executions,
    steps: shrunk.program.steps.length,
    text: printSteps(shrunk.program),
    certifiedSteps: final.program.steps.length,
    certifiedText: printSteps(final.program),
    certified: final.certificate.certified,
    tried: final.certificate.tried,
  };
}
