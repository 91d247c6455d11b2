import { readFileSync } from 'node:fs';
import { UsageError } from './errors.ts';

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
};

/**
 * The text of a file, or of standard input where the path is `-`.
 * @throws UsageError with the path, and why it cannot be read.
 */
export function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`cannot read ${path}: ${WHY[code ?? ''] ?? code ?? message}`);
  }
}
