/** A number that was tried as an argument, and whether the program fails with it. */
export interface Tried {
  readonly value: number;
  readonly fails: boolean;
}

/** Numbers as ranges: `1..3, 8`. */
function ranges(values: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < values.length; ) {
    let end = i;
    while (values[end + 1] === values[end] + 1) end++;
    const [first, last] = [values[i], values[end]];
    parts.push(end === i ? `${first}` : end === i + 1 ? `${first}, ${last}` : `${first}..${last}`);
    i = end + 1;
  }
  return parts.join(', ');
}

/** This many failing numbers beyond a bound stand for all. */
const ENOUGH_FOR_BOUND = 3;

/**
 * A remark about a number: `any size (1..4 tried)`, `any size >= 3`, `size 4 only`. Undefined when nothing but the
 * number itself could be tried.
 * @param noun what the number is, in the singular.
 */
export function aboutNumber(noun: string, own: number, tried: readonly Tried[]): string | undefined {
  const sorted = tried.toSorted((a, b) => a.value - b.value);
  if (sorted.length < 2) return undefined;
  const failing = sorted.filter((one) => one.fails).map((one) => one.value);
  if (failing.length === sorted.length) return `any ${noun} (${ranges(failing)} tried)`;
  if (failing.length === 1) {
    const near = sorted.map((one) => one.value).filter((value) => Math.abs(value - own) === 1);
    return `${noun} ${own} only${near.length > 0 ? `, not ${near.join(' or ')}` : ''}`;
  }
  const holding = sorted.filter((one) => !one.fails).map((one) => one.value);
  const [least, most] = [failing[0], failing[failing.length - 1]];
  // It is a bound only where the next number was tried and holds, and no number beyond it holds.
  if (holding.at(-1) === least - 1 && failing.length >= ENOUGH_FOR_BOUND) return `any ${noun} >= ${least}`;
  if (holding[0] === most + 1 && least >= 0) return `any ${noun} <= ${most}`;
  return `${noun} ${ranges(failing)}, not ${ranges(holding)}`;
}

/** A remark about alternatives that have names: `vmap or vm_map_ram`, `a0, not a1`. */
export function aboutNames(
  own: string,
  others: readonly { readonly name: string; readonly fails: boolean }[],
): string | undefined {
  if (others.length === 0) return undefined;
  const also = others.filter((one) => one.fails).map((one) => one.name);
  const not = others.filter((one) => !one.fails).map((one) => one.name);
  if (also.length === 0) return `${own}, not ${not.join(' or ')}`;
  if (not.length === 0) return also.length === 1 ? `${own} or ${also[0]}` : `any of ${[own, ...also].join(', ')}`;
  return `${[own, ...also].join(' or ')}, not ${not.join(' or ')}`;
}
