import { define } from '../define.ts';
import { read } from './read.ts';

/**
 * Tells a stale TLB entry from a wrong page table: after the flush a stale entry is gone, a wrong page table is still
 * there. The kit runs it after an offending read; generators never draw it.
 */
export const reread = define({
  ...read,
  name: 'reread',
  summary: 'flushes one address from the TLB of the CPU by instruction, then reads it',
  noun: 'reread',
  example: { steps: ['@0 reread null'], outcome: 'fault' },
  ability: 'reread',
  weight: 0,
});
