import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { UsageError } from '../../../common/errors.ts';
import { HOST } from '../arch/index.ts';
import { notableOptions } from '../config/notable.ts';
import { requireFor } from '../doctor.ts';
import { harnessHash } from '../harness.ts';
import { builtFolder, kernelFile, listPrepared, modulesFolder, type Prepared, preparedNamed } from '../prepared.ts';
import { type Built, buildHere, keepIn, keptIn } from './build.ts';
import { replaceFolder } from './files.ts';
import { writeInitrd } from './initrd.ts';
import { moduleKey } from './module-key.ts';
import { collectModules, hasModule } from './modules.ts';
import { type OwnKernel, ownKernel } from './own-kernel.ts';
import { type Progress, preparing, record } from './rebuild.ts';
import { commitOf, sourceTree } from './source-tree.ts';
import { suiteOfTarget } from './suites.ts';

/**
 * Prepares a kernel that the user built for booting. Does nothing if this build is prepared already, and takes the
 * harness of an earlier build, under this or another name, if it fits the new one.
 * @param kernel path of the bzImage.
 * @param kdir path of its build folder, or of its headers.
 * @throws UsageError if the name or the kernel cannot be used; TargetFailure if the harness cannot be built.
 */
export async function prepareOwn(
  name: string,
  kernel: string,
  kdir: string,
  options: { readonly progress?: Progress } = {},
): Promise<Prepared> {
  checkName(name);
  const own = ownKernel(kernel, kdir);
  const version = `build ${own.build}`;
  const before = preparedNamed(name);
  if (before?.kdir === own.kdir && before.version === version && before.harness === harnessHash()) return before;
  if (own.needsModules && !own.modules.some((folder) => hasModule(folder, 'virtio_console')))
    throw new UsageError(
      `${own.release} has CONFIG_VIRTIO_CONSOLE=m, but no module is built in ${kdir}; run there: make modules`,
    );
  requireFor(HOST, 'own');
  return preparing(name, async () => {
    const module = moduleKey(own);
    const kept = keptFor(module);
    if (!kept) options.progress?.(`building the harness for ${own.release}`);
    return prepareFolder(own, kept ?? (await buildHere(own.kdir)), { name, version, module });
  });
}

/** The harness of any prepared kernel that it was built for under the same conditions. */
const keptFor = (module: string): Built | undefined =>
  listPrepared()
    .filter((prepared) => prepared.module === module)
    .map(({ folder }) => keptIn(builtFolder(folder)))
    .find((built) => built !== undefined);

function checkName(name: string): void {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name))
    throw new UsageError(
      `invalid name ${name}: use letters, digits, ".", "_" and "-", as in --name my-6.1; start with a letter or digit`,
    );
  if (suiteOfTarget(name))
    throw new UsageError(`the name ${name} is reserved for a suite; choose another one: --name patched`);
}

async function prepareFolder(
  own: OwnKernel,
  built: Built,
  { name, version, module }: { readonly name: string; readonly version: string; readonly module: string },
): Promise<Prepared> {
  const harness = harnessHash();
  return replaceFolder(name, async (folder) => {
    copyFileSync(own.kernel, kernelFile(folder));
    const modules = modulesFolder(folder);
    mkdirSync(modules);
    // The first folder that has any of them has all.
    for (const from of own.modules)
      if (readdirSync(modules).length === 0) await collectModules(from, modules, HOST.modules);
    writeInitrd(folder, built);
    keepIn(builtFolder(folder), built);
    const { release, kdir } = own;
    const commit = await commitOf(sourceTree(kdir));
    const facts = { ...(commit === undefined ? {} : { commit }), options: notableOptions(own.settings) };
    return record({ name, folder, suite: undefined, kdir, release, version, harness, module, ...facts });
  });
}
