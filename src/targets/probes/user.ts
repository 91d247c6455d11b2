import { cpusOf, type Guess, guess, type Probe, untold } from './probe.ts';

/** Probes of the user side. */

/** Fills a page, reads it on every CPU to load the translation, empties it, and reads again. */
export const userTlb: Probe = async (asker) => {
  if (!asker.has('mmap')) return undefined;
  const cpus = cpusOf(asker);
  const look = cpus.map((cpu) => `@${cpu} read v0`);
  const size = asker.bytes(1);
  const fills = [
    ['remap_pfn_range', 'pfnmap', `@0 remap_pfn_range v0 v0 f0 ${size}`],
    ['vmf_insert_pfn', 'pfnmap', '@0 vmf_insert_pfn v0 v0 f0'],
    ['vm_insert_page', 'mixedmap', '@0 vm_insert_page v0 v0 f0'],
  ] as const;
  const empties = [
    ['zap_vma_ptes', `@0 zap_vma_ptes v0 v0 ${size}`],
    ['munmap', '@0 munmap v0'],
    ['unmap_mapping_range', '@0 unmap_mapping_range o0 0x0 flags=even_cows'],
  ] as const;
  let last: Guess | undefined;
  for (const [filling, kind, fill] of fills.filter(([call]) => asker.has(call))) {
    for (const [emptying, empty] of empties.filter(([call]) => asker.has(call))) {
      // zap_vma_ptes may ignore VMAs of this kind.
      if (emptying === 'zap_vma_ptes' && filling === 'vm_insert_page') continue;
      const answers = await asker.ask(`@0 v0 = mmap o0 1 ${kind} shared`, fill, ...look, empty, ...look);
      const before = answers.outcomes.slice(2, 2 + cpus.length);
      const [answer, ...after] = answers.outcomes.slice(2 + cpus.length);
      if (!before.includes('f0') || answer === undefined || untold(answer) || after.includes('')) continue;
      if (after.includes('f0'))
        return guess('caller', true, `a CPU reached the old frame after ${emptying} had returned`, answers);
      last ??= guess('before-return', false, `no CPU reached the old frame after ${emptying} had returned`, answers);
    }
  }
  return last;
};

export const zapReturn: Probe = async (asker) => {
  if (!asker.has('mmap', 'zap_vma_ptes')) return undefined;
  const answers = await asker.ask('@0 v0 = mmap o0 1 pfnmap shared', `@0 zap_vma_ptes v0 v0 ${asker.bytes(1)}`);
  const [, answer] = answers.outcomes;
  if (answer === 'ok') return guess('void', true, 'it returns nothing', answers);
  return /^-?[0-9E]/.test(answer) ? guess('int', true, `it returns ${answer}`, answers) : undefined;
};

/** A zap of a range that begins in a VMA and leaves it. */
export const zapChecks: Probe = async (asker) => {
  if (!asker.has('mmap', 'remap_pfn_range', 'zap_vma_ptes')) return undefined;
  const answers = await asker.ask(
    '@0 v0 = mmap o0 1 pfnmap shared',
    `@0 remap_pfn_range v0 v0 f0 ${asker.bytes(1)}`,
    '@0 read v0',
    `@0 zap_vma_ptes v0 v0 ${asker.bytes(2)}`,
    '@0 read v0',
  );
  const [, , before, answer, after] = answers.outcomes;
  if (before !== 'f0' || untold(answer)) return undefined;
  return after === 'f0'
    ? guess('all', true, 'it refuses a range that leaves the VMA', answers)
    : guess('none', true, 'it unmaps a range that leaves the VMA', answers);
};

export const zapMixedmap: Probe = async (asker) => {
  if (!asker.has('mmap', 'vm_insert_page', 'zap_vma_ptes')) return undefined;
  // Without any check, the kind of the VMA does not matter.
  if ((await zapChecks(asker))?.choice === 'none') return undefined;
  const answers = await asker.ask(
    '@0 v0 = mmap o0 1 mixedmap shared',
    '@0 vm_insert_page v0 v0 f0',
    '@0 read v0',
    `@0 zap_vma_ptes v0 v0 ${asker.bytes(1)}`,
    '@0 read v0',
  );
  const [, , before, answer, after] = answers.outcomes;
  if (before !== 'f0' || untold(answer)) return undefined;
  if (after === 'f0') return guess('ignored', true, 'the page is still mapped afterwards', answers);
  return guess('zapped', true, 'the page is gone afterwards', answers);
};

export const unmapInserted: Probe = async (asker) => {
  if (!asker.has('mmap', 'vm_insert_page', 'unmap_mapping_range')) return undefined;
  const answers = await asker.ask(
    '@0 v0 = mmap o0 1 mixedmap shared',
    '@0 vm_insert_page v0 v0 f0',
    '@0 read v0',
    '@0 unmap_mapping_range o0 0x0',
    // Not an old translation: the page table says what was unmapped.
    '@0 reread v0',
  );
  const [, , before, answer, after] = answers.outcomes;
  if (before !== 'f0' || untold(answer) || untold(after)) return undefined;
  return after === 'f0'
    ? guess('undefined', true, 'the page is still mapped afterwards', answers)
    : guess('unmaps', false, 'the page is gone afterwards', answers);
};

export const fullRemap: Probe = async (asker) => {
  if (!asker.has('mmap', 'remap_pfn_range', 'zap_vma_ptes')) return undefined;
  const remap = `@0 remap_pfn_range v0 v0 f0 ${asker.bytes(1)}`;
  const zap = `@0 zap_vma_ptes v0 v0 ${asker.bytes(1)}`;
  const answers = await asker.ask('@0 v0 = mmap o0 1 pfnmap shared', remap, zap, remap, '@0 read v0');
  const [, first, zapped, second] = answers.outcomes;
  if (first !== '0' || untold(zapped) || untold(second)) return undefined;
  return second === '0'
    ? guess('again', true, 'it works', answers)
    : guess('once', true, `it answers ${second}`, answers);
};

export const followOutside: Probe = async (asker) => {
  if (!asker.has('mmap', 'follow_pfn')) return undefined;
  const answers = await asker.ask('@0 v0 = mmap o0 1 pfnmap shared', `@0 follow_pfn v0 v0+${asker.bytes(1)}`);
  const [, answer] = answers.outcomes;
  if (untold(answer)) return undefined;
  const refused = answer.startsWith('-E');
  return guess(refused ? 'refused' : 'undefined', refused, `it answers ${answer}`, answers);
};
