import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../../../common/errors.ts';
import { HOST } from '../arch/index.ts';
import { parseConfiguration, type Settings, wrongOptions } from '../config/check.ts';
import { correction, wrongText } from '../config/correct.ts';
import { headOf, imageText } from './image.ts';

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
  /** What its configuration sets; empty if the folder has none. */
  readonly settings: Settings;
  /** Folders that may hold the modules that a guest needs; none if they are built in. */
  readonly modules: readonly string[];
}

const WHERE = 'make bzImage writes it to arch/x86/boot/bzImage';

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

/** The release of a bzImage. */
function releaseOfImage(kernel: string): string {
  const head = headOf(kernel);
  if (head.startsWith('\x7fELF'))
    throw new UsageError(`${kernel} is an ELF file (vmlinux); expected a bzImage: ${WHERE}`);
  const text = imageText(head);
  if (!text) throw new UsageError(`${kernel} is not a bzImage; ${WHERE}`);
  return text.release;
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
 * The settings of a kernel's configuration, if it is there.
 * @throws UsageError with the options that a target needs and that are not set.
 */
function checkedSettings(kdir: string): Settings {
  const path = join(kdir, '.config');
  if (!isFile(path)) return new Map();
  const settings = parseConfiguration(readFileSync(path, 'utf8'));
  const wrong = wrongOptions(settings, HOST).filter(({ option }) => !option.optional);
  if (wrong.length === 0) return settings;
  throw new UsageError(
    `the kernel in ${kdir} is not configured for a target:\n${wrongText(wrong)}\n` +
      `run there: ${correction(kdir, HOST)} && make bzImage modules`,
  );
}

/**
 * Whether what a guest needs, all of it for virtio, may be built as modules. To look for them in a build folder takes a
 * second of processor time.
 */
const mayNeedModules = (settings: Settings): boolean =>
  settings.size === 0 || [...settings].some(([name, value]) => name.startsWith('VIRTIO') && value === 'm');

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
  const settings = checkedSettings(kdir);
  const hash = createHash('sha256')
    .update(readFileSync(kernel))
    .update(readFileSync(join(kdir, 'Module.symvers')));
  return {
    kernel: resolve(kernel),
    kdir: resolve(kdir),
    release,
    needsModules: settings.get('VIRTIO_CONSOLE') === 'm',
    settings,
    build: hash.digest('hex').slice(0, 12),
    modules: mayNeedModules(settings)
      ? [join(kdir, 'drivers'), join('/lib/modules', release)].filter((folder) => existsSync(folder))
      : [],
  };
}
