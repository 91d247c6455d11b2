import type { Run } from '../../../fixtures/simulator/machine/run.ts';
import { drain } from '../../../fixtures/simulator/machine/run.ts';
import type { Step } from '../../../reference/calls/call.ts';
import { isStepOf } from '../../../reference/calls/index.ts';
import { runsIn } from '../../../reference/calls/spaces.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { printFrame } from '../../../reference/notation/frame.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';
import type { Session } from './session.ts';

/** The call that unmaps what a step has mapped. `cut`: the VMA may have lost pages. */
function undoing({ kernel, user }: Session, step: Step, page: number, cut: boolean): Run<number> {
  if (isStepOf(step, 'mmap') || isStepOf(step, 'mremap'))
    return cut ? user.vmMunmap(0, page, page + step.args[1]) : user.munmap(0, page);
  if (isStepOf(step, 'vm_map_ram')) return kernel.vmUnmapRam(0, page, step.args[0].length);
  if (isStepOf(step, 'get_vm_area')) return kernel.freeVmArea(0, page);
  if (isStepOf(step, 'vmap') && !step.args[1]?.includes('put_pages')) return kernel.vunmap(0, page);
  return kernel.vfree(0, page);
}

/** Whether a step has unmapped its area or VMA, or has moved it to another name. */
function hasEnded(step: Step, { kind }: Outcome): boolean {
  if (step.call.effect === 'ends') return kind === 'ok';
  if (step.call.effect !== 'moves') return false;
  return kind === 'address' || (kind === 'null' && isStepOf(step, 'vrealloc') && step.args[1] === 0);
}

/** Unmaps the areas and VMAs that a program has left, and flushes. `whole`: an address inside an area stands for the area. */
function undo(session: Session, steps: readonly Step[], outcomes: readonly Outcome[], whole: boolean): void {
  if (session.child >= 0) drain(session.user.exit(0));
  session.enter(-1);
  const { areas, vmas, kernel } = session;
  // A call that failed may have made two VMAs of one.
  let cut = false;
  // The program has run, so the names of what it has unmapped can be unbound.
  for (let i = 0; i < outcomes.length; i++) {
    const step = steps[i];
    const { effect } = step.call;
    if (step.call.side === 'user' && (effect === 'cuts' || effect === 'moves')) cut = true;
    if (!hasEnded(step, outcomes[i]) || runsIn(step) >= 0) continue;
    const { base, index, offset } = (step as Step<readonly [Address]>).args[0];
    if (base === 'v') vmas[index] = undefined;
    else if (base === 'a' && (offset === 0 || whole)) areas[index] = undefined;
  }
  for (let i = 0; i < outcomes.length; i++) {
    if (outcomes[i].kind !== 'address') continue;
    const step = steps[i];
    const page = (step.call.binds === 'v' ? vmas : areas)[step.binds];
    if (page !== undefined) drain(undoing(session, step, page, cut));
  }
  drain(kernel.vmUnmapAliases(0));
}

/** What is left over when everything is unmapped. */
function leaksOf({ machine: { frames }, kernel, user }: Session): string[] {
  const leaks: string[] = [];
  const { references, maps } = frames;
  const pages = kernel.usedPages();
  if (pages !== 0) leaks.push(`${pages} pages of addresses`);
  const vmas = user.usedVmas();
  if (vmas !== 0) leaks.push(`${vmas} VMAs`);
  for (let frame = 0; frame < frames.pool; frame++) {
    if (references[frame] !== 0) leaks.push(`${printFrame(frame)}: ${references[frame]} references`);
    if (maps[frame] !== 0) leaks.push(`${printFrame(frame)}: mapped ${maps[frame]} times`);
  }
  const { held, overput } = frames.allocations;
  if (held > 0) leaks.push(`${held} allocated pages`);
  if (overput > 0) leaks.push(`${overput} allocated pages were freed twice`);
  return leaks;
}

/**
 * Undoes what a program has done, and looks for what is left over.
 * @returns the leaks, in words; an empty list if the program did not run to its end.
 */
export function cleanUp(
  session: Session,
  steps: readonly Step[],
  outcomes: readonly Outcome[],
  whole: boolean,
): readonly string[] {
  const last = outcomes.at(-1)?.kind;
  if (last === 'crash' || last === 'timeout') return [];
  try {
    undo(session, steps, outcomes, whole);
    return leaksOf(session);
  } catch (error) {
    return [`the clean-up crashed: ${error instanceof Error ? error.message : String(error)}`];
  }
}
