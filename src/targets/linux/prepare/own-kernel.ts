import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../../../common/errors.ts';
import { HOST } from '../arch/index.ts';
import { parseConfiguration, wrongOptions } from '../config/check.ts';
import { correction, wrongText } from '../config/correct.ts';

/** A kernel that the user built, checked before anything is made from it. */
export interface OwnKernel {
  readonly kernel: string;
  readonly kdir: string;
  /** As `uname -r` prints it. */
  readonly release: string;
  /** A hash that differs between builds of the same release, as the harness must be built for each of them. */
  readonly build: string;
  /** Whether virtio-console, which connects the guest to the kit, is a module. */
  readonly needsModules: boolean;
  /** Folders that may hold the modules of the kernel. */
  readonly modules: readonly string[];
}

const WHERE = 'make bzImage writes it to arch/x86/boot/bzImage';

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

/** The release of a bzImage; the boot protocol says where in the header it is. */
function releaseOfImage(kernel: string): string {
  const head = Buffer.alloc(0x8000);
  const file = openSync(kernel, 'r');
  const length = readSync(file, head, 0, head.length, 0);
  closeSync(file);
  if (head.toString('latin1', 0, 4) === '\x7fELF')
    throw new UsageError(`${kernel} is an ELF file (vmlinux); expected a bzImage: ${WHERE}`);
  if (length < 0x300 || head.toString('latin1', 0x202, 0x206) !== 'HdrS')
    throw new UsageError(`${kernel} is not a bzImage; ${WHERE}`);
  const at = head.readUInt16LE(0x20e) + 0x200;
  return /^[^\s\0]*/.exec(head.toString('latin1', at, at + 200))![0];
}

/** The release of the kernel that a build folder or a headers folder belongs to. */
function releaseOfFolder(kdir: string): string {
  const inside = (path: string): string => join(kdir, path);
  const header = inside('include/generated/utsrelease.h');
  if (isFile(inside('Kbuild')) && !isFile(header))
    throw new UsageError(`the kernel in ${kdir} is not built; run there: make bzImage modules`);
  if (!isFile(header))
    throw new UsageError(
      `${kdir} is neither the build folder nor the headers of a kernel; expected the folder in which make was run`,
    );
  if (!isFile(inside('Module.symvers')))
    throw new UsageError(
      `${kdir} has no Module.symvers, so modules cannot be built for the kernel; run there: make modules`,
    );
  return /UTS_RELEASE "([^"]*)"/.exec(readFileSync(header, 'utf8'))?.[1] ?? '';
}

/**
 * Checks the configuration of a kernel, if it is there.
 * @returns whether virtio-console is a module.
 * @throws UsageError with the options that are missing.
 */
function checkConfiguration(kdir: string): boolean {
  const path = join(kdir, '.config');
  if (!isFile(path)) return false;
  const settings = parseConfiguration(readFileSync(path, 'utf8'));
  const wrong = wrongOptions(settings, HOST).filter(({ option }) => !option.optional);
  if (wrong.length === 0) return settings.get('VIRTIO_CONSOLE') === 'm';
  throw new UsageError(
    `the kernel in ${kdir} is not configured for a target:\n${wrongText(wrong)}\n` +
      `run there: ${correction(kdir, HOST)} && make bzImage modules`,
  );
}

/**
 * Checks a kernel that the user built.
 * @param kernel path of the bzImage.
 * @param kdir path of its build folder, or of its headers.
 * @throws UsageError with what is wrong, and the command that corrects it.
 */
export function ownKernel(kernel: string, kdir: string): OwnKernel {
  if (!isFile(kernel)) throw new UsageError(`there is no kernel ${kernel}; ${WHERE}`);
  if (!existsSync(kdir)) throw new UsageError(`there is no folder ${kdir}; expected the folder in which make was run`);
  const image = releaseOfImage(kernel);
  const release = releaseOfFolder(kdir);
  if (image !== release)
    throw new UsageError(
      `${kernel} is ${image}, but ${kdir} belongs to ${release}; give the folder in which ${image} was built`,
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
