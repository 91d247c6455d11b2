import { guess, type Probe, untold } from './probe.ts';

/** Probes of the user side. */

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
