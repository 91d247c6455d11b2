import { UsageError } from '../../common/errors.ts';
import { readText } from '../../common/read.ts';

/** Maximum number of functions in a file of points: the harness has room for this many. */
const MAX_POINTS = 1024;

/**
 * The places at which schedules hold lanes, as the harness takes them: `wide`, or names of functions; undefined for its
 * own list.
 * @param setting `fixed`, `wide`, or a file with the name of a function on each line. `#` begins a comment.
 * @throws UsageError if the file cannot be read, or a line is not the name of a function.
 */
export function pointsOf(setting: string | undefined): string | undefined {
  if (setting === undefined || setting === 'fixed') return undefined;
  if (setting === 'wide') return setting;
  const names = readText(setting)
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*$/, '').trim())
    .filter((line) => line !== '');
  const bad = names.find((name) => !/^[A-Za-z_][\w.]*$/.test(name));
  if (bad !== undefined)
    throw new UsageError(`${setting}: ${JSON.stringify(bad)} is not the name of a function; expected one on each line`);
  if (names.length === 0) throw new UsageError(`${setting} names no function; expected one on each line`);
  if (names.length > MAX_POINTS)
    throw new UsageError(`${setting} names ${names.length} functions; at most ${MAX_POINTS} are possible`);
  return names.join(' ');
}
