import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../../cli/exit.ts';
import { type KernelPackages, PrivateApt } from './apt.ts';
import { type Built, buildHere, buildInRoot } from './build.ts';
import { preparedFolder, rootFolder } from './cache.ts';
import { runCommand } from './command.ts';
import { type ArchiveEntry, packCpio } from './cpio.ts';
import { harnessHash } from './harness.ts';
import { initrdFile, kernelFile, modulesFolder, type Prepared, preparedNamed } from './prepared.ts';
import { BuildRoot, unpackAll } from './root.ts';
import { type Suite, suiteNamed } from './suites.ts';

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
  return { ...rest, folder };
}

/** Builds the harness again for a kernel that is there already. */
async function rebuild(prepared: Prepared, progress: Progress): Promise<Prepared> {
  const { folder, suite, kdir, release } = prepared;
  progress(`building the harness for ${release}`);
  const harness = harnessHash();
  const built = suite ? await buildInRoot(new BuildRoot(rootFolder(suite)), release) : await buildHere(kdir as string);
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

async function fetchKernel(suite: Suite, apt: PrivateApt, kernel: KernelPackages, progress: Progress) {
  const { name } = suite;
  progress(`fetching the kernel ${kernel.release} (${kernel.version}) of ${name}`);
  const image = await apt.downloadAlone(kernel.image);
  const root = new BuildRoot(rootFolder(name));
  if (root.release !== kernel.release) {
    progress(`fetching its headers and their compiler`);
    await root.create(await apt.downloadRoot(kernel.release), kernel.release);
  }
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

/**
 * Makes the newest cloud kernel of a Debian suite ready to be booted; does nothing where it is.
 * @throws Error where the archive cannot be reached, or the harness cannot be built.
 */
export async function prepareSuite(
  name: string,
  options: { readonly progress?: Progress; readonly refresh?: boolean } = {},
): Promise<Prepared> {
  const progress = options.progress ?? (() => {});
  const suite = suiteNamed(name);
  let failure: unknown;
  // A mirror may not have the very newest yet, or any more: then the kernel that the release came with will do.
  for (const security of [true, false]) {
    const apt = PrivateApt.for(suite, security);
    try {
      await apt.update(options.refresh ?? false);
      const kernel = await apt.kernel();
      const before = preparedNamed(name);
      const root = new BuildRoot(rootFolder(name));
      const current = before?.version === kernel.version && root.release === kernel.release;
      if (before && current && before.harness === harnessHash()) return before;
      if (!current) await fetchKernel(suite, apt, kernel, progress);
      const { release, version } = kernel;
      const folder = preparedFolder(name);
      return await rebuild(
        { name, folder, suite: name, kdir: undefined, release, version, harness: '', at: '' },
        progress,
      );
    } catch (error) {
      if (!security || !/404/.test((error as Error).message)) throw error;
      failure = error;
      progress('the newest kernel is not on the mirror; taking the one that the release came with');
    }
  }
  throw failure;
}

/**
 * Makes a kernel that the user built ready to be booted.
 * @param kernel the bzImage (or Image).
 * @param kdir its build folder, with headers and Module.symvers.
 */
export async function prepareOwn(
  name: string,
  kernel: string,
  kdir: string,
  options: { readonly progress?: Progress } = {},
): Promise<Prepared> {
  const release = join(kdir, 'include', 'config', 'kernel.release');
  if (!existsSync(kernel)) throw new UsageError(`there is no kernel ${kernel}`);
  if (!existsSync(release)) throw new UsageError(`${kdir} is no build folder of a kernel: build it first (make)`);
  await replace(name, async (folder) => {
    copyFileSync(kernel, kernelFile(folder));
    const drivers = join(kdir, 'drivers');
    mkdirSync(modulesFolder(folder));
    if (existsSync(drivers)) await collectModules(drivers, modulesFolder(folder));
  });
  return rebuild(
    {
      name,
      folder: preparedFolder(name),
      suite: undefined,
      kdir: resolve(kdir),
      release: readFileSync(release, 'utf8').trim(),
      version: '',
      harness: '',
      at: '',
    },
    options.progress ?? (() => {}),
  );
}

/**
 * A prepared kernel, its harness built again where its sources have changed since.
 * @throws UsageError where nothing of the name is prepared.
 */
export async function ready(name: string, progress: Progress = () => {}): Promise<Prepared> {
  const prepared = preparedNamed(name);
  if (!prepared) throw new UsageError(`linux:${name} is not prepared; do so: mmspec linux prepare ${name}`);
  return prepared.harness === harnessHash() ? prepared : rebuild(prepared, progress);
}
