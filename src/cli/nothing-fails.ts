import type { Document } from '../../reference/notation/document.ts';
import { oneLine } from '../common/printable.ts';
import { describeTarget, type OpenTarget } from '../targets/open.ts';

/** Says that a saved program holds on a target, and where it was recorded if that was another one. */
export function nothingFails(file: string, { header }: Document, target: OpenTarget): string {
  const held = `${file} holds on ${describeTarget(target)}`;
  if (header.target === undefined || header.target === target.manifest.name) return held;
  return `${held}; it was recorded on ${oneLine(header.target)}, choose that with --target`;
}
