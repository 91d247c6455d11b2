import type { Step } from '../../reference/calls/call.ts';
import type { Program } from '../../reference/calls/valid.ts';
import type { Address } from '../../reference/notation/address.ts';
import { pagesOf } from '../../src/programs/shrink/order.ts';

/** A failure that depends only on the text of a program, which makes it easy to test shrinking. */
export interface Toy {
  readonly name: string;
  readonly fails: (program: Program) => string | undefined;
  /** The program to which every failing program must shrink. */
  readonly minimum: string;
}

const named = (step: Step): number => (step.args[0] as Address | undefined)?.index ?? -1;
const isOf = (step: Step, base: string): boolean => (step.args[0] as Address | undefined)?.base === base;

/** A read of an area after it was unmapped and flushed. */
function staleRead({ steps }: Program): string | undefined {
  const read = new Set<number>();
  const retired = new Set<number>();
  const flushed = new Set<number>();
  for (const step of steps) {
    const { name } = step.call;
    if (name === 'vm_unmap_aliases') for (const area of retired) flushed.add(area);
    if (!isOf(step, 'a')) continue;
    if (name === 'vunmap' && read.has(named(step))) retired.add(named(step));
    if (name === 'read' && flushed.has(named(step))) return 'stale';
    if (name === 'read') read.add(named(step));
  }
  return undefined;
}

/** At least twenty pages mapped by `vm_map_ram`, one area of which is unmapped. */
function fullBlock({ steps }: Program): string | undefined {
  let pages = 0;
  for (const step of steps) {
    if (step.call.name === 'vm_map_ram') pages += pagesOf(step, 4096);
    if (step.call.name === 'vm_unmap_ram' && pages >= 20) return 'full';
  }
  return undefined;
}

/** A zap that ends one page before the end of the VMA. */
function shortZap({ steps }: Program): string | undefined {
  const pages = new Map<number, number>();
  for (const step of steps) {
    const { call, args, binds } = step;
    if (call.name === 'mmap') pages.set(binds, args[1] as number);
    if (call.name !== 'zap_vma_ptes') continue;
    const { index, offset } = args[1] as Address;
    const end = (offset + (args[2] as number)) / 4096;
    if (index === named(step) && offset >= 0 && (args[2] as number) > 0 && end === pages.get(index)! - 1)
      return 'short';
  }
  return undefined;
}

/** A read of an area with at least three pages on another CPU than the one that mapped it. */
function otherCpu({ steps }: Program): string | undefined {
  const mapped = new Map<number, number>();
  for (const step of steps) {
    if (step.call.name === 'vmap' && pagesOf(step, 4096) >= 3) mapped.set(step.binds, step.cpu);
    const cpu = isOf(step, 'a') ? mapped.get(named(step)) : undefined;
    if (step.call.name === 'read' && cpu !== undefined && cpu !== step.cpu) return 'other';
  }
  return undefined;
}

export const TOYS: readonly Toy[] = [
  {
    name: 'a stale read',
    fails: staleRead,
    minimum: '@0 a0 = vmap f0\n@0 read a0\n@0 vunmap a0\n@0 vm_unmap_aliases\n@0 read a0\n',
  },
  {
    name: 'a full block',
    fails: fullBlock,
    minimum: '@0 a0 = vm_map_ram f0..f19\n@0 vm_unmap_ram a0 20\n',
  },
  {
    name: 'a zap that is one page short',
    fails: shortZap,
    minimum: '@0 v0 = mmap o0 2 plain shared\n@0 zap_vma_ptes v0 v0 0x1000\n',
  },
  {
    name: 'a read on another CPU',
    fails: otherCpu,
    minimum: '@0 a0 = vmap f0..f2\n@1 read a0\n',
  },
];
