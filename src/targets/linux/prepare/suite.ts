import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Arch, archNamed, HOST, suiteTarget } from '../arch/index.ts';
import { preparedFolder } from '../cache.ts';
import { requireFor } from '../doctor.ts';
import { harnessHash } from '../harness.ts';
import { kernelFile, modulesFolder, type Prepared, preparedNamed } from '../prepared.ts';
import { type KernelPackages, PrivateApt } from './apt.ts';
import { firstAvailable, whyUnavailable } from './available.ts';
import { filesBelow, replaceFolder } from './files.ts';
import { collectModules } from './modules.ts';
import { type Progress, preparing, rebuild, rootOf } from './rebuild.ts';
import { unpackAll } from './root.ts';
import { type Suite, suiteNamed } from './suites.ts';
import { copyKernel } from './zboot.ts';

export interface SuiteOptions {
  /** Debian's name of the architecture; that of the host by default. */
  readonly arch?: string | undefined;
  /** Flavour of the kernel; the default one of the architecture by default. */
  readonly flavour?: string | undefined;
  readonly progress?: Progress;
  /** Fetch the package lists of the archive even if they are recent. */
  readonly refresh?: boolean | undefined;
}

/**
 * Prepares the newest kernel of a Debian suite for booting. Does nothing if it is prepared already.
 * @throws UsageError if this machine lacks a program; TargetFailure if the archive cannot be reached, or if the
 * harness cannot be built.
 */
export function prepareSuite(name: string, options: SuiteOptions = {}): Promise<Prepared> {
  const arch = archNamed(options.arch, options.flavour);
  requireFor(arch, 'suites');
  return preparing(suiteTarget(name, arch), () => prepareNewest(suiteNamed(name), arch, options));
}

/**
 * Fetches the newest kernel that the archive delivers: with the suite's security updates, or without them if the archive
 * of these is out of step with its own index.
 */
async function prepareNewest(suite: Suite, arch: Arch, options: SuiteOptions): Promise<Prepared> {
  const progress = options.progress ?? (() => {});
  const prepareWith = async (security: boolean): Promise<Prepared> => {
    const apt = PrivateApt.for(suite, arch.name, security);
    await apt.update(options.refresh ?? false);
    const kernels = await apt.kernels(arch.kernel);
    return firstAvailable(
      kernels,
      async (kernel) => prepareKernel(apt, suite, arch, await apt.kernel(kernel), progress),
      progress,
    );
  };
  try {
    return await prepareWith(true);
  } catch (error) {
    const why = whyUnavailable(error);
    if (why === undefined) throw error;
    progress(`${suite.name} with its security updates: ${why}; taking the kernel of the release instead`);
    return prepareWith(false);
  }
}

/** Prepares one kernel of an archive. */
async function prepareKernel(
  apt: PrivateApt,
  suite: Suite,
  arch: Arch,
  kernel: KernelPackages,
  progress: Progress,
): Promise<Prepared> {
  const name = suiteTarget(suite.name, arch);
  const { release, version } = kernel;
  const before = preparedNamed(name);
  const current = before?.version === version && rootOf(suite.name, arch).release === release;
  if (before && current && before.harness === harnessHash()) return before;
  if (!current) await fetchKernel(apt, suite, arch, kernel, progress);
  const facts = { name, folder: preparedFolder(name), suite: suite.name, kdir: undefined, release, version };
  const other = {
    ...(arch.name === HOST.name ? {} : { arch: arch.name }),
    ...(arch.flavour === '' ? {} : { flavour: arch.flavour }),
  };
  return rebuild({ ...facts, ...other, harness: '', at: '' }, progress);
}

async function fetchKernel(apt: PrivateApt, suite: Suite, arch: Arch, kernel: KernelPackages, progress: Progress) {
  if (rootOf(suite.name, arch).release !== kernel.release) {
    progress(`fetching the headers of ${kernel.release} and their compiler`);
    await createRoot(apt, suite, arch, kernel.release);
  }
  progress(`fetching the kernel ${kernel.release} (${kernel.version}) of ${suite.name}`);
  const packages = await apt.downloadAlone(kernel.image);
  await replaceFolder(suiteTarget(suite.name, arch), async (folder) => {
    const unpacked = join(folder, 'unpacked');
    await unpackAll(packages, unpacked);
    const vmlinuz = [...filesBelow(unpacked)].find((path) => /\/vmlinu[xz][^/]*$/.test(path));
    if (!vmlinuz) throw new Error(`no kernel (vmlinuz or vmlinux) is in the packages ${kernel.image.join(', ')}`);
    await copyKernel(vmlinuz, kernelFile(folder), rootOf(suite.name, arch));
    await collectModules(unpacked, modulesFolder(folder), arch.modules);
    rmSync(unpacked, { recursive: true });
  });
  await apt.clean();
}

/** Creates the build root: the compiler and tools for this machine, and the headers of the kernel. */
async function createRoot(apt: PrivateApt, suite: Suite, arch: Arch, release: string): Promise<void> {
  const root = rootOf(suite.name, arch);
  if (arch.compiler.tools === '') return root.create([await apt.downloadRoot([`linux-headers-${release}`])], release);
  // The headers of another architecture depend on tools of that architecture. Those of this machine do the same.
  const { headers, kbuild } = await apt.headers(release);
  const host = PrivateApt.for(suite, HOST.name, apt.security);
  await host.update(false);
  const tools = await host.downloadRoot([kbuild, ...arch.compiler.packages]);
  await root.create([tools, await apt.downloadAlone(headers)], release);
  await host.clean();
}
