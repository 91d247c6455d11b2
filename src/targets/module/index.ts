import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UsageError } from '../../common/errors.ts';
import { startChild } from '../process/child.ts';
import { WireTarget } from '../wire/target.ts';

/**
 * Opens a module whose default export is a `DirectTarget`. It runs in a process of its own, so that one that hangs or
 * takes its process down is an outcome and not the kit's end.
 * @throws UsageError where there is no such file; TargetFailure where it cannot be loaded.
 */
export async function openModuleTarget(path: string): Promise<WireTarget> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`there is no module ${path}`);
  const source = import.meta.url.endsWith('.ts');
  const host = fileURLToPath(new URL(`./host.${source ? 'ts' : 'js'}`, import.meta.url));
  // The module may be TypeScript, whatever the kit itself is.
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return WireTarget.open(async () => startChild([process.execPath, '--import', loader, host, file]), {});
}
