import type { CallName } from '../../../reference/notation/names.ts';
import type { TraitName } from '../../../reference/profiles/traits.ts';
import type { Answers, Asker } from './ask.ts';

/** What a probe concludes from the answers. */
export interface Guess {
  readonly choice: string;
  /** False where another choice could have given the same answers. */
  readonly sure: boolean;
  /** The reason on the first line, then the program that shows it. */
  readonly reason: string;
}

/** Finds out one trait. Resolves to undefined if the target lacks the calls that would show it. */
export type Probe = (asker: Asker) => Promise<Guess | undefined>;

const ADDRESS = /^0x/;

const guess = (choice: string, sure: boolean, reason: string, { text }: Answers): Guess => ({
  choice,
  sure,
  reason: `${reason}\n${text}`,
});

/** Maps, reads on every CPU to load the translations, unmaps, reads again, flushes, reads again. */
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
          'a CPU reached the old frame after vm_unmap_aliases, or that call does not exist',
          answers,
        );
      if (lingered)
        return guess('lazy', true, 'a CPU reached the old frame after the unmapping call had returned', answers);
    }
  }
  return (
    last &&
    guess('before-return', false, 'no CPU reached an old frame after an unmapping call had returned', last.answers)
  );
};

/** Makes many areas of one page: what lies between them, and at the start of the window? */
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
    return guess(
      'trailing',
      true,
      'an area starts at the start of the window, and no two areas are direct neighbours',
      answers,
    );
  if (window && places[0] === BigInt(window.start) + 1n)
    return guess(
      'leading',
      false,
      'the first page of the window is never used, and no two areas are direct neighbours',
      answers,
    );
  return guess('trailing', false, 'no two areas are direct neighbours', answers);
};

const alias: Probe = async (asker) => {
  const [mapper] = asker.mappers();
  if (!mapper) return undefined;
  const answers = await asker.ask(`@0 ${mapper.map('a0', 'f0')}`, `@0 ${mapper.map('a1', 'f0')}`, '@0 read a1');
  if (answers.outcomes[1] === 'null') return guess('refused', true, 'the second mapping of a frame is NULL', answers);
  const same = answers.outcomes[0] === answers.outcomes[1] ? ', at the same address (which no trait allows)' : '';
  return guess('allowed', answers.outcomes[2] === 'f0', `the second mapping of a frame works${same}`, answers);
};

/** Maps an empty list of frames: NULL, or undefined? */
const emptyMapping =
  (call: CallName): Probe =>
  async (asker) => {
    if (!asker.has(call)) return undefined;
    const answers = await asker.ask(`@0 a0 = ${call}`);
    const null_ = answers.outcomes[0] === 'null';
    return guess(null_ ? 'null' : 'undefined', true, null_ ? 'it returns NULL' : 'it does not return NULL', answers);
  };

/** Unmaps an address that is no area: ignored, or undefined? */
const strayUnmap =
  (address: string): Probe =>
  async (asker) => {
    if (!asker.has('vmap', 'vunmap')) return undefined;
    const answers = await asker.ask(
      '@0 a0 = vmap f0',
      `@0 vunmap ${address}`,
      '@0 read a0',
      '@0 a1 = vmap f1',
      '@0 read a1',
    );
    const [, answer, first, , second] = answers.outcomes;
    const ignored = (answer === 'ok' || answer.startsWith('warn')) && first === 'f0' && second === 'f1';
    return guess(ignored ? 'ignored' : 'undefined', true, ignored ? 'it has no effect' : 'it has an effect', answers);
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
  if (after === 'f0') return guess('ignored', true, 'the page is still mapped afterwards', answers);
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

/** Unmaps an address inside an area. Nothing is read before, so that no translation can linger. */
const interior: Probe = async (asker) => {
  if (!asker.has('vmap', 'vunmap')) return undefined;
  const second = `a0+${asker.bytes(1)}`;
  const answers = await asker.ask('@0 a0 = vmap f0 f1', `@0 vunmap ${second}`, '@0 read a0', `@0 read ${second}`);
  const [, answer, ...seen] = answers.outcomes;
  if (answer !== 'ok' && !answer.startsWith('warn')) return guess('undefined', true, `it answers ${answer}`, answers);
  if (seen.join() === 'f0,f1') return guess('ignored', true, 'the area is still mapped', answers);
  if (seen.some((outcome) => outcome === 'f0' || outcome === 'f1'))
    return guess('undefined', true, 'a part of the area is unmapped', answers);
  return guess('whole', true, 'the whole area is unmapped', answers);
};

/** The probe of each trait, in the order in which they run; undefined for a trait that no program can show. */
export const PROBES: Readonly<Record<TraitName, Probe | undefined>> = {
  tlb,
  guard,
  alias,
  zap_return: zapReturn,
  zap_mixedmap: zapMixedmap,
  full_remap: fullRemap,
  follow_outside: followOutside,
  // A mapping call that fails may be short of memory, or wrong.
  memory: undefined,
  unmap_interior: interior,
  // The dangerous ones come last: each may crash the target.
  unmap_null: strayUnmap('null'),
  unmap_unknown: strayUnmap('hole'),
  zero_vmap: emptyMapping('vmap'),
  zero_map_ram: emptyMapping('vm_map_ram'),
};
