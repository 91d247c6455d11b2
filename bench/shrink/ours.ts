import type { Program } from '../../reference/calls/valid.ts';
import { Tally } from '../../reference/clauses/tally.ts';
import { judge, type Terms } from '../../reference/judge/judge.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { keyOf } from '../../src/findings/finding.ts';
import { settled } from '../../src/programs/certify/index.ts';
import { generator } from '../../src/programs/generate/index.ts';
import { shrinkNow } from '../../src/programs/shrink/index.ts';
import { agree } from '../../src/targets/agreement.ts';
import type { EmbeddedTarget } from '../../src/targets/embedded/index.ts';

/** One hunt: a mutant, a seed, the first failure, shrunk and certified. */
export interface Hunt {
  /** Programs run until one failed; 0 where none did. */
  readonly programs: number;
  readonly key: string;
  readonly originalSteps: number;
  /** Programs run to shrink it, and again what its certificate came upon. */
  readonly executions: number;
  readonly steps: number;
  readonly text: string;
  /** The smallest program that the certificate came upon: the same text where it found none smaller. */
  readonly least: string;
  readonly leastSteps: number;
  readonly certified: boolean;
  readonly tried: number;
}

/** What a certificate may take: counted in programs, so that it says the same on any machine. */
const CERTIFICATE = { programs: 50_000, milliseconds: Number.POSITIVE_INFINITY };

/** CPUs and frames of the programs. */
export const CPUS = 2;
export const FRAMES = 64;

/** How a target's programs are run and judged: the key of the failure, and its step. */
export function oracleOf(target: EmbeddedTarget) {
  const { terms, traits } = agree(target.manifest);
  const scratch = new Tally();
  const run = (program: Program) => {
    const trace = { program, outcomes: target.execute(program) };
    const violation = judge(trace, terms, scratch);
    return violation && { key: keyOf(trace, violation), step: violation.step };
  };
  return { terms: terms as Terms, traits, run };
}

/** Hunts with the kit's own generator, shrinker and certificate. */
export async function hunt(target: EmbeddedTarget, seed: number, most: number): Promise<Hunt | undefined> {
  const { terms, traits, run } = oracleOf(target);
  const { page, calls, can } = target.manifest;
  const draw = generator({ traits, cpus: CPUS, frames: FRAMES, page, calls, can, warnings: true });
  for (let programs = 1; programs <= most; programs++) {
    const program = draw(seed, programs - 1);
    const failed = run(program);
    if (!failed) continue;
    const { key, step } = failed;
    const failsNow = (candidate: Program) => run(candidate)?.key;
    const shared = { traits, page: terms.page, key };
    const shrunk = shrinkNow(program, failsNow, { ...shared, step });
    const least = await settled(shrunk, {
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
      executions: least.executions,
      steps: shrunk.program.steps.length,
      text: printSteps(shrunk.program),
      least: printSteps(least.program),
      leastSteps: least.program.steps.length,
      certified: least.certificate.certified,
      tried: least.certificate.tried,
    };
  }
  return undefined;
}
