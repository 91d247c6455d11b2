import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../../common/errors.ts';

/** A kernel that the user built, looked at before anything is made of it. */
export interface OwnKernel {
  readonly kernel: string;
  readonly kdir: string;
  /** `uname -r`. */
  readonly release: string;
  /** A short hash of what the harness's build depends on: another build of the same release has another. */
  readonly build: string;
  /** Whether the way to the kit is a module of it. */
  readonly needsModules: boolean;
  /** Folders to look for the kernel's modules in. */
  readonly modules: readonly string[];
}

/** What a kernel must be able to do to be a target; `true` where a module will do. */
const NEEDED: Readonly<Record<string, boolean>> = {
  MODULES: false,
  KPROBES: false,
  KALLSYMS: false,
  BLK_DEV_INITRD: false,
  DEVTMPFS: false,
  PROC_FS: false,
  SYSFS: false,
  SERIAL_8250_CONSOLE: false,
  PCI: false,
  VIRTIO_PCI: true,
  VIRTIO_CONSOLE: true,
};

const WHERE = 'a build (make bzImage) leaves one in arch/x86/boot/bzImage';

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

/** The release that is written into a bzImage, as its boot protocol says where. */
function releaseOfImage(kernel: string): string {
  const head = Buffer.alloc(0x8000);
  const file = openSync(kernel, 'r');
  const length = readSync(file, head, 0, head.length, 0);
  closeSync(file);
  if (head.toString('latin1', 0, 4) === '\x7fELF')
    throw new UsageError(`${kernel} is the kernel before it was packed; take arch/x86/boot/bzImage`);
  if (length < 0x300 || head.toString('latin1', 0x202, 0x206) !== 'HdrS')
    throw new UsageError(`${kernel} is no bzImage; ${WHERE}`);
  const at = head.readUInt16LE(0x20e) + 0x200;
  return /^[^\s\0]*/.exec(head.toString('latin1', at, at + 200))![0];
}

/** The release that modules built in a folder are for. */
function releaseOfFolder(kdir: string): string {
  const inside = (path: string): string => join(kdir, path);
  const header = inside('include/generated/utsrelease.h');
  if (isFile(inside('Kbuild')) && !isFile(header))
    throw new UsageError(`nothing is built in ${kdir}; build there: make bzImage modules`);
  if (!isFile(header))
    throw new UsageError(
      `${kdir} is no build folder of a kernel, and has no headers of one; name the one that make was run in`,
    );
  if (!isFile(inside('Module.symvers')))
    throw new UsageError(`${kdir} has no Module.symvers, so modules cannot be built for it; there: make modules`);
  return /UTS_RELEASE "([^"]*)"/.exec(readFileSync(header, 'utf8'))?.[1] ?? '';
}

/**
 * Checks a kernel's configuration, as far as it is known; tells whether the way to the kit is a module.
 * @throws UsageError naming what it lacks.
 */
function checkConfiguration(kdir: string): boolean {
  const path = join(kdir, '.config');
  if (!isFile(path)) return false;
  const set = new Map([...readFileSync(path, 'utf8').matchAll(/^CONFIG_(\w+)=([ym])$/gm)].map((m) => [m[1], m[2]]));
  const missing = Object.keys(NEEDED).filter((name) => set.get(name) !== 'y' && !(NEEDED[name] && set.has(name)));
  if (missing.length === 0) return set.get('VIRTIO_CONSOLE') === 'm';
  const enable = missing.map((name) => `-e ${name}`).join(' ');
  throw new UsageError(
    `the kernel of ${kdir} lacks ${missing.map((name) => `CONFIG_${name}`).join(', ')}; ` +
      `there: scripts/config ${enable} && make olddefconfig bzImage modules`,
  );
}

/**
 * Looks at a kernel that the user built.
 * @param kernel its bzImage.
 * @param kdir its build folder, or its headers.
 * @throws UsageError saying what is wrong with it, and what to do.
 */
export function ownKernel(kernel: string, kdir: string): OwnKernel {
  if (!isFile(kernel)) throw new UsageError(`there is no kernel ${kernel}; ${WHERE}`);
  if (!existsSync(kdir)) throw new UsageError(`there is no folder ${kdir}`);
  const image = releaseOfImage(kernel);
  const release = releaseOfFolder(kdir);
  if (image !== release)
    throw new UsageError(
      `${kernel} is ${image}, but modules built in ${kdir} are for ${release}: its own folder is needed`,
    );
  const needsModules = checkConfiguration(kdir);
  const hash = createHash('sha256')
    .update(readFileSync(kernel))
    .update(readFileSync(join(kdir, 'Module.symvers')));
  return {
    kernel: resolve(kernel),
    kdir: resolve(kdir),
    release,
    needsModules,
    build: hash.digest('hex').slice(0, 12),
    modules: [join(kdir, 'drivers'), join('/lib/modules', release)].filter((folder) => existsSync(folder)),
  };
}
