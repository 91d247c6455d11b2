import type { Call, Sees, Step } from '../../../reference/calls/call.ts';
import { type Program, whyInvalid } from '../../../reference/calls/valid.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import type { Known } from '../../../reference/model/known.ts';
import type { KnownVma } from '../../../reference/model/known-space.ts';
import { type Address, inArea, inVma } from '../../../reference/notation/address.ts';
import type { FrameId } from '../../../reference/notation/frame.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import { argumentsOf, inSpace } from '../../programs/arguments.ts';
import { callsOf } from '../../programs/generate/options.ts';
import type { Manifest } from '../../targets/target.ts';

/** Pages to observe at each end of an area or a VMA, and beyond it. */
const EDGE_PAGES = 4;
const BEYOND_PAGES = 1;

/** The page numbers to observe of a range of `pages`: those at both ends, and the neighbours. */
function pagesToObserve(pages: number): number[] {
  const all = Array.from({ length: pages + 2 * BEYOND_PAGES }, (_, i) => i - BEYOND_PAGES);
  const edge = EDGE_PAGES + BEYOND_PAGES;
  return all.length <= 2 * edge ? all : [...all.slice(0, edge), ...all.slice(-edge)];
}

/** The addresses to observe around a VMA. */
const addressesOf = ({ name, pages }: KnownVma, page: number): Address[] =>
  pagesToObserve(pages).map((at) => inVma(name, at * page));

/** The addresses to observe: around every area and VMA that has a name. */
function addressesIn(known: Known): Address[] {
  const { page } = known;
  const areas = known.areas.flatMap((area) =>
    area ? pagesToObserve(area.pages).map((at) => inArea(area.name, at * page)) : [],
  );
  const vmas = known.vmas.flatMap((vma) => (vma ? addressesOf(vma, page) : []));
  return [...areas, ...vmas];
}

/** The frames that steps name. */
export function framesOf(steps: readonly Step[]): FrameId[] {
  const frames = new Set<FrameId>();
  for (const step of steps)
    for (const argument of argumentsOf(step)) {
      if (argument.type === 'frame') frames.add(argument.value);
      if (argument.type === 'frames') for (const frame of argument.value) frames.add(frame);
    }
  return [...frames];
}

/** The frames whose counts to observe: those at both ends of each list, the ones of the latest steps first. */
function framesToObserve(steps: readonly Step[]): FrameId[] {
  const frames = steps.toReversed().flatMap((step) => {
    const named = framesOf([step]);
    return named.length <= 2 * EDGE_PAGES ? named : [...named.slice(0, EDGE_PAGES), ...named.slice(-EDGE_PAGES)];
  });
  return [...new Set(frames)].slice(0, 2 * EDGE_PAGES);
}

/** What observations tell, in the order in which they are made: reads last, because they load translations. */
const ORDER: readonly Sees[] = ['counts', 'tables', 'translations'];

/** Calls that only look, and that a target executes. */
const lookingCalls = (manifest: Manifest): Call[] =>
  callsOf(manifest)
    .filter(({ effect, sees, weight }) => effect === 'none' && weight > 0 && ORDER.includes(sees))
    .toSorted((a, b) => ORDER.indexOf(a.sees) - ORDER.indexOf(b.sees));

/** The lists of arguments with which a call observes everything that a program names. */
function argumentLists(call: Call, known: Known, addresses: readonly Address[], frames: readonly FrameId[]) {
  const types = call.parameters.flatMap(({ type, optional }) => (optional ? [] : [type])).join(' ');
  const lists: Argument[][] = [];
  if (types === 'frame') for (const frame of frames) lists.push([frame]);
  else if (types === 'address') for (const address of addresses) lists.push([address]);
  else if (types === 'vma address') {
    for (const address of addresses)
      if (address.base === 'v' && known.vmas[address.index]?.live) lists.push([inVma(address.index, 0), address]);
  } else if (types === '') lists.push([]);
  return lists;
}

/** The address spaces of a program: the first one, and that of a child that may be live. */
const spacesOf = ({ child }: Known): readonly number[] => (child < 0 ? [-1] : [-1, child]);

/**
 * The writes that must fault unless a page is a copy: to the pages of private VMAs. Only a write shows whether the page
 * tables allow it.
 */
function writesAfter(known: Known, { calls }: Manifest): Step[] {
  const call = VOCABULARY.get('write')!;
  if (!calls.has(call.name)) return [];
  return spacesOf(known).flatMap((space) => {
    known.enter(space);
    const addresses = known.vmas.flatMap((vma) => (vma?.live && !vma.shared ? addressesOf(vma, known.page) : []));
    known.enter(-1);
    return addresses.map((address) => inSpace({ cpu: 0, call, binds: -1, args: [address, 1] }, space));
  });
}

/** The steps that look at the state after a program, whether they are defined there or not. */
function looksAfter(program: Program, known: Known, manifest: Manifest): Step[] {
  const frames = framesToObserve(program.steps);
  return lookingCalls(manifest).flatMap((call) =>
    spacesOf(known).flatMap((space) => {
      if (space >= 0 && call.inAt < 0) return [];
      known.enter(space);
      const lists = argumentLists(call, known, addressesIn(known), frames);
      known.enter(-1);
      const cpus = call.sees === 'translations' ? Array.from({ length: program.cpus }, (_, cpu) => cpu) : [0];
      return lists.flatMap((args) => cpus.map((cpu): Step => inSpace({ cpu, call, binds: -1, args }, space)));
    }),
  );
}

/**
 * The steps that observe the state after a program, each defined there: counts of its frames, at each page that it names
 * the page tables and what each CPU reaches, and writes to pages that must be copied first.
 * @param known what is known after the program.
 */
export const observationsAfter = (program: Program, known: Known, manifest: Manifest): Step[] =>
  [...looksAfter(program, known, manifest), ...writesAfter(known, manifest)].filter(
    (step) => whyInvalid(known, step) === undefined,
  );
