import { readFileSync } from 'node:fs';
import { UsageError } from './errors.ts';

/** Error codes in words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};

/**
 * Reads a text file, or standard input where the path is `-`.
 * @throws UsageError with the path and the reason.
 */
export function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`cannot read ${path}: ${REASONS[code ?? ''] ?? code ?? message}`);
  }
}
