import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Arch, archNamed, suiteTarget } from '../arch.ts';
import { preparedFolder } from '../cache.ts';
import { requireFor } from '../doctor.ts';
import { harnessHash } from '../harness.ts';
import { kernelFile, modulesFolder, type Prepared, preparedNamed } from '../prepared.ts';
import { type KernelPackages, PrivateApt } from './apt.ts';
import { filesBelow, replaceFolder } from './files.ts';
import { collectModules } from './modules.ts';
import { type Progress, preparing, rebuild, rootOf } from './rebuild.ts';
import { unpackAll } from './root.ts';
import { type Suite, suiteNamed } from './suites.ts';

export interface SuiteOptions {
  /** Debian's name of the architecture; amd64 by default. */
  readonly arch?: string;
  readonly progress?: Progress;
  /** Fetch the package lists of the archive even if they are recent. */
  readonly refresh?: boolean;
}

/**
 * Prepares the newest cloud kernel of a Debian suite for booting. Does nothing if it is prepared already.
 * @throws UsageError if this machine lacks a program; TargetFailure if the archive cannot be reached, or if the
 * harness cannot be built.
 */
export function prepareSuite(name: string, options: SuiteOptions = {}): Promise<Prepared> {
  const arch = archNamed(options.arch);
  requireFor('any', 'suites', arch.name);
  return preparing(suiteTarget(name, arch), () => prepareNewest(suiteNamed(name), arch, options));
}

/** What apt says if the lists of a mirror name packages that it does not have, or has in another version. */
const MIRROR_IS_BEHIND = /404|unexpected size|hash sum mismatch|mirror sync in progress/i;

/** Fetches the kernel with the suite's security updates; without them if the mirror lacks the newest packages. */
async function prepareNewest(suite: Suite, arch: Arch, options: SuiteOptions): Promise<Prepared> {
  const progress = options.progress ?? (() => {});
  let failure: unknown;
  for (const security of [true, false]) {
    const apt = PrivateApt.for(suite, arch.name, security);
    try {
      await apt.update(options.refresh ?? false);
      return await prepareFrom(apt, suite, arch, progress);
    } catch (error) {
      if (!security || !MIRROR_IS_BEHIND.test((error as Error).message)) throw error;
      failure = error;
      progress('the mirror lacks the newest kernel; taking the one of the release instead');
    }
  }
  throw failure;
}

/** Prepares the newest kernel that an archive has. */
async function prepareFrom(apt: PrivateApt, suite: Suite, arch: Arch, progress: Progress): Promise<Prepared> {
  const name = suiteTarget(suite.name, arch);
  const kernel = await apt.kernel();
  const { release, version } = kernel;
  const before = preparedNamed(name);
  const current = before?.version === version && rootOf(suite.name, arch).release === release;
  if (before && current && before.harness === harnessHash()) return before;
  if (!current) await fetchKernel(apt, suite, arch, kernel, progress);
  const facts = { name, folder: preparedFolder(name), suite: suite.name, kdir: undefined, release, version };
  const other = arch.name === 'amd64' ? {} : { arch: arch.name };
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
    const vmlinuz = [...filesBelow(unpacked)].find((path) => /\/vmlinuz[^/]*$/.test(path));
    if (!vmlinuz) throw new Error(`no kernel (vmlinuz) is in the packages ${kernel.image.join(', ')}`);
    copyFileSync(vmlinuz, kernelFile(folder));
    await collectModules(unpacked, modulesFolder(folder));
    rmSync(unpacked, { recursive: true });
  });
  await apt.clean();
}

/** Creates the build root: the compiler and tools for this machine, and the headers of the kernel. */
async function createRoot(apt: PrivateApt, suite: Suite, arch: Arch, release: string): Promise<void> {
  const root = rootOf(suite.name, arch);
  if (arch.name === 'amd64') return root.create([await apt.downloadRoot([`linux-headers-${release}`])], release);
  // The headers of another architecture depend on tools of that architecture. Those of this machine do the same.
  const { headers, kbuild } = await apt.headers(release);
  const host = PrivateApt.for(suite, 'amd64', apt.security);
  await host.update(false);
  const tools = await host.downloadRoot([kbuild, ...arch.packages]);
  await root.create([tools, await apt.downloadAlone(headers)], release);
  await host.clean();
}
