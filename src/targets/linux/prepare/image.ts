import { closeSync, openSync, readSync } from 'node:fs';

/** Length of the part of a kernel's image that is read: the header of a bzImage, and the text that it points to. */
const HEAD_BYTES = 0x8000;

/** The first bytes of a file as text, a character for each byte. */
export function headOf(file: string): string {
  const bytes = Buffer.alloc(HEAD_BYTES);
  const open = openSync(file, 'r');
  try {
    return bytes.toString('latin1', 0, readSync(open, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(open);
  }
}

/** What a bzImage says about itself. */
export interface ImageText {
  /** As `uname -r` prints it. */
  readonly release: string;
  /** As `uname -v` prints it: `#1 SMP PREEMPT_DYNAMIC ...`. */
  readonly compiled: string;
}

/**
 * Finds release and build in the header of a bzImage; the boot protocol says where they are.
 * @param head the first bytes of the file, as `headOf` reads them.
 * @returns undefined if the file is no bzImage.
 */
export function imageText(head: string): ImageText | undefined {
  if (head.length < 0x300 || head.slice(0x202, 0x206) !== 'HdrS') return undefined;
  const at = 0x200 + head.charCodeAt(0x20e) + 256 * head.charCodeAt(0x20f);
  const text = /^[^\0]*/.exec(head.slice(at, at + 400))![0];
  // Between them stands who compiled it, and where.
  const [, release, compiled = ''] = /^(\S*)(?: \(.*?\) (#.*))?/.exec(text)!;
  return { release, compiled: compiled.trim() };
}
