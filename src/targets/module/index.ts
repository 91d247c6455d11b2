import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UsageError } from '../../common/errors.ts';
import { startChild } from '../process/child.ts';
import { WireTarget } from '../wire/target.ts';

/**
 * Opens a module whose default export is a `DirectTarget`. The module runs in a child process, so that a hang or a crash
 * becomes the outcome of a step and does not end the kit.
 * @throws UsageError if the file does not exist; TargetFailure if it cannot be loaded.
 */
export async function openModuleTarget(path: string): Promise<WireTarget> {
  const file = resolve(path);
  if (!existsSync(file))
    throw new UsageError(`there is no module ${path}; expected a file whose default export is a DirectTarget`);
  const source = import.meta.url.endsWith('.ts');
  const host = fileURLToPath(new URL(`./host.${source ? 'ts' : 'js'}`, import.meta.url));
  // The module may be TypeScript even where the kit itself is compiled.
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return WireTarget.open(async () => startChild([process.execPath, '--import', loader, host, file]), {});
}
