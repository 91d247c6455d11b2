import { commandLine } from '../../common/shell.ts';
import { TargetFailure } from '../target.ts';
import type { OpenOptions } from '../wire/open.ts';
import { WireTarget } from '../wire/target.ts';
import { starterFor } from './spec.ts';

export { starterFor } from './spec.ts';

/**
 * Opens a target outside this process: `exec:COMMAND`, `tcp:HOST:PORT`, `unix:PATH`, `ffi:LIBRARY`.
 * @throws UsageError if the specification is malformed; TargetFailure if the target does not start.
 */
export async function openAdapter(spec: string, options: OpenOptions = {}): Promise<WireTarget> {
  const starter = starterFor(spec);
  try {
    return await WireTarget.open(starter.start, { ...starter.options, ...options });
  } catch (error) {
    const check = `see what it answers with: ${commandLine('check-adapter', spec)}`;
    if (error instanceof TargetFailure)
      throw new TargetFailure(`${error.message}; ${check}`, { log: error.log, cause: error });
    throw new TargetFailure(`the target ${spec} could not be started: ${(error as Error).message}`, { cause: error });
  }
}
