import { UsageError } from './errors.ts';

/** Parse numbers and durations from the command line and from configuration files. */

/**
 * Returns a parser for whole numbers from `min` to `max`; `2_000` and `2,000` are read as 2000.
 * @param name what the number is for, as error messages call it: `--steps`.
 * @throws UsageError (the parser) where the text is no such number.
 */
export const wholeNumber =
  (name: string, min: number, max = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text.replaceAll('_', '').replaceAll(',', ''));
    if (!Number.isInteger(value) || value < min || value > max) {
      const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
      throw new UsageError(`${name} ${text}: expected a whole number ${range}`);
    }
    return value;
  };

/**
 * Returns a parser for durations in milliseconds: `500ms`, `30s`, `2m`, `1h`; the unit is required.
 * @param name what the duration is for, as error messages call it: `--time`.
 * @throws UsageError (the parser) if the text is no duration.
 */
export const milliseconds =
  (name: string) =>
  (text: string): number => {
    const match = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)$/.exec(text);
    if (!match) throw new UsageError(`${name} ${text}: expected a number with a unit (ms, s, m or h), such as 30s`);
    const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2]]!;
    return Number(match[1]) * unit;
  };
