import { constants } from 'node:os';
import { printError } from '../common/terminal.ts';

/** How long a command may take to write its report after a signal, in milliseconds; then the process ends anyway. */
const MAX_ENDING_MS = 1500;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const abort = new AbortController();
/** The command can end early with a report. */
let canReport = false;

/** The command handles signals. */
let handling = false;

/**
 * A signal that aborts when the user or the system asks the command to end. Commands that run no target do not ask for
 * it: they do not let the event loop run, so only the default action of the system ends them at once.
 */
export function interruption(): AbortSignal {
  handleSignals();
  return abort.signal;
}

/**
 * Handles SIGINT, SIGTERM and SIGHUP. A command that has a report to write is asked to end; if it takes too long, or at
 * the second signal, the process ends. Any other command ends at once. Ending this way also ends all targets.
 */
function handleSignals(): void {
  if (handling) return;
  handling = true;
  for (const name of SIGNALS) {
    process.on(name, () => {
      const code = 128 + constants.signals[name];
      if (!canReport || abort.signal.aborted) process.exit(code);
      setTimeout(() => {
        printError(`the command did not end within ${MAX_ENDING_MS / 1000} s after ${name}\n`);
        process.exit(process.exitCode ?? code);
      }, MAX_ENDING_MS).unref();
      abort.abort();
    });
  }
}

/** Runs `act` with a signal that SIGINT and SIGTERM abort, so that a report can still be written. */
export function interruptible<T>(act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  canReport = true;
  return act(interruption());
}
