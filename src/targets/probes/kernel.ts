import type { CallName } from '../../../reference/notation/names.ts';
import { type Answers, type Asker, isAddress, type Mapper } from './ask.ts';
import { cpusOf, type Guess, guess, type Probe, returned, untold } from './probe.ts';

/** Probes of the kernel side. */

/** Whether a mapping returned an address outside the kernel window. */
function outside({ manifest: { windows, page } }: Asker, address: string): boolean {
  const window = windows.get('kernel');
  const at = Number(BigInt(address) / BigInt(page));
  return window !== undefined && (at < window.start || at >= window.end);
}

/** How many areas a probe makes, at most, until an address comes back. */
const MAPPINGS = 200;

/**
 * A translation outlived vm_unmap_aliases, or that call does not exist: is it gone when the address is mapped again? If a CPU
 * reaches the old frame even then, callers have to flush.
 */
async function outlived(asker: Asker, mapper: Mapper, seen: Answers): Promise<Guess> {
  const why = 'a CPU reached the old frame after vm_unmap_aliases, or that call does not exist';
  if (!asker.has('flush_tlb')) return guess('never', false, why, seen);
  const count = Math.min(MAPPINGS, Math.floor(asker.manifest.steps / 3) - 1);
  const other = mapper.pages;
  const again = Array.from({ length: count }, (_, i) => [
    mapper.map(`a${i + 1}`, other),
    `@0 read a${i + 1}`,
    mapper.unmap(`a${i + 1}`),
  ]);
  const answers = await asker.ask(mapper.map('a0'), '@0 read a0', mapper.unmap('a0'), ...again.flat());
  const [first] = answers.outcomes;
  const reused = answers.outcomes.findIndex((outcome, i) => i > 0 && outcome === first);
  if (reused < 0) return guess('caller', false, `${why}, and the target has flush_tlb`, seen);
  return answers.outcomes[reused + 1] === 'f0'
    ? guess('caller', true, 'a CPU reached the old frame after the address was mapped again', answers)
    : guess('never', false, why, seen);
}

/** Maps, reads on every CPU to load the translations, unmaps, reads again, flushes, reads again. */
export const tlb: Probe = async (asker) => {
  const cpus = cpusOf(asker);
  const flush = asker.has('vm_unmap_aliases') ? ['@0 vm_unmap_aliases'] : [];
  const look = cpus.map((cpu) => `@${cpu} read a0`);
  let last: Guess | undefined;
  for (const size of [1, 2, 3, 5, 8, 1, 1, 1]) {
    for (const mapper of await asker.mappers(size)) {
      const answers = await asker.ask(mapper.map('a0'), ...look, mapper.unmap('a0'), ...look, ...flush, ...look);
      const [address, ...rest] = answers.outcomes;
      // An address in a permanent map stays mapped, and shows nothing of the TLB.
      if (!isAddress(address) || outside(asker, address) || !rest.includes('f0')) continue;
      const after = cpus.length + 1;
      const reached = (from: number) => rest.slice(from, from + cpus.length).includes('f0');
      if (reached(after + cpus.length + flush.length)) return outlived(asker, mapper, answers);
      if (reached(after))
        return guess('lazy', true, 'a CPU reached the old frame after the unmapping call had returned', answers);
      if (!returned(rest[cpus.length])) continue;
      last = guess('before-return', false, 'no CPU reached an old frame after an unmapping call had returned', answers);
    }
  }
  return last;
};

/** Makes many areas: what lies between them, and at the start of the window? */
export const guard: Probe = async (asker) => {
  if (!asker.has('vmap')) return undefined;
  const window = asker.manifest.windows.get('kernel');
  const size = BigInt(asker.manifest.page);
  let found: Guess | undefined;
  for (const pages of [1, 2, 3, 4]) {
    const count = Math.min(Math.floor(asker.manifest.frames / pages), 40);
    const frames = (i: number) => Array.from({ length: pages }, (_, page) => `f${i * pages + page}`).join(' ');
    const answers = await asker.ask(...Array.from({ length: count }, (_, i) => `@0 a${i} = vmap ${frames(i)}`));
    const places = answers.outcomes
      .filter((outcome) => isAddress(outcome) && !outside(asker, outcome))
      .map((outcome) => Number(BigInt(outcome) / size));
    places.sort((a, b) => a - b);
    if (places.length < 2) continue;
    if (places.some((place, i) => i > 0 && place - places[i - 1] === pages))
      return guess('none', true, 'two areas are direct neighbours', answers);
    if (!window) continue;
    if (places[0] === window.start)
      found ??= guess(
        'trailing',
        true,
        'an area starts at the start of the window, and no two areas are direct neighbours',
        answers,
      );
    else if (places[0] === window.start + 1)
      found ??= guess(
        'leading',
        false,
        'the first page of the window is never used, and no two areas are direct neighbours',
        answers,
      );
  }
  return found;
};

export const alias: Probe = async (asker) => {
  // A single page may come from a permanent map, which has one address for each page.
  for (const size of [2, 3, 4, 8, 16, 1]) {
    for (const mapper of await asker.mappers(size)) {
      const answers = await asker.ask(mapper.map('a0'), mapper.map('a1'), '@0 read a1');
      const [first, second, seen] = answers.outcomes;
      if (!isAddress(first) || outside(asker, first) || untold(second)) continue;
      if (second === 'null') return guess('refused', true, 'the second mapping of a frame is NULL', answers);
      if (!isAddress(second)) continue;
      if (first === second)
        return guess('same-address', true, 'the second mapping of the same frames has the same address', answers);
      return guess('allowed', seen === 'f0', 'the second mapping of a frame works', answers);
    }
  }
  return undefined;
};

/** Maps one page: is the address outside the window, and is the page still there after unmapping? */
export const singlePage: Probe = async (asker) => {
  if (!asker.manifest.windows.has('kernel')) return undefined;
  for (const mapper of await asker.mappers(1)) {
    const answers = await asker.ask(mapper.map('a0'), '@0 read a0', mapper.unmap('a0'), '@0 read a0');
    const [address, before, , after] = answers.outcomes;
    if (!isAddress(address) || before !== 'f0') continue;
    if (!outside(asker, address)) return guess('area', true, 'the address lies in the window', answers);
    if (after === 'f0')
      return guess(
        'permanent',
        true,
        'the address lies outside the window, and is still mapped after unmapping',
        answers,
      );
  }
  return undefined;
};

/** Maps no pages: NULL, an address, or undefined? */
export const zeroVmap: Probe = async (asker) => {
  if (!asker.has('vmap', 'vunmap')) return undefined;
  const [mapper] = (await asker.mappers()).filter(({ call }) => call === 'vmap');
  if (!mapper) return undefined;
  const answers = await asker.ask(mapper.map('a0'), '@0 a1 = vmap', '@0 vunmap a1', '@0 read a0');
  const [, empty, back, seen] = answers.outcomes;
  if (untold(empty)) return undefined;
  if (empty === 'null') return guess('null', true, 'it returns NULL', answers);
  if (isAddress(empty) && returned(back) && seen === 'f0')
    return guess('address', false, 'it returns an address that can be given back', answers);
  return guess('undefined', true, 'it returns neither NULL nor an address that can be given back', answers);
};

/** The same for vm_map_ram, which returns NULL or is undefined. */
export const zeroMapRam: Probe = async (asker) => {
  if (!asker.has('vm_map_ram')) return undefined;
  const answers = await asker.ask('@0 a0 = vm_map_ram');
  const [empty] = answers.outcomes;
  if (untold(empty)) return undefined;
  return empty === 'null'
    ? guess('null', true, 'it returns NULL', answers)
    : guess('undefined', true, 'it does not return NULL', answers);
};

/**
 * Unmaps an address that is not an area: is that ignored, or undefined?
 * @returns undefined if the target did not execute the steps.
 */
async function strayUnmap(asker: Asker, call: CallName, address: string): Promise<Guess | undefined> {
  if (!asker.has(call)) return undefined;
  const [mapper] = await asker.mappers();
  if (!mapper) return undefined;
  const next = mapper.pages;
  const answers = await asker.ask(
    mapper.map('a0'),
    `@0 ${call} ${address}`,
    '@0 read a0',
    mapper.map('a1', next),
    '@0 read a1',
  );
  const [, answer, first, , second] = answers.outcomes;
  if (untold(answer)) return undefined;
  const ignored = returned(answer) && first === 'f0' && second === `f${next}`;
  return guess(ignored ? 'ignored' : 'undefined', true, ignored ? 'it has no effect' : 'it has an effect', answers);
}

export const unmapUnknown: Probe = async (asker) =>
  (await strayUnmap(asker, 'vunmap', 'hole')) ?? strayUnmap(asker, 'vfree', 'hole');

export const unmapNull: Probe = async (asker) =>
  (await strayUnmap(asker, 'vunmap', 'null')) ?? strayUnmap(asker, 'vfree', 'null');

/** Whether vfree takes an unknown address as vunmap does. */
export const vfreeUnknown: Probe = async (asker) => {
  const [vunmap, vfree] = [await strayUnmap(asker, 'vunmap', 'hole'), await strayUnmap(asker, 'vfree', 'hole')];
  if (!vunmap || !vfree) return undefined;
  return vunmap.choice === vfree.choice ? { ...vfree, choice: 'as-vunmap' } : vfree;
};

/** Unmaps an address inside an area. Nothing is read before, so that no translation can linger. */
export const interior: Probe = async (asker) => {
  if (!asker.has('vmap', 'vunmap')) return undefined;
  const second = `a0+${asker.bytes(1)}`;
  for (const mapper of (await asker.mappers(2, 3, 4, 8, 16)).filter(({ call }) => call === 'vmap')) {
    const answers = await asker.ask(mapper.map('a0'), `@0 vunmap ${second}`, '@0 read a0', `@0 read ${second}`);
    const [, answer, ...seen] = answers.outcomes;
    if (untold(answer)) return undefined;
    if (!returned(answer)) return guess('undefined', true, `it answers ${answer}`, answers);
    if (seen.join() === 'f0,f1') return guess('ignored', true, 'the area is still mapped', answers);
    if (seen.some((outcome) => outcome === 'f0' || outcome === 'f1'))
      return guess('undefined', true, 'a part of the area is unmapped', answers);
    return guess('whole', true, 'the whole area is unmapped', answers);
  }
  return undefined;
};

/** Reads the second page of an area of vm_map_ram. */
export const vreadRam: Probe = async (asker) => {
  if (!asker.has('vm_map_ram', 'vread')) return undefined;
  const answers = await asker.ask('@0 a0 = vm_map_ram f0 f1', `@0 vread a0+${asker.bytes(1)}`);
  const [, answer] = answers.outcomes;
  if (untold(answer)) return undefined;
  const wrong = answer === 'f0';
  return guess(wrong ? 'undefined' : 'reads', wrong, `it reads ${answer} at the second page of f0 f1`, answers);
};
