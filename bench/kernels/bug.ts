import type { CallName } from '../../reference/notation/names.ts';

/** A text in a source file, and what replaces it. The text occurs once in the function that is named. */
export interface Edit {
  readonly file: string;
  /** The line with which the function begins, so that the text is searched in it only. */
  readonly function: string;
  readonly from: string;
  readonly to: string;
}

/** How the sources become a target: `vmalloc`, without a kernel, or `kernel`, which is built and booted. */
export type Way = 'vmalloc' | 'kernel';

/** A bug that is put into the sources of Linux 6.12: one that was fixed, one like it, or an ordinary slip. */
export interface Bug {
  readonly name: string;
  readonly edit: Edit;
  /** The calls whose code is wrong: a fair report blames one of them. */
  readonly calls: readonly CallName[];
  /** Where the bug, or one like it, was real: the commit of the fix; undefined for an ordinary slip. */
  readonly fix?: string;
  /** Only overlapping calls show it. */
  readonly race?: true;
  /** The only way in which programs can see it; undefined if both ways show it. */
  readonly only?: Way;
}

/** How many times as long a race is looked for as a sequential bug, since it takes more programs. */
const RACE_FACTOR = 4;

/** For how many seconds to look for a bug. `seconds`: for a sequential one. */
export const timeFor = ({ race }: Pick<Bug, 'race'>, seconds: number): number =>
  race ? RACE_FACTOR * seconds : seconds;

export const VMALLOC = 'mm/vmalloc.c';
export const MEMORY = 'mm/memory.c';

/** An edit of a function of a file. */
export const edit = (file: string, name: string, from: string, to: string): Edit => ({
  file,
  function: name,
  from,
  to,
});
