import { statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** How often a file is looked at, in milliseconds. A build counts once two looks in a row find the same file. */
const LOOK_MS = 250;

/** What changes with each build of a file: undefined while it does not exist, or is empty. */
function stampOf(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && found.size > 0 ? `${found.ino} ${found.size} ${found.mtimeMs}` : undefined;
}

/** The wait rejects when the signal aborts, which the caller sees itself. */
const untilNextLook = (signal: AbortSignal): Promise<void> => wait(LOOK_MS, undefined, { signal }).catch(() => {});

/**
 * Waits for builds of a file: yields once for the one that is there, and once after each time that it was written again.
 * Builds that come while the caller works on one count as a single new one.
 * @param file path of what a build writes; it need not exist yet.
 * @param signal ends the wait, and the sequence.
 * @param pause waits between two looks at the file.
 *
 * @example
 * ```ts
 * for await (const build of buildsOf('arch/x86/boot/bzImage', signal)) console.log(build); // 1, 2, 3 ...
 * ```
 */
export async function* buildsOf(
  file: string,
  signal: AbortSignal,
  pause: (signal: AbortSignal) => Promise<void> = untilNextLook,
): AsyncGenerator<number, void> {
  let handled: string | undefined;
  let last: string | undefined;
  let build = 0;
  while (!signal.aborted) {
    const now = stampOf(file);
    if (now !== undefined && now !== handled && now === last) {
      handled = now;
      yield ++build;
    }
    last = now;
    await pause(signal);
  }
}
