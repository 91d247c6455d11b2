import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../common/errors.ts';
import { printError } from '../common/terminal.ts';

/** The options with which a command tests a kernel that the user built, without preparing it first. */
export interface KernelOptions {
  readonly kernel?: string;
  readonly kdir?: string;
}

/** Where `make bzImage` writes the kernel, in its build folder. */
const IMAGE = 'arch/x86/boot/bzImage';
/** The target that such a kernel becomes, unless `--target linux:NAME` says otherwise. */
const OWN = 'linux:own';

/** Adds `--kernel` and `--kdir` to a command. */
export const addKernel = (command: Command): Command =>
  command
    .option('--kernel <bzImage>', `test a kernel that you built, and prepare it first (default: ${IMAGE} in --kdir)`)
    .option('--kdir <folder>', 'the build folder of that kernel');

/**
 * The kernel and the build folder that options name.
 * @throws UsageError if only the kernel is named and it does not lie where `make` writes it.
 *
 * @example
 * ```ts
 * kernelAndFolder({ kdir: '/src/linux' }); // { kernel: '/src/linux/arch/x86/boot/bzImage', kdir: '/src/linux' }
 * ```
 */
export function kernelAndFolder({ kernel, kdir }: KernelOptions): { readonly kernel: string; readonly kdir: string } {
  if (kdir !== undefined) return { kernel: kernel ?? join(kdir, IMAGE), kdir };
  const path = resolve(kernel ?? IMAGE);
  if (!path.endsWith(`/${IMAGE}`))
    throw new UsageError(`--kernel ${kernel} needs --kdir FOLDER: the folder in which make was run`);
  return { kernel: path, kdir: path.slice(0, -IMAGE.length - 1) };
}

/**
 * Checks that kernels are built in a folder, before a command waits for a build there. A build folder has a Makefile, also
 * if it lies outside the source tree.
 * @throws UsageError if the folder has none.
 */
export function checkBuildFolder(kdir: string): void {
  if (existsSync(join(kdir, 'Makefile'))) return;
  const problem = existsSync(kdir) ? `${kdir} has no Makefile` : `there is no folder ${kdir}`;
  throw new UsageError(`${problem}; name the build folder of your kernel: npx mmspec watch --kdir FOLDER`);
}

/**
 * The name of a kernel that the user built: NAME of `linux:NAME`.
 * @throws UsageError for a target that is no kernel.
 */
export function ownKernelName(spec: string): string {
  const name = /^linux:([^,]+)/.exec(spec)?.[1];
  if (name === undefined)
    throw new UsageError(`--target ${spec} is not a kernel that you built; name a kernel, such as linux:patched`);
  return name;
}

/**
 * The target that options name. A kernel that the user built is prepared, as far as it changed.
 * @param target the specification that `--target` gives; undefined if it is left out.
 * @returns undefined if no option names a target.
 * @throws UsageError for a target that is no kernel, or a kernel that cannot be used; TargetFailure if the harness cannot
 * be built.
 */
export async function targetOf(target: string | undefined, options: KernelOptions): Promise<string | undefined> {
  if (options.kernel === undefined && options.kdir === undefined) return target;
  const spec = target ?? OWN;
  const name = ownKernelName(spec);
  const { kernel, kdir } = kernelAndFolder(options);
  const { prepareOwn } = await import('../targets/linux/index.ts');
  await prepareOwn(name, kernel, kdir, { progress: (line) => printError(`${line}\n`) });
  return spec;
}
