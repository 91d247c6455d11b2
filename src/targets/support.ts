import type { Call, Parameter, Step } from '../../reference/calls/call.ts';
import { type FrameId, isPoolFrame } from '../../reference/notation/frame.ts';
import type { Argument } from '../../reference/notation/signature.ts';

/**
 * What a target supports of one call, where that is less than the whole call: `vmap(contiguous,pages=2..)`.
 *
 * @example
 * ```ts
 * import { openTarget, type Support } from 'mmspec';
 *
 * const target = await openTarget('embedded:contiguous-runs');
 * const support: Support | undefined = target.manifest.support?.get('vmap');
 * console.log(support?.words); // [ 'contiguous', 'pages=2..', 'no-put_pages' ]
 * await target.close();
 * ```
 */
export interface Support {
  /** The limits, as the handshake gives them. */
  readonly words: readonly string[];
  /** By the position of a parameter: the choices that are supported. */
  readonly choices: ReadonlyMap<number, readonly string[]>;
  /** Positions of optional parameters that are not supported. */
  readonly without: ReadonlySet<number>;
  /** Lists of frames must be ascending, without gaps. */
  readonly contiguous: boolean;
  /** The size of a mapping or a range in pages. */
  readonly least: number;
  readonly most: number;
}

const SIZED = new Set(['frames', 'pages', 'bytes']);

/** The choices of a parameter that a target with the abilities `can` has; undefined if the parameter has none. */
export const choicesWith = (
  { choices, abilities }: Pick<Parameter, 'choices' | 'abilities'>,
  can: ReadonlySet<string>,
): readonly string[] | undefined =>
  abilities ? choices?.filter((choice) => !Object.hasOwn(abilities, choice) || can.has(abilities[choice])) : choices;

/** The abilities that a target needs for pages of areas in an argument; none if the parameter cannot have such pages. */
export const areaPagesAbility = ({ type, areaPages }: Pick<Parameter, 'type' | 'areaPages'>): readonly string[] =>
  !areaPages ? [] : type === 'frames' ? ['area_pages', 'area_page_lists'] : ['area_pages'];

/** The position of a parameter that has a choice of this name, or -1. */
const positionOf = (call: Call, choice: string): number =>
  call.parameters.findIndex(({ choices }) => choices?.includes(choice));

/** The limits that a call can have: words as in `calls NAME(WORD,WORD)`; `pages=MIN..MAX` stands for all sizes. */
export function limitsOf(call: Call): string[] {
  const words: string[] = [];
  for (const { name, type, optional, choices = [] } of call.parameters) {
    if (type === 'frames') words.push('contiguous');
    if (SIZED.has(type)) words.push('pages=MIN..MAX');
    if (type === 'choice') words.push(...choices);
    if (type === 'flags') words.push(...choices.map((choice) => `no-${choice}`));
    else if (optional) words.push(`no-${name}`);
  }
  return [...new Set(words)];
}

/**
 * Reads the limits of a call.
 * @param words the words between the parentheses of `calls NAME(WORD,WORD)`.
 * @throws Error naming what is allowed, for an unknown word.
 */
export function parseSupport(call: Call, words: readonly string[]): Support {
  const choices = new Map<number, string[]>();
  const without = new Set<number>();
  let [contiguous, least, most] = [false, 0, Number.POSITIVE_INFINITY];
  const listed = call.parameters.some(({ type }) => type === 'frames');
  const sized = call.parameters.some(({ type }) => SIZED.has(type));
  for (const word of words) {
    const sizes = /^pages=([0-9]{1,6})?(?:\.\.([0-9]{1,6})?)?$/.exec(word);
    const left = word.startsWith('no-') ? word.slice(3) : undefined;
    const optional = call.parameters.findIndex(
      ({ name, type, choices, optional }) =>
        optional === true && (type === 'flags' ? choices?.includes(left ?? '') : name === left),
    );
    const choice = positionOf(call, word);
    if (word === 'contiguous' && listed) contiguous = true;
    else if (sizes && sized && word !== 'pages=') {
      least = Number(sizes[1] ?? 0);
      most = word.includes('..') ? Number(sizes[2] ?? Number.POSITIVE_INFINITY) : least;
      if (most < least) throw new Error(`${call.name}(${word}) allows no size: MAX is smaller than MIN`);
    } else if (left !== undefined && optional >= 0) without.add(optional);
    else if (choice >= 0 && call.parameters[choice].type === 'choice')
      choices.set(choice, [...(choices.get(choice) ?? []), word]);
    else throw new Error(`${call.name} has no limit ${word}; it can have: ${limitsOf(call).join(', ') || 'none'}`);
  }
  return { words, choices, without, contiguous, least, most };
}

/** The nearest size in pages that a target supports for a call; every size if it supports the whole call. */
export const nearestPages = (support: Support | undefined, pages: number): number =>
  support === undefined ? pages : Math.min(Math.max(pages, support.least), support.most);

/** The size of an argument in pages. */
const pagesOf = (type: string, value: Argument, page: number): number =>
  type === 'frames'
    ? (value as readonly FrameId[]).length
    : type === 'bytes'
      ? Math.ceil((value as number) / page)
      : (value as number);

/** Pages of an area that follow each other need not be contiguous in memory. */
const isRun = (frames: readonly FrameId[]): boolean =>
  frames.every((frame, i) => i === 0 || (frame === frames[i - 1] + 1 && isPoolFrame(frame)));

/**
 * Whether a target supports a step of the call.
 * @param page the page size in bytes.
 */
export function supports(support: Support, { call, args }: Pick<Step, 'call' | 'args'>, page: number): boolean {
  return call.parameters.every(({ type }, i) => {
    const value = args[i];
    if (value === undefined) return true;
    if (support.without.has(i)) return false;
    if (support.choices.get(i)?.includes(value as string) === false) return false;
    if (type === 'frames' && support.contiguous && !isRun(value as readonly FrameId[])) return false;
    if (!SIZED.has(type)) return true;
    const pages = pagesOf(type, value, page);
    return pages >= support.least && pages <= support.most;
  });
}

/**
 * The nearest arguments to `args` that a target supports.
 * @param frames how many frames the pool has.
 * @param page the page size in bytes.
 */
export function nearest(
  support: Support,
  call: Call,
  args: readonly (Argument | undefined)[],
  frames: number,
  page: number,
): (Argument | undefined)[] {
  const size = (pages: number): number => nearestPages(support, pages);
  const replaced = [...support.choices].some(([i, allowed]) => !allowed.includes(args[i] as string));
  return call.parameters.map(({ type, optional }, i) => {
    const value = args[i];
    if (value === undefined || support.without.has(i)) return undefined;
    // An optional frame was drawn for the choice that is replaced, so it is dropped too.
    if (replaced && optional && type === 'frame') return undefined;
    const allowed = support.choices.get(i);
    if (allowed && !allowed.includes(value as string)) return allowed[0];
    if (type === 'frames') return fitFrames(support, value as readonly FrameId[], size, frames);
    if (type === 'pages') return size(value as number);
    if (type !== 'bytes') return value;
    const pages = pagesOf(type, value, page);
    return size(pages) === pages ? value : size(pages) * page;
  });
}

function fitFrames(
  { contiguous }: Support,
  list: readonly FrameId[],
  size: (pages: number) => number,
  frames: number,
): readonly FrameId[] {
  const length = contiguous ? Math.min(size(list.length), frames) : size(list.length);
  // A list that is too short repeats its own frames.
  if (!contiguous) return Array.from({ length }, (_, i) => list[i % list.length] ?? i);
  const first = Math.min(list[0] ?? 0, frames - length);
  return Array.from({ length }, (_, i) => first + i);
}
