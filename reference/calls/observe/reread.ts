import { define } from '../call.ts';
import { read } from './read.ts';

/** Tells a stale translation (gone after the flush) from a wrong page table (still there); never drawn. */
export const reread = define({
  ...read,
  name: 'reread',
  summary: 'flushes one address on one CPU by instruction, then reads it',
  noun: 'reread',
  example: { steps: ['@0 reread null'], outcome: 'fault' },
  ability: 'reread',
  weight: 0,
});
