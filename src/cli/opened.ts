import { findInvalid, type Program } from '../../reference/calls/valid.ts';
import { Known } from '../../reference/model/known.ts';
import type { Document } from '../../reference/notation/document.ts';
import { printStep } from '../../reference/notation/print.ts';
import { UsageError } from '../common/errors.ts';
import { load } from '../findings/corpus.ts';
import { type Judged, sample, triesOf } from '../findings/execution.ts';
import { type Agreement, agree } from '../targets/agreement.ts';
import { type OpenTarget, openTarget } from '../targets/open.ts';
import { traitChoices } from './options.ts';

/** Options that say what a saved program is run on. */
export interface TargetOptions {
  readonly target: string;
  readonly profile?: string;
  readonly traits?: string[];
  readonly fault?: string;
}

/**
 * The one program of a file.
 * @throws UsageError where there is none, or more than one.
 */
export function loadOne(file: string) {
  const { document } = load(file);
  const { entries } = document;
  if (entries.length !== 1)
    throw new UsageError(
      entries.length === 0
        ? `${file} has no step`
        : `${file} has ${entries.length} programs, expected one: write the others to files of their own`,
    );
  return { document, trace: entries[0].trace };
}

/** Where a program comes from that holds here: it may be meant for another target. */
export function recordedOn({ header }: Document, { manifest }: OpenTarget): string {
  const { target } = header;
  return target === undefined || target === manifest.name
    ? ''
    : `; it was recorded on ${target}, and --target says where to run it`;
}

/** CPUs of a target that is given as many as are asked for. */
const CPUS = 2;

/** Opens a target that has the CPUs that some programs need, does something with it, and closes it whatever happens. */
export async function withTarget<T>(
  options: TargetOptions,
  programs: readonly Program[],
  act: (target: OpenTarget, agreement: Agreement) => Promise<T>,
): Promise<T> {
  const target = await openTarget(options.target, {
    cpus: Math.max(CPUS, ...programs.map(({ cpus }) => cpus)),
    ...(options.fault === undefined ? {} : { fault: options.fault }),
  });
  try {
    const asked = {
      ...(options.profile === undefined ? {} : { profile: options.profile }),
      traits: traitChoices(options.traits),
    };
    return await act(target, agree(target.manifest, asked));
  } finally {
    await target.close();
  }
}

/** Throws where a program is undefined on the target, or asks for more than it has. */
export function checkFits(file: string, program: Program, target: OpenTarget, agreement: Agreement): void {
  const { cpus, frames, page } = target.manifest;
  if (program.cpus > cpus)
    throw new UsageError(`${file}: the program needs ${program.cpus} CPUs, ${target.spec} has ${cpus}`);
  if (program.frames > frames)
    throw new UsageError(`${file}: the program needs ${program.frames} frames, ${target.spec} has ${frames}`);
  const invalid = findInvalid(program, new Known(agreement.traits, program.cpus, program.frames, page));
  if (!invalid) return;
  const step = printStep(program.steps[invalid.step]);
  throw new UsageError(
    `${file}: step ${invalid.step + 1}, ${step}, is undefined under ${agreement.profile}: ${invalid.why}`,
  );
}

/** How often a program is run if nothing else is said. */
export const timesOf = (target: OpenTarget, program: Program): number => (target.direct ? 1 : triesOf(program));

/** Runs a program until it fails, or some times; the run that failed, or else the first. */
export async function runSome(
  target: OpenTarget,
  { terms }: Agreement,
  program: Program,
  most = timesOf(target, program),
): Promise<Judged> {
  let first: Judged | undefined;
  const failing = (run: Judged): boolean => {
    first ??= run;
    return run.violation !== undefined;
  };
  const { failed } = await sample(program, { target, terms, most, enough: 1, failing });
  return failed[0] ?? first!;
}
