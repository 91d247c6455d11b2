import type { Program } from '../../reference/calls/valid.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { shrink } from '../../src/run/shrink.ts';
import type { OpenTarget } from '../../src/targets/open.ts';

/** A program for three CPUs, from its steps. */
export const programOn3Cpus = (steps: string): Program =>
  parse(`mmspec program 1\ncpus 3\nframes 64\n${steps}\n`, VOCABULARY).entries[0].trace.program;

/** Shrinks a program that fails on a mutant, or on another target if one is given. */
export async function findingOf(
  name: string,
  steps: string,
  target: OpenTarget | string = `mutant:${name}`,
): Promise<Finding> {
  const finding = await shrink(programOn3Cpus(steps), { target, milliseconds: 100_000 });
  return finding!;
}

/** The name of the call to blame. */
export const culpritCall = ({ culprit, trace }: Finding): string | undefined =>
  culprit && trace.program.steps[culprit.step].call.name;
