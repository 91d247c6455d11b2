import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BuildRoot } from '../../../src/targets/linux/prepare/root.ts';
import { compressedImage, copyKernel } from '../../../src/targets/linux/prepare/zboot.ts';
import { folder } from '../../support/cli.ts';

/** An EFI image that contains a compressed kernel. */
function imageWith(compression: string, payload: string): Buffer {
  const header = Buffer.alloc(64);
  header.write('MZ', 0);
  header.write('zimg', 4);
  header.writeUInt32LE(header.length, 8);
  header.writeUInt32LE(payload.length, 12);
  header.write(compression, 24);
  return Buffer.concat([header, Buffer.from(payload), Buffer.from('what follows')]);
}

/** A build root whose zstd writes what it was given between brackets. */
function fakeRoot(): BuildRoot {
  const root = folder();
  const run = async ([program, , , packed, , unpacked]: readonly string[]): Promise<string> => {
    writeFileSync(join(root, unpacked), `${program}[${readFileSync(join(root, packed), 'utf8')}]`);
    return '';
  };
  return { folder: root, run } as unknown as BuildRoot;
}

/** The kernel that is booted if a package contains `image`. */
async function copied(image: Buffer): Promise<string> {
  const [from, to] = ['vmlinuz', 'kernel'].map((name) => join(folder(), name));
  writeFileSync(from, image);
  await copyKernel(from, to, fakeRoot());
  return readFileSync(to, 'latin1');
}

test('the header of an EFI image says where the compressed kernel is', () => {
  const { compression, payload } = compressedImage(imageWith('zstd', 'kernel'))!;
  expect([compression, payload.toString()]).toEqual(['zstd', 'kernel']);
  expect(compressedImage(Buffer.from('MZ'))).toBeUndefined();
  expect(compressedImage(Buffer.alloc(4096))).toBeUndefined();
});

test('a kernel that QEMU cannot unpack is unpacked in the build root', async () => {
  expect(await copied(imageWith('zstd', 'kernel'))).toBe('zstd[kernel]');
});

test('every other kernel is copied as it is', async () => {
  for (const image of [imageWith('gzip', 'kernel'), Buffer.from('\x7fELF kernel')])
    expect(await copied(image)).toBe(image.toString('latin1'));
});
