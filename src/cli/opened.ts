import type { Program } from '../../reference/calls/valid.ts';
import type { Document } from '../../reference/notation/document.ts';
import { UsageError } from '../common/errors.ts';
import { load } from '../findings/corpus.ts';
import { withTarget as withOpenTarget } from '../run/target.ts';
import type { Agreement } from '../targets/agreement.ts';
import type { OpenTarget } from '../targets/open.ts';
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
  const { target, profile, traits, fault } = options;
  return withOpenTarget(
    { target, ...(profile === undefined ? {} : { profile }), traits: Object.fromEntries(traitChoices(traits)) },
    act,
    { cpus: Math.max(CPUS, ...programs.map(({ cpus }) => cpus)), ...(fault === undefined ? {} : { fault }) },
  );
}
