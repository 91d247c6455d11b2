import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HOST } from '../../src/targets/linux/arch/index.ts';
import { fragmentFor } from '../../src/targets/linux/config/fragment.ts';

/** Writes a file, and the folders above it. Returns its path. */
export function writeBelow(folder: string, path: string, content: string | Buffer): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
  return join(folder, path);
}

/** The part of a bzImage that contains its release. `build`: the number that each build increments. */
export function imageOf(release: string, build = 1): Buffer {
  const bytes = Buffer.alloc(0x4000);
  bytes.write('HdrS', 0x202, 'latin1');
  bytes.writeUInt16LE(0x3000 - 0x200, 0x20e);
  bytes.write(`${release} (me@here) #${build} SMP PREEMPT Mon Nov 2 10:00:00 UTC 2026\0`, 0x3000, 'latin1');
  return bytes;
}

/** Makes what mmspec reads of the build folder of a kernel, and no more: nothing can be built there. */
export function buildFolder(kdir: string, release: string, console: 'y' | 'm' | 'n' = 'y'): string {
  writeBelow(kdir, 'include/generated/utsrelease.h', `#define UTS_RELEASE "${release}"\n`);
  writeBelow(kdir, 'Module.symvers', '');
  writeBelow(kdir, '.config', fragmentFor(HOST).replace('VIRTIO_CONSOLE=y', `VIRTIO_CONSOLE=${console}`));
  return kdir;
}
