import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildRoot } from './root.ts';

/** A kernel inside an EFI program, which unpacks it when firmware starts the program. */
export interface CompressedImage {
  /** How the kernel is compressed: `gzip`, `zstd`. */
  readonly compression: string;
  readonly payload: Buffer;
}

/**
 * Finds the compressed kernel in an EFI image, whose header says where it is (`drivers/firmware/efi/libstub/zboot-header.S`).
 * @param image the whole file.
 * @returns undefined if the file is another kind of kernel.
 *
 * @example
 * ```ts
 * compressedImage(readFileSync('vmlinuz-7.2.12-loong64'))?.compression; // 'zstd'
 * ```
 */
export function compressedImage(image: Buffer): CompressedImage | undefined {
  const text = (from: number, to: number): string => image.toString('latin1', from, to);
  if (image.length < 64 || text(0, 2) !== 'MZ' || text(4, 8) !== 'zimg') return undefined;
  const start = image.readUInt32LE(8);
  const [compression] = text(24, 56).split('\0');
  return { compression, payload: image.subarray(start, start + image.readUInt32LE(12)) };
}

/**
 * Copies a kernel, unpacked if it is compressed with zstd: QEMU unpacks gzip only, and firmware takes long under emulation.
 * @param root the build root, which contains the program that unpacks it.
 * @throws CommandFailure if it cannot be unpacked.
 */
export async function copyKernel(from: string, to: string, root: BuildRoot): Promise<void> {
  const image = compressedImage(readFileSync(from));
  if (image?.compression !== 'zstd') return copyFileSync(from, to);
  const packed = `/kernel-${process.pid}.zst`;
  const unpacked = `/kernel-${process.pid}`;
  try {
    writeFileSync(join(root.folder, packed), image.payload);
    await root.run(['zstd', '-d', '-q', packed, '-o', unpacked]);
    copyFileSync(join(root.folder, unpacked), to);
  } finally {
    for (const file of [packed, unpacked]) rmSync(join(root.folder, file), { force: true });
  }
}
