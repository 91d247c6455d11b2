import { areasOfFrames, type FrameId } from '../notation/frame.ts';
import type { Step } from './call.ts';

/** The areas of whose pages a step names some, as in `vm_insert_page v0 v0 a0:2`, each once. */
export const areasOfPages = ({ call: { areaPagesAt }, args }: Step): readonly number[] =>
  areasOfFrames(areaPagesAt < 0 ? undefined : (args[areaPagesAt] as FrameId | readonly FrameId[] | undefined));
