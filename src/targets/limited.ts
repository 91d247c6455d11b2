import { Pause } from '../common/event-loop.ts';
import { within } from '../common/stopped.ts';
import type { OpenTarget } from './open.ts';

/**
 * The same target, but no wait for it outlasts `signal`: once that aborts, `run` and `fresh` reject with `Stopped`. What the
 * target still does then ends with `close`.
 */
export function limited(target: OpenTarget, signal: AbortSignal | undefined): OpenTarget {
  if (!signal || target.direct) return target;
  const pause = new Pause();
  const limit = async <T>(act: () => Promise<T>): Promise<T> => {
    // Answers that come at once would keep the event loop from noticing a signal or a timer.
    await pause.take();
    return within(signal, act);
  };
  return {
    ...target,
    run: (programs, onAnswer) => limit(() => target.run(programs, onAnswer)),
    ...(target.fresh ? { fresh: () => limit(() => target.fresh!()) } : {}),
  };
}

/**
 * Waits for a target that is being opened, but no longer than until `signal` aborts. A target that is ready too late is
 * closed.
 * @throws Stopped when the signal aborts first; otherwise what the opening throws.
 */
export async function openedWithin(opening: Promise<OpenTarget>, signal: AbortSignal | undefined): Promise<OpenTarget> {
  if (!signal) return opening;
  try {
    return await within(signal, () => opening);
  } catch (error) {
    void opening.then(
      (late) => late.close(),
      () => {},
    );
    throw error;
  }
}
