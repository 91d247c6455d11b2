/** What both pages of the matrix say. */

export const INTRODUCTION =
  'What runs of random programs said about stock Linux kernels in QEMU, without KVM. A cell counts the clauses (MUST) of a group:';

/** The states of a clause, and what they mean. */
export const STATES: readonly (readonly [name: string, meaning: string])[] = [
  ['violated', 'a program breaks the clause; the link leads to the finding.'],
  ['held', 'steps could have broken the clause, and none did.'],
  ['not exercised', 'no step could have broken it in these runs.'],
  ['not observable', 'no answer of the target could break it.'],
  ['not judged', 'the clauses do not apply to this kernel, or are newer than its runs.'],
];

export const HELD_MEANS = '"Held" says that these runs found nothing, and no more.';

export const SPEED = 'The speed includes shrinking and other work on the machine at that time.';

export const FAULTS = [
  'Whether a stale translation can be seen at all under QEMU differs between architectures. So the flush is left out of a',
  'running kernel by a fault, which must then be found. On s390x the fault also clears entries of page tables without the',
  'instruction that flushes them; a kernel without faults leaves no stale kernel translations there, so ALIAS-1 is never exercised.',
];
