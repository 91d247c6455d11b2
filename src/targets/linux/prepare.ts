import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../common/errors.ts';
import { commandLine } from '../../common/shell.ts';
import { TargetFailure } from '../target.ts';
import { type KernelPackages, PrivateApt } from './apt.ts';
import { ARCHES, type Arch, archNamed, suiteTarget } from './arch.ts';
import { type Built, buildHere, buildInRoot } from './build.ts';
import { preparedFolder, rootFolder } from './cache.ts';
import { CommandFailure, runCommand } from './command.ts';
import { type ArchiveEntry, packCpio } from './cpio.ts';
import { requireFor } from './doctor.ts';
import { harnessHash } from './harness.ts';
import { ownKernel } from './own.ts';
import { initrdFile, kernelFile, listPrepared, modulesFolder, type Prepared, preparedNamed } from './prepared.ts';
import { BuildRoot, unpackAll } from './root.ts';
import { SUITES, type Suite, suiteNamed } from './suites.ts';

/** Gets one line about each thing that takes a while. */
export type Progress = (what: string) => void;

/** What the port to the kit needs, in the order of loading; built in from 6.12 on. */
const MODULES = [
  'virtio_ring',
  'virtio',
  'virtio_pci_legacy_dev',
  'virtio_pci_modern_dev',
  'virtio_pci',
  'virtio_console',
];

/** Every file below a folder. */
function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

/** Copies the modules that are needed into a folder, named in the order of loading. */
async function collectModules(from: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  const files = [...filesBelow(from)];
  for (const [index, name] of MODULES.entries()) {
    const file = files.find((path) => path.endsWith(`/${name}.ko`) || path.endsWith(`/${name}.ko.xz`));
    if (!file) continue;
    const target = join(to, `${10 + index}-${name}.ko`);
    copyFileSync(file, file.endsWith('.xz') ? `${target}.xz` : target);
    if (file.endsWith('.xz')) await runCommand(['xz', '-d', `${target}.xz`]);
  }
}

/** Writes a file that somebody else may be reading: the old one or the new one, never half. */
function writeWhole(path: string, content: string | Buffer): void {
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, content);
  renameSync(fresh, path);
}

const hasModules = (folder: string): boolean => readdirSync(modulesFolder(folder)).length > 0;

/** Whether a folder has a module, packed or not. */
const isThere = (folder: string, name: string): boolean =>
  [...filesBelow(folder)].some((path) => path.includes(`/${name}.ko`));

/** Packs what the virtual machine starts from. */
function packInitrd(folder: string, { init, module }: Built): void {
  const modules = readdirSync(modulesFolder(folder)).sort();
  const entries: ArchiveEntry[] = [
    ...['dev', 'proc', 'sys', 'modules'].map((path) => ({ path, mode: 0o755 })),
    { path: 'init', content: init, mode: 0o755 },
    ...modules.map((name) => ({
      path: `modules/${name}`,
      content: readFileSync(join(modulesFolder(folder), name)),
      mode: 0o644,
    })),
    { path: 'modules/99-mmspec.ko', content: module, mode: 0o644 },
  ];
  writeWhole(initrdFile(folder), packCpio(entries));
}

/** Writes down what was prepared, last of all. */
function record(prepared: Omit<Prepared, 'at'>): Prepared {
  const { folder, ...rest } = { ...prepared, at: new Date().toISOString() };
  writeWhole(join(folder, 'prepared.json'), `${JSON.stringify(rest, undefined, 2)}\n`);
  return { ...rest, folder: preparedFolder(rest.name) };
}

/** The suite whose kernel, for whichever architecture, has a name. */
const suiteOf = (name: string): Suite | undefined =>
  SUITES.find((suite) => ARCHES.some((arch) => suiteTarget(suite.name, archNamed(arch)) === name));

/** A command that failed is nothing that the user did wrong, and no fault of the kit's to be shown with its stack. */
async function attempt<T>(name: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    throw new TargetFailure(`linux:${name} could not be prepared: ${error.message}`, { cause: error });
  }
}

/** Builds the harness again for a kernel that is there already. */
async function rebuild(prepared: Prepared, progress: Progress): Promise<Prepared> {
  const { folder, suite, kdir, release } = prepared;
  progress(`building the harness for ${release}`);
  const harness = harnessHash();
  const arch = archNamed(prepared.arch);
  const built = suite ? await buildInRoot(rootOf(suite, arch), release, arch) : await buildHere(kdir as string);
  packInitrd(folder, built);
  return record({ ...prepared, harness });
}

/** Makes a folder beside the final one, and puts it in place once it is complete. */
async function replace<T>(name: string, fill: (folder: string) => Promise<T>): Promise<T> {
  const folder = preparedFolder(name);
  const fresh = join(folder, '..', `.${name}.${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  try {
    const result = await fill(fresh);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    return result;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

const rootOf = (suite: string, arch: Arch): BuildRoot => new BuildRoot(rootFolder(suiteTarget(suite, arch)));

/** Makes the folder in which the harness is built: the host's tools, the kernel's headers. */
async function fetchRoot(suite: Suite, arch: Arch, apt: PrivateApt, release: string): Promise<void> {
  const root = rootOf(suite.name, arch);
  if (arch.name === 'amd64') return root.create([await apt.downloadRoot([`linux-headers-${release}`])], release);
  // The headers of another architecture come with its programs; those of the same version for the host do the same.
  const { headers, kbuild } = await apt.headers(release);
  const host = PrivateApt.for(suite, 'amd64', apt.security);
  await host.update(false);
  const tools = await host.downloadRoot([kbuild, ...arch.packages]);
  await root.create([tools, await apt.downloadAlone(headers)], release);
  await host.clean();
}

async function fetchKernel(suite: Suite, arch: Arch, apt: PrivateApt, kernel: KernelPackages, progress: Progress) {
  const name = suiteTarget(suite.name, arch);
  if (rootOf(suite.name, arch).release !== kernel.release) {
    progress(`fetching the headers of ${kernel.release} and their compiler`);
    await fetchRoot(suite, arch, apt, kernel.release);
  }
  progress(`fetching the kernel ${kernel.release} (${kernel.version}) of ${suite.name}`);
  const image = await apt.downloadAlone(kernel.image);
  await replace(name, async (folder) => {
    const unpacked = join(folder, 'unpacked');
    await unpackAll(image, unpacked);
    const vmlinuz = [...filesBelow(unpacked)].find((path) => /\/vmlinuz[^/]*$/.test(path));
    if (!vmlinuz) throw new Error(`there is no kernel in ${kernel.image.join(', ')}`);
    copyFileSync(vmlinuz, kernelFile(folder));
    await collectModules(unpacked, modulesFolder(folder));
    rmSync(unpacked, { recursive: true });
  });
  await apt.clean();
}

interface SuiteOptions {
  /** amd64 where not said. */
  readonly arch?: string;
  readonly progress?: Progress;
  /** The archive's lists are read anew. */
  readonly refresh?: boolean;
}

/**
 * Makes the newest cloud kernel of a Debian suite ready to be booted; does nothing where it is.
 * @throws UsageError where something is missing on this machine; TargetFailure where the archive cannot be reached, or
 * the harness cannot be built.
 */
export function prepareSuite(name: string, options: SuiteOptions = {}): Promise<Prepared> {
  const arch = archNamed(options.arch);
  requireFor('any', 'suites', ...(arch.name === 'arm64' ? (['arm64'] as const) : []));
  return attempt(suiteTarget(name, arch), () => prepareNewest(suiteNamed(name), arch, options));
}

async function prepareNewest(suite: Suite, arch: Arch, options: SuiteOptions): Promise<Prepared> {
  const progress = options.progress ?? (() => {});
  const name = suiteTarget(suite.name, arch);
  let failure: unknown;
  // A mirror may not have the very newest yet, or any more: then the kernel that the release came with will do.
  for (const security of [true, false]) {
    const apt = PrivateApt.for(suite, arch.name, security);
    try {
      await apt.update(options.refresh ?? false);
      const kernel = await apt.kernel();
      const before = preparedNamed(name);
      const { release, version } = kernel;
      const current = before?.version === version && rootOf(suite.name, arch).release === release;
      if (before && current && before.harness === harnessHash()) return before;
      if (!current) await fetchKernel(suite, arch, apt, kernel, progress);
      const what = { name, folder: preparedFolder(name), suite: suite.name, kdir: undefined, release, version };
      const other = arch.name === 'amd64' ? {} : { arch: arch.name };
      return await rebuild({ ...what, ...other, harness: '', at: '' }, progress);
    } catch (error) {
      if (!security || !/404/.test((error as Error).message)) throw error;
      failure = error;
      progress('the newest kernel is not on the mirror; taking the one that the release came with');
    }
  }
  throw failure;
}

/**
 * Makes a kernel that the user built ready to be booted; does nothing where this build of it is.
 * @param kernel the bzImage.
 * @param kdir its build folder, or its headers.
 * @throws UsageError where that cannot be; TargetFailure where the harness cannot be built for it.
 */
export async function prepareOwn(
  name: string,
  kernel: string,
  kdir: string,
  options: { readonly progress?: Progress } = {},
): Promise<Prepared> {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) throw new UsageError(`${name} is no name; one is: patched, my-6.1 ...`);
  if (suiteOf(name)) throw new UsageError(`${name} is the name of a suite; choose another: --name patched`);
  const own = ownKernel(kernel, kdir);
  const version = `build ${own.build}`;
  const before = preparedNamed(name);
  if (before?.kdir === own.kdir && before.version === version && before.harness === harnessHash()) return before;
  if (own.needsModules && !own.modules.some((folder) => isThere(folder, 'virtio_console')))
    throw new UsageError(
      `CONFIG_VIRTIO_CONSOLE is a module of ${own.release}, and no module is built in ${kdir}; there: make modules`,
    );
  requireFor('any', 'own');
  return attempt(name, async () => {
    (options.progress ?? (() => {}))(`building the harness for ${own.release}`);
    const harness = harnessHash();
    const built = await buildHere(own.kdir);
    return await replace(name, async (folder) => {
      copyFileSync(own.kernel, kernelFile(folder));
      mkdirSync(modulesFolder(folder));
      for (const from of own.modules) if (!hasModules(folder)) await collectModules(from, modulesFolder(folder));
      packInitrd(folder, built);
      const { release, kdir: from } = own;
      return record({ name, folder, suite: undefined, kdir: from, release, version, harness });
    });
  });
}

/**
 * A prepared kernel, its harness built again where its sources have changed since.
 * @throws UsageError where nothing of the name is prepared.
 */
export async function ready(name: string, progress: Progress = () => {}): Promise<Prepared> {
  const prepared = preparedNamed(name);
  if (!prepared) {
    const suite = suiteOf(name);
    const own = ['--kernel', 'arch/x86/boot/bzImage', '--kdir', '.', '--name', name];
    const other = suite?.name === name ? [] : ['--arch', 'arm64'];
    const way = suite ? [suite.name, ...other] : own;
    const there = listPrepared().map((one) => `linux:${one.name}`);
    const known = there.length > 0 ? ` (there are: ${there.join(', ')})` : '';
    throw new UsageError(`linux:${name} is not prepared${known}; do so: ${commandLine('linux', 'prepare', ...way)}`);
  }
  if (prepared.harness === harnessHash()) return prepared;
  return attempt(name, () => rebuild(prepared, progress));
}
