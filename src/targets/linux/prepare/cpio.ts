/** One file or folder of an archive. */
export interface ArchiveEntry {
  readonly path: string;
  /** Undefined for a folder. */
  readonly content?: Buffer;
  /** Permission bits. */
  readonly mode: number;
}

const FILE = 0o100000;
const FOLDER = 0o040000;

const padded = (length: number): number => (length + 3) & ~3;

/**
 * One record: a header of 13 numbers with 8 hexadecimal digits each, the name, the content. Name and content are padded
 * to a multiple of 4 bytes.
 */
function record(number: number, { path, content, mode }: ArchiveEntry): Buffer {
  const name = Buffer.from(`${path}\0`, 'latin1');
  const size = content?.length ?? 0;
  const type = path === 'TRAILER!!!' ? 0 : content ? FILE : FOLDER;
  const fields = [number, type | mode, 0, 0, 1, 0, size, 0, 0, 0, 0, name.length, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  const start = padded(header.length + name.length);
  const bytes = Buffer.alloc(start + padded(size));
  bytes.write(header, 0, 'latin1');
  name.copy(bytes, header.length);
  content?.copy(bytes, start);
  return bytes;
}

/** Packs a cpio archive in the format `newc`, which Linux takes as its initial root file system. */
export function packCpio(entries: readonly ArchiveEntry[]): Buffer {
  const all = [...entries, { path: 'TRAILER!!!', content: Buffer.alloc(0), mode: 0 }];
  return Buffer.concat(all.map((entry, index) => record(index + 1, entry)));
}
