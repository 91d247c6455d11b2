import { readdirSync, readFileSync } from 'node:fs';

/**
 * Milliseconds of processor time that this process has used. Other processes on the machine distort it less than they
 * distort the time by the clock.
 */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Linux counts the times in `/proc/PID/stat` in ticks, 100 of which are a second. */
const TICKS_PER_SECOND = 100;

/** A process, as `/proc/PID/stat` describes it. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Processor time, including that of its children that have ended. */
  readonly seconds: number;
}

/** Undefined if the process has just ended. */
function processOf(pid: number): Process | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is a name in parentheses, which may contain anything. These are the fields behind it (proc(5)).
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const parent = fields[1];
  const [user, system, userOfEnded, systemOfEnded] = fields.slice(11);
  return { pid, parent, seconds: (user + system + userOfEnded + systemOfEnded) / TICKS_PER_SECOND };
}

/**
 * Seconds of processor time that this process has used, together with all processes that it started, so that targets and
 * compilers count, too. On Linux only.
 */
export function processorSecondsOfAll(): number {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processOf(Number(name)) ?? []);
  const secondsUnder = ({ pid, seconds }: Process): number =>
    all.filter(({ parent }) => parent === pid).reduce((sum, child) => sum + secondsUnder(child), seconds);
  return secondsUnder(processOf(process.pid)!);
}
