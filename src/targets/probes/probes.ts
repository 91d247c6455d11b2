import type { TraitName } from '../../../reference/profiles/traits.ts';
import type { Answers, Asker } from './ask.ts';

/** What a probe makes of the answers. */
export interface Guess {
  readonly choice: string;
  /** False where other choices would have answered the same. */
  readonly sure: boolean;
  /** Why, with the program that shows it. */
  readonly why: string;
}

/** Finds out one trait; undefined where the target has not the calls for it. */
export type Probe = (asker: Asker) => Promise<Guess | undefined>;

const ADDRESS = /^0x/;

const guess = (choice: string, sure: boolean, why: string, { text }: Answers): Guess => ({
  choice,
  sure,
  why: `${why}\n${text}`,
});

/** Maps, loads the translation on every CPU, unmaps, looks; flushes, looks again. */
const tlb: Probe = async (asker) => {
  const cpus = Array.from({ length: asker.manifest.cpus }, (_, cpu) => cpu);
  const flush = asker.has('vm_unmap_aliases') ? ['@0 vm_unmap_aliases'] : [];
  let last: { answers: Answers; lingered: boolean; outlived: boolean } | undefined;
  for (const { map, unmap } of asker.mappers()) {
    for (const pages of [1, 2, 3, 5, 8, 1, 1, 1]) {
      const frames = Array.from({ length: pages }, (_, i) => `f${i}`).join(' ');
      const look = cpus.map((cpu) => `@${cpu} read a0`);
      const steps = [`@0 ${map('a0', frames)}`, ...look, `@0 ${unmap('a0', pages)}`, ...look, ...flush, ...look];
      const answers = await asker.ask(...steps);
      const after = 1 + cpus.length + 1;
      const reached = (from: number) => answers.outcomes.slice(from, from + cpus.length).includes('f0');
      const lingered = reached(after);
      const outlived = reached(after + cpus.length + flush.length);
      last = { answers, lingered, outlived };
      if (outlived)
        return guess(
          'never',
          false,
          'an old frame was reached after vm_unmap_aliases, or there is no such call',
          answers,
        );
      if (lingered)
        return guess('lazy', true, 'an old frame was reached after its unmapping call had returned', answers);
    }
  }
  return last && guess('before-return', false, 'no old frame was reached after any unmapping call', last.answers);
};

/** Areas of one page each, until they lie side by side: what is between them, and at the ends of the window? */
const guard: Probe = async (asker) => {
  if (!asker.has('vmap')) return undefined;
  const count = Math.min(asker.manifest.frames, 40);
  const answers = await asker.ask(...Array.from({ length: count }, (_, i) => `@0 a${i} = vmap f${i}`));
  const size = BigInt(asker.manifest.page);
  const places = answers.outcomes.filter((outcome) => ADDRESS.test(outcome)).map((outcome) => BigInt(outcome) / size);
  places.sort((a, b) => (a < b ? -1 : 1));
  if (places.some((place, i) => i > 0 && place - places[i - 1] === 1n))
    return guess('none', true, 'two areas of one page are direct neighbours', answers);
  const window = asker.manifest.windows.get('kernel');
  if (window && places[0] === BigInt(window.start))
    return guess('trailing', true, 'an area starts where the window starts, and none are direct neighbours', answers);
  if (window && places[0] === BigInt(window.start) + 1n)
    return guess(
      'leading',
      false,
      'the first page of the window is left out, and no areas are direct neighbours',
      answers,
    );
  return guess('trailing', false, 'no areas are direct neighbours', answers);
};

const alias: Probe = async (asker) => {
  const [mapper] = asker.mappers();
  if (!mapper) return undefined;
  const answers = await asker.ask(`@0 ${mapper.map('a0', 'f0')}`, `@0 ${mapper.map('a1', 'f0')}`, '@0 read a1');
  if (answers.outcomes[1] === 'null') return guess('refused', true, 'the second mapping of a frame is NULL', answers);
  const same = answers.outcomes[0] === answers.outcomes[1] ? ', at the same address (no trait says so)' : '';
  return guess('allowed', answers.outcomes[2] === 'f0', `the second mapping of a frame works${same}`, answers);
};

/** A mapping of nothing: NULL, or left undefined. */
const nothing =
  (step: string, ...calls: string[]): Probe =>
  async (asker) => {
    if (!asker.has(...calls)) return undefined;
    const answers = await asker.ask(`@0 a0 = ${step}`);
    const null_ = answers.outcomes[0] === 'null';
    return guess(null_ ? 'null' : 'undefined', true, null_ ? 'it returns NULL' : 'it does not return NULL', answers);
  };

/** Giving back something that is no area: without effect, or left undefined. */
const stray =
  (what: string): Probe =>
  async (asker) => {
    if (!asker.has('vmap', 'vunmap')) return undefined;
    const answers = await asker.ask(
      '@0 a0 = vmap f0',
      `@0 vunmap ${what}`,
      '@0 read a0',
      '@0 a1 = vmap f1',
      '@0 read a1',
    );
    const [, answer, first, , second] = answers.outcomes;
    const ignored = (answer === 'ok' || answer.startsWith('warn')) && first === 'f0' && second === 'f1';
    return guess(
      ignored ? 'ignored' : 'undefined',
      true,
      ignored ? 'it has no effect' : 'it is not without effect',
      answers,
    );
  };

const zapReturn: Probe = async (asker) => {
  if (!asker.has('mmap', 'zap_vma_ptes')) return undefined;
  const answers = await asker.ask('@0 v0 = mmap o0 1 pfnmap shared', `@0 zap_vma_ptes v0 v0 ${asker.bytes(1)}`);
  const [, answer] = answers.outcomes;
  if (answer === 'ok') return guess('void', true, 'it returns nothing', answers);
  return /^-?[0-9E]/.test(answer) ? guess('int', true, `it returns ${answer}`, answers) : undefined;
};

const zapMixedmap: Probe = async (asker) => {
  if (!asker.has('mmap', 'vm_insert_page', 'zap_vma_ptes')) return undefined;
  const answers = await asker.ask(
    '@0 v0 = mmap o0 1 mixedmap shared',
    '@0 vm_insert_page v0 v0 f0',
    '@0 read v0',
    `@0 zap_vma_ptes v0 v0 ${asker.bytes(1)}`,
    '@0 read v0',
  );
  const [, , before, , after] = answers.outcomes;
  if (before !== 'f0') return undefined;
  if (after === 'f0') return guess('ignored', true, 'the page is mapped afterwards', answers);
  return guess('zapped', true, 'the page is gone afterwards', answers);
};

const fullRemap: Probe = async (asker) => {
  if (!asker.has('mmap', 'remap_pfn_range', 'zap_vma_ptes')) return undefined;
  const remap = `@0 remap_pfn_range v0 v0 f0 ${asker.bytes(1)}`;
  const zap = `@0 zap_vma_ptes v0 v0 ${asker.bytes(1)}`;
  const answers = await asker.ask('@0 v0 = mmap o0 1 pfnmap shared', remap, zap, remap, '@0 read v0');
  const [, first, , second] = answers.outcomes;
  if (first !== '0') return undefined;
  return second === '0'
    ? guess('again', true, 'it works', answers)
    : guess('once', true, `it answers ${second}`, answers);
};

const followOutside: Probe = async (asker) => {
  if (!asker.has('mmap', 'follow_pfn')) return undefined;
  const answers = await asker.ask('@0 v0 = mmap o0 1 pfnmap shared', `@0 follow_pfn v0 v0+${asker.bytes(1)}`);
  const refused = answers.outcomes[1].startsWith('-E');
  return guess(refused ? 'refused' : 'undefined', refused, `it answers ${answers.outcomes[1]}`, answers);
};

/** Nothing is read before, so that no translation can linger. */
const interior: Probe = async (asker) => {
  if (!asker.has('vmap', 'vunmap')) return undefined;
  const second = `a0+${asker.bytes(1)}`;
  const answers = await asker.ask('@0 a0 = vmap f0 f1', `@0 vunmap ${second}`, '@0 read a0', `@0 read ${second}`);
  const [, answer, ...seen] = answers.outcomes;
  if (answer !== 'ok' && !answer.startsWith('warn')) return guess('undefined', true, `it answers ${answer}`, answers);
  if (seen.join() === 'f0,f1') return guess('ignored', true, 'the area is still there', answers);
  if (seen.some((outcome) => outcome === 'f0' || outcome === 'f1'))
    return guess('undefined', true, 'a part of the area is gone', answers);
  return guess('whole', true, 'the whole area is gone', answers);
};

/** The probes there are; a trait without one is proposed as documented. */
export const PROBES: Partial<Readonly<Record<TraitName, Probe>>> = {
  tlb,
  guard,
  alias,
  zap_return: zapReturn,
  zap_mixedmap: zapMixedmap,
  full_remap: fullRemap,
  follow_outside: followOutside,
  unmap_interior: interior,
  // The dangerous ones last: each may bring the target down.
  unmap_null: stray('null'),
  unmap_unknown: stray('hole'),
  zero_vmap: nothing('vmap', 'vmap'),
  zero_map_ram: nothing('vm_map_ram', 'vm_map_ram'),
};
