/** What hostile targets do, and what the kit promises then. `docs/robustness.md` shows this table. */

export interface Behaviour {
  /** The argument of hostile.mjs, unless `kind` is given. */
  readonly name: string;
  /** What the target is instead of hostile.mjs: see `targets.ts`. */
  readonly kind?: 'library' | 'module' | 'socket';
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

/** A crash in a program. The exit code is 3 if the budget leaves no time to see it a second time. */
const CRASHES = { exit: [1, 3], saves: 'counterexample' } as const;

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
    ...CRASHES,
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
    name: 'duplicate-id',
    summary: 'answers each program twice',
    says: 'expected trace',
    exit: [3],
    saves: 'programs',
    after: 0,
  },
  {
    name: 'late-id',
    summary: 'answers a program that was answered before',
    says: 'expected trace',
    exit: [3],
    saves: 'programs',
  },
  { name: 'crash-between-programs', summary: 'ends between two programs', ...CRASHES, says: 'exited with code 3' },
  { name: 'ignores-signals', summary: 'ignores all signals that it can', says: 'What was not tested', exit: [4] },
  {
    name: 'grandchild',
    summary: 'starts a process that goes on',
    says: 'What was not tested',
    exit: [4],
    after: 7777,
  },
  {
    name: 'grandchild-in-own-session',
    summary: 'starts a process in a session of its own',
    says: 'What was not tested',
    exit: [4],
    after: 7777,
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
  {
    name: 'hostile-name',
    summary: 'has escape sequences and commands of a CI system in its name and in what it answers',
    says: 'crash "\\u001b[2J',
    exit: [1],
    saves: 'counterexample',
    after: 0,
  },
  {
    name: 'last-words',
    summary: 'crashes with escape sequences and commands of a CI system as its last words',
    says: '::stop-commands::x',
    ...CRASHES,
    after: 0,
  },
  {
    name: 'FAULTS',
    kind: 'library',
    summary: 'is a shared library that faults',
    ...CRASHES,
    says: 'killed by SIGSEGV',
  },
  {
    name: 'EXITS',
    kind: 'library',
    summary: 'is a shared library that ends the process',
    ...CRASHES,
    says: 'exited with code 5',
  },
  {
    name: 'NEVER_RETURNS',
    kind: 'library',
    summary: 'is a shared library that never returns',
    says: SILENT,
    exit: [4],
  },
  { name: 'throws', kind: 'module', summary: 'is a module that throws', ...CRASHES, says: 'thrown at once' },
  {
    name: 'throws later',
    kind: 'module',
    summary: 'is a module that throws after its answer',
    ...CRASHES,
    says: 'thrown later',
  },
  {
    name: 'exits the process',
    kind: 'module',
    summary: 'is a module that ends the process',
    ...CRASHES,
    says: 'exited with code 6',
  },
  {
    name: 'blocks the event loop',
    kind: 'module',
    summary: 'is a module that blocks the event loop',
    says: SILENT,
    exit: [4],
  },
  {
    name: 'allocates without end',
    kind: 'module',
    summary: 'is a module that allocates without end',
    ...CRASHES,
    says: 'SIGABRT',
  },
  { name: 'refuses', kind: 'socket', summary: 'is a socket where nobody listens', says: 'was not ready', exit: [3] },
  {
    name: 'when it is connected',
    kind: 'socket',
    summary: 'resets each connection at once',
    says: 'could not be started',
    exit: [3],
  },
  {
    name: 'in the handshake',
    kind: 'socket',
    summary: 'resets the connection in the handshake',
    says: 'could not be started',
    exit: [3],
  },
  {
    name: 'after the handshake',
    kind: 'socket',
    summary: 'resets the connection after the handshake',
    ...CRASHES,
    says: 'the connection',
  },
  {
    name: 'in a program',
    kind: 'socket',
    summary: 'resets the connection when a program comes',
    ...CRASHES,
    says: 'the connection',
  },
  {
    name: 'in a trace',
    kind: 'socket',
    summary: 'resets the connection in a trace',
    ...CRASHES,
    says: 'the connection',
  },
  {
    name: 'after a trace',
    kind: 'socket',
    summary: 'resets the connection after each trace',
    ...CRASHES,
    says: 'the connection',
  },
];
