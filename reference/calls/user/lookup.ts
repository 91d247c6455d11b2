import type { Clause } from '../../clauses/clause.ts';
import type { Model } from '../../model/model.ts';
import type { Vma } from '../../model/user/vma.ts';
import { type FrameId, isPoolFrame, printFrame } from '../../notation/frame.ts';
import type { Outcome } from '../../notation/outcome.ts';

/** Judging calls that look up a page of a VMA in the page tables. */

/** What such a call is judged by. */
export interface PageLookup {
  /** What is mapped is found. */
  readonly finds: Clause;
  /** Nothing is found where nothing is mapped. */
  readonly none: Clause;
  /** The errno that says that nothing is mapped. */
  readonly refusal: string;
}

/** Whether the answer is the errno of a look-up that finds nothing. */
export const isRefused = ({ refusal }: PageLookup, { kind, text }: Outcome): boolean =>
  kind === 'errno' && text === refusal;

/** Whether a look-up may give this answer where a page has this frame, or -1 for nothing. */
function mayAnswer(outcome: Outcome, frame: FrameId): boolean {
  if (outcome.kind === 'frame') return outcome.value === frame;
  // A page that the implementation allocated may be nobody's: a private copy is, until the kit has stamped it.
  return outcome.kind === 'other' ? !isPoolFrame(frame) : frame < 0;
}

/** Judges the answer of a look-up that tells the frame. Returns the frame that is mapped, where that was found. */
export function endFrameLookup(
  model: Model,
  vma: Vma,
  page: number,
  outcome: Outcome,
  lookup: PageLookup,
): FrameId | undefined {
  const { finds, none, refusal } = lookup;
  const refused = isRefused(lookup, outcome);
  const { block } = model.user;
  const fits = (one: FrameId): boolean => mayAnswer(outcome, one);
  if (block) {
    if (outcome.kind === 'frame') block.find(vma, page, fits, finds, `-${refusal}`);
    else if (refused) block.find(vma, page, fits, none, 'the frame that is mapped');
    else if (outcome.kind === 'other') block.find(vma, page, fits, finds, `a frame, or -${refusal}`);
    else model.violate(finds, `a frame, or -${refusal}`);
    return undefined;
  }
  if (vma.possible) model.user.settle(vma, page, fits);
  const frame = vma.frames[page];
  if (frame < 0) {
    endNothing(model, vma, page, outcome, lookup);
    return undefined;
  }
  if (mayAnswer(outcome, frame)) {
    model.uphold(finds);
    return frame;
  }
  const allowed = `${printFrame(frame)}: page ${page} of v${vma.name}, which is mapped`;
  if (refused) model.user.missed(vma, page, allowed, finds);
  else model.violate(finds, allowed);
  return undefined;
}

/** Judges the answer of a look-up, outside of parallel blocks, where nothing is mapped. */
export function endNothing(model: Model, vma: Vma, page: number, outcome: Outcome, lookup: PageLookup): void {
  const { none, refusal } = lookup;
  const removal = vma.removals[page];
  if (isRefused(lookup, outcome)) {
    model.uphold(none);
    if (removal) model.uphold(removal.tables);
    vma.untabled[page] = true;
  } else if (removal && outcome.kind === 'frame' && outcome.value === vma.last[page]) {
    const allowed = `-${refusal}: the page was unmapped`;
    // An earlier step showed that the page tables do not have it: this answer is wrong, not the call that unmapped it.
    if (vma.untabled[page]) model.violate(none, allowed, [removal.tables]);
    else model.violate(removal.tables, allowed, [none]);
  } else model.violate(none, `-${refusal}: the page is not mapped`);
}
