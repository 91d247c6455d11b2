/** What was found about a number by trying it: which ones fail, which do not. */
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
    parts.push(
      end === i ? `${values[i]}` : end === i + 1 ? `${values[i]}, ${values[end]}` : `${values[i]}..${values[end]}`,
    );
    i = end + 1;
  }
  return parts.join(', ');
}

/** So many numbers on one side of a border stand for all. */
const FEW = 3;

/**
 * A sentence about a number, `noun` in the singular: `any size`, `any size >= 3`, `size 4 only`. Undefined where nothing
 * but the number itself could be tried.
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
  // A bound is one where its border was tried, and nothing is left open beyond.
  if (holding.at(-1) === least - 1 && failing.length >= FEW) return `any ${noun} >= ${least}`;
  if (holding[0] === most + 1 && least >= 0) return `any ${noun} <= ${most}`;
  return `${noun} ${ranges(failing)}, not ${ranges(holding)}`;
}

/** A sentence about alternatives that have names. */
export function aboutNames(
  own: string,
  others: readonly { readonly name: string; readonly fails: boolean }[],
): string | undefined {
  if (others.length === 0) return undefined;
  const also = others.filter((one) => one.fails).map((one) => one.name);
  const not = others.filter((one) => !one.fails).map((one) => one.name);
  if (also.length === 0) return `${own}, not ${not.join(' or ')}`;
  if (not.length === 0)
    return also.length === 1 ? `${own} or ${also[0]}` : `${[own, ...also].join(', ')}: all the same`;
  return `${[own, ...also].join(' or ')}, not ${not.join(' or ')}`;
}
