import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../common/errors.ts';
import { ownProgram } from '../../common/package.ts';
import { startChild } from '../process/child.ts';
import { WireTarget } from '../wire/target.ts';

/**
 * The command that runs a module as an adapter, in a process of its own.
 * @throws UsageError if the file does not exist.
 */
export function moduleCommand(path: string): string[] {
  const file = resolve(path);
  if (!existsSync(file))
    throw new UsageError(`there is no module ${path}; expected a file whose default export is a DirectTarget`);
  return [process.execPath, ...ownProgram('src/targets/module/host', true), file];
}

/**
 * Opens a module whose default export is a `DirectTarget`. The module runs in a child process, so that a hang or a crash
 * becomes the outcome of a step and does not end the kit.
 * @throws UsageError if the file does not exist; TargetFailure if it cannot be loaded.
 */
export async function openModuleTarget(path: string): Promise<WireTarget> {
  const command = moduleCommand(path);
  return WireTarget.open(async () => startChild(command), {});
}
