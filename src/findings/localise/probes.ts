import type { Call, Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { CALLS } from '../../../reference/contract.ts';
import type { FrameId } from '../../../reference/notation/frame.ts';
import type { Manifest } from '../../targets/target.ts';
import { framesOf } from './observations.ts';

/**
 * Steps that map one or two more areas. They show what no observation alone shows: that an address, or a page of memory,
 * was given back too early, or twice. Such a fault shows only once another call gets it.
 */

/** A frame that no step of the program names; the last one of the pool if steps name all of them. */
function freshFrame({ steps, frames }: Program): FrameId {
  const named = new Set(framesOf(steps));
  for (let frame = frames - 1; frame > 0; frame--) if (!named.has(frame)) return frame;
  return frames - 1;
}

/** The arguments with which a call maps one page; undefined if it needs others. `page`: the page size in bytes. */
function onePage({ parameters }: Call, frame: FrameId, page: number): Step['args'] | undefined {
  const [first, ...rest] = parameters;
  if (first === undefined || rest.some(({ optional }) => !optional)) return undefined;
  const left = rest.map(() => undefined);
  if (first.type === 'frames') return [[frame], ...left];
  return first.type === 'bytes' ? [page, ...left] : undefined;
}

/**
 * For each call that maps a kernel area: one step, and two of them, each on a CPU of its own if there are two. Two CPUs may
 * take addresses from structures of their own. `page`: the page size in bytes.
 */
export function probes(program: Program, { calls }: Manifest, page: number): (readonly Step[])[] {
  const frame = freshFrame(program);
  const binds = 1 + Math.max(-1, ...program.steps.map((step) => (step.call.binds === 'a' ? step.binds : -1)));
  const steps = CALLS.flatMap((call): Step[] => {
    if (call.effect !== 'makes' || call.binds !== 'a' || !calls.has(call.name)) return [];
    const args = onePage(call, frame, page);
    return args ? [{ cpu: 0, call, binds, args }] : [];
  });
  const cpu = Math.min(1, program.cpus - 1);
  return [...steps.map((step) => [step]), ...steps.map((step) => [step, { ...step, cpu, binds: binds + 1 }])];
}
