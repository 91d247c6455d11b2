import { type Address, printAddress } from '../../../reference/notation/address.ts';
import { knownAfter } from '../../programs/shrink/pass.ts';
import { listed, type Site, tryArguments, tryNumbers, tryTogether } from './vary.ts';
import { aboutNames, aboutNumber } from './words.ts';

/** Whether another area or VMA of the program would do. */
export async function nameRemarks(site: Site, own: Address): Promise<(string | undefined)[]> {
  const before = site.trial.program.steps.slice(0, site.index);
  const others = before
    .filter(({ call, binds }) => call.binds === own.base && binds !== own.index)
    .map(({ binds }): Address => ({ base: own.base, index: binds, offset: 0 }));
  const fails = await tryArguments(site, others);
  const tried = others.flatMap((other, i) =>
    fails[i] === undefined ? [] : [{ name: printAddress(other), fails: fails[i] }],
  );
  return [aboutNames(printAddress(own), tried)];
}

/** Which pages of the area or VMA would do, and whether another one would. */
export async function addressRemarks(site: Site, own: Address): Promise<(string | undefined)[]> {
  if (own.base !== 'a' && own.base !== 'v') return [];
  const { program, options } = site.trial;
  const { page } = options;
  const known = knownAfter(program, options);
  const length = (own.base === 'a' ? known.areas : known.vmas)[own.index]?.pages ?? 1;
  const first = Math.floor(own.offset / page);
  const values = [...new Set([-1, 0, 1, 2, first - 1, first, first + 1, Math.floor(length / 2), length - 1, length])];
  const near = values.filter((one) => one >= -1 && one <= length).sort((a, b) => a - b);
  const tried = await tryNumbers(site, near, (one) => ({ ...own, offset: own.offset + (one - first) * page }));
  const inside = tried.filter((one) => one.value >= 0 && one.value < length);
  const failsOutside = tried.some((one) => (one.value < 0 || one.value >= length) && one.fails);
  const failsOnAll = inside.length > 1 && inside.every((one) => one.fails);
  const words = failsOnAll
    ? failsOutside
      ? `any page, even outside ${own.base}${own.index}`
      : `any page of ${own.base}${own.index}`
    : aboutNumber('page', first, tried);
  const others = await nameRemarks(site, own);
  return [(failsOnAll ? undefined : await samePageRemark(site, own, length)) ?? words, ...others];
}

/** Whether several steps that use the same page may use another one, if all of them do. */
async function samePageRemark(site: Site, own: Address, length: number): Promise<string | undefined> {
  const { program, options } = site.trial;
  const places = program.steps.flatMap(({ args, call }, i) =>
    args.flatMap((value, at) => {
      if (call.parameters[at].type !== 'address') return [];
      const other = value as Address | undefined;
      const same = other?.base === own.base && other.index === own.index && other.offset === own.offset;
      return same ? [{ index: i, at }] : [];
    }),
  );
  if (places.length < 2 || length < 2) return undefined;
  const values = [...new Set([0, 1, Math.floor(length / 2), length - 1])];
  const tried = await tryTogether(site.trial, places, values, (value, old) => ({
    ...(old as Address),
    offset: value * options.page,
  }));
  if (tried.length < 2 || !tried.every((one) => one.fails)) return undefined;
  const others = places.filter((place) => place.index !== site.index).map((place) => place.index);
  return `any page of ${own.base}${own.index}, the same as in ${listed(others)}`;
}
