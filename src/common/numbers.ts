import { UsageError } from './errors.ts';

/** Reads numbers from the command line and from configuration files. */

/** A whole number of at least `least`. */
export const wholeNumber =
  (name: string, least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text.replaceAll('_', '').replaceAll(',', ''));
    if (!Number.isInteger(value) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
      throw new UsageError(`${name} ${text}: expected a whole number ${range}`);
    }
    return value;
  };

/** A duration, `500ms`, `30s`, `2m`, `1h`; a bare number is seconds. In milliseconds. */
export function milliseconds(text: string): number {
  const match = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)?$/.exec(text);
  if (!match) throw new UsageError(`duration ${text}: expected a number with ms, s, m or h, such as 30s`);
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] ?? 's']!;
  return Number(match[1]) * unit;
}
