/** What hostile targets do, and what the kit promises then. `docs/robustness.md` shows this table. */

export interface Behaviour {
  /** The argument of hostile.mjs. */
  readonly name: string;
  readonly summary: string;
  /** Programs that are answered as they should be before it begins; 3 by default. */
  readonly after?: number;
  /** What the output of the kit contains. */
  readonly says: string;
  /** The exit codes that are right. */
  readonly exit: readonly number[];
  /** A counterexample, or the programs that were running, are saved. */
  readonly saves?: 'counterexample' | 'programs';
}

const SILENT = 'did not answer';

/** The time budget of each row, in milliseconds. */
export const BUDGET_MS = 3000;

/** Largest memory of the kit in each row, in bytes. */
export const MAX_MEMORY = 700 * 2 ** 20;

export const BEHAVIOURS: readonly Behaviour[] = [
  { name: 'crash-at-start', summary: 'exits before the handshake', says: 'exited with code 7', exit: [3] },
  { name: 'silent-at-start', summary: 'never sends the handshake', says: 'was not ready', exit: [3] },
  { name: 'half-a-handshake', summary: 'stops in the middle of the handshake', says: 'was not ready', exit: [3] },
  {
    name: 'flood-at-start',
    summary: 'sends lines without end instead of the handshake',
    says: 'was not ready',
    exit: [3],
  },
  {
    name: 'crash-in-a-program',
    summary: 'dies by a signal in the middle of a program',
    says: 'killed by SIGSEGV',
    // 3 if the budget leaves no time to see the crash a second time.
    exit: [1, 3],
    saves: 'counterexample',
    after: 0,
  },
  {
    name: 'crash-in-every-step',
    summary: 'reports a crash in the first step of each program',
    says: 'crash "always"',
    exit: [1],
    saves: 'counterexample',
    after: 0,
  },
  { name: 'hang-with-cpu', summary: 'loops for ever in a program', says: SILENT, exit: [4], after: 0 },
  { name: 'hang-without-cpu', summary: 'falls silent in a program', says: SILENT, exit: [4], after: 0 },
  { name: 'drip', summary: 'takes three seconds for each answer', says: SILENT, exit: [4], after: 0 },
  { name: 'half-a-line', summary: 'stops in the middle of a line', says: SILENT, exit: [4], after: 0 },
  { name: 'closed-stdin', summary: 'closes its standard input after the handshake', says: SILENT, exit: [4] },
  { name: 'flood-on-stdout', summary: 'sends lines without end', says: SILENT, exit: [4], after: 0 },
  { name: 'flood-without-newline', summary: 'sends one line without end', says: SILENT, exit: [4], after: 0 },
  { name: 'flood-on-stderr', summary: 'fills the log without end', says: SILENT, exit: [4], after: 0 },
  { name: 'flood-of-logs', summary: 'sends log lines in a trace without end', says: SILENT, exit: [4], after: 0 },
  { name: 'flood-of-leaks', summary: 'reports leaks without end', says: SILENT, exit: [4], after: 0 },
  {
    name: 'flood-of-outcomes',
    summary: 'sends outcomes without end',
    says: 'more outcomes than the program has steps',
    exit: [3],
    saves: 'programs',
    after: 0,
  },
  {
    name: 'wrong-id',
    summary: 'answers another program',
    says: 'expected trace',
    exit: [3],
    saves: 'programs',
    after: 0,
  },
  {
    name: 'missing-outcomes',
    summary: 'ends a trace before its outcomes',
    says: 'ended the trace after 0 outcomes',
    exit: [3],
    saves: 'programs',
    after: 0,
  },
  {
    name: 'escape-sequences',
    summary: 'sends escape sequences of a terminal as an outcome',
    says: 'broke the protocol',
    exit: [3],
    saves: 'programs',
    after: 0,
  },
  {
    name: 'error-line',
    summary: 'refuses each program with escape sequences and a command of a CI system',
    says: 'did not understand the program',
    exit: [3],
    saves: 'programs',
    after: 0,
  },
];
