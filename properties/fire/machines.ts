/** What virtual machines do to the kit, and what the kit promises then. `docs/robustness.md` shows this table. */

export interface MachineBehaviour {
  readonly summary: string;
  /** A fault that is injected into the kernel. */
  readonly fault?: string;
  /** A signal that each machine receives as soon as the kit runs programs on it. */
  readonly signal?: NodeJS.Signals;
  /** What the output of the kit contains. */
  readonly says: string;
  /** The exit codes that are right. */
  readonly exit: readonly number[];
  /** A counterexample is saved. */
  readonly saves?: 'counterexample';
}

/** The time budget of each row, in milliseconds. It includes the start of the machine. */
export const MACHINE_BUDGET_MS = 10_000;

/** How much longer than its limit a run may take where a machine has to be stopped, in milliseconds. */
export const MACHINE_MARGIN_MS = 5000;

/** A failure that the budget leaves no time to see a second time ends with exit code 3. */
const FAILS = { exit: [1, 3], saves: 'counterexample' } as const;

export const MACHINES: readonly MachineBehaviour[] = [
  { summary: 'hangs in a call', fault: 'zap-hangs', says: 'timeout', ...FAILS },
  { summary: 'crashes in a call', fault: 'vfree-null-oopses', says: 'NULL pointer dereference', ...FAILS },
  { summary: 'is stopped by SIGSTOP', signal: 'SIGSTOP', says: 'judged steps', exit: [0, 3, 4] },
  { summary: 'is killed by SIGKILL', signal: 'SIGKILL', says: 'judged steps', exit: [0, 3, 4] },
];
