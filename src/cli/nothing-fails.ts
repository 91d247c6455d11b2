import type { Document } from '../../reference/notation/document.ts';
import type { OpenTarget } from '../targets/open.ts';

/** Says that a saved program holds on a target, and where it was recorded if that was another one. */
export function nothingFails(file: string, { header }: Document, { spec, manifest }: OpenTarget): string {
  const held = `${file} holds on ${spec} (${manifest.name})`;
  if (header.target === undefined || header.target === manifest.name) return held;
  return `${held}; it was recorded on ${header.target}, choose that with --target`;
}
