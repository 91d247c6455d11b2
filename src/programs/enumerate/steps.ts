import type { Call, Parameter, Step } from '../../../reference/calls/call.ts';
import { whyInvalid } from '../../../reference/calls/valid.ts';
import type { Known } from '../../../reference/model/known.ts';
import { type Address, addressSpace, inArea, inObject, inVma } from '../../../reference/notation/address.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import { choicesWith } from '../../targets/support.ts';
import { namedAddress } from '../arguments.ts';
import type { Alphabet } from './alphabet.ts';
import { allOf } from './choices.ts';

/** The end of a program so far: what is known there, and what the program has used. */
export interface Position {
  readonly known: Known;
  readonly alphabet: Alphabet;
  /** Frames and CPUs used so far. All are alike, so the next new one has that number. */
  readonly frames: number;
  readonly cpus: number;
}

type Values = readonly (Argument | undefined)[];

/** The steps of an alphabet need no abilities, so that every target with the calls can run its programs. */
const NO_ABILITIES: ReadonlySet<string> = new Set();

/** Lists of frames of each size: of new frames, and of those that were used first. */
function frameLists({ frames, known }: Position, sizes: readonly number[]): Argument[] {
  const lists: Argument[] = [];
  for (const size of sizes) {
    const starts = frames > 0 && size > 0 ? [frames, 0] : [frames];
    for (const start of starts) {
      if (start + size <= known.frames) lists.push(Array.from({ length: size }, (_, i) => start + i));
    }
  }
  return lists;
}

/** Each page of every area and VMA that was created, unmapped or not, and the page after its end. */
function addresses({ known }: Position, where: Parameter['where']): Address[] {
  const found: Address[] = [];
  const pagesOf = (pages: number): number[] => Array.from({ length: pages + 1 }, (_, page) => page * known.page);
  if (where !== 'vma' && where !== 'private') {
    for (const area of known.areas)
      if (area) for (const offset of pagesOf(area.pages)) found.push(inArea(area.name, offset));
  }
  if (where !== 'area') {
    for (const vma of known.vmas) if (vma) for (const offset of pagesOf(vma.pages)) found.push(inVma(vma.name, offset));
  }
  return found;
}

/** The values to which the alphabet restricts a parameter, if it does. */
function allowed({ only }: Alphabet, call: Call, parameter: Parameter): Values | undefined {
  const values: Readonly<Record<string, Values | undefined>> = only?.[call.name] ?? {};
  return values[parameter.name];
}

/** The values of a parameter that are tried. `drawn`: the arguments before it. */
function valuesOf(position: Position, parameter: Parameter, drawn: Values): Values {
  const { known, alphabet, frames } = position;
  if (parameter.draw) return allOf((choose) => parameter.draw!(known, drawn, choose));
  switch (parameter.type) {
    case 'frame':
      return Array.from({ length: Math.min(frames + 1, known.frames) }, (_, frame) => frame);
    case 'frames':
      return frameLists(
        position,
        parameter.length ? allOf((choose) => parameter.length!(known, drawn, choose)) : alphabet.sizes,
      );
    case 'area':
      return known.areas.flatMap((area) => (area?.live ? [inArea(area.name, 0)] : []));
    case 'vma':
      return known.liveVmas
        .filter((vma) => !parameter.which || parameter.which(vma, known))
        .map((vma) => inVma(vma.name, 0));
    case 'space':
      return known.child < 0 ? [] : [addressSpace(known.child)];
    case 'object':
      return [inObject(0, 0)];
    case 'address':
      return addresses(position, parameter.where);
    case 'pages': {
      if (!parameter.ofArea) return alphabet.sizes.filter((size) => size > 0);
      const address = namedAddress(drawn[drawn.length - 1]);
      const area = address && known.areas[address.index];
      return area ? [parameter.ofArea(area)] : [];
    }
    case 'bytes':
      return alphabet.sizes.map((size) => size * known.page);
    case 'value':
      return [1];
    case 'choice':
      return parameter.choices!;
    case 'flags': {
      const words = choicesWith(parameter, NO_ABILITIES)!;
      return words.length > 0 ? [words] : [];
    }
  }
}

/** All lists of arguments of a call. */
function argumentLists(position: Position, call: Call): Values[] {
  let lists: Values[] = [[]];
  for (const parameter of call.parameters) {
    lists = lists.flatMap((drawn) => {
      const values = allowed(position.alphabet, call, parameter) ?? [
        ...(parameter.optional ? [undefined] : []),
        ...valuesOf(position, parameter, drawn),
      ];
      return values.map((value) => [...drawn, value]);
    });
  }
  return lists;
}

/** The number of the name that the call would bind: -1 if it binds none, undefined if the program has enough names. */
function nextName({ known, alphabet }: Position, call: Call): number | undefined {
  if (call.binds === undefined) return -1;
  const used = known.nextName(call.binds);
  return used < alphabet.names ? used : undefined;
}

/** Every valid next step, each once, in a fixed order. Of the CPUs that were not used yet, only the first is tried. */
export function stepsFrom(position: Position): Step[] {
  const { alphabet, known } = position;
  const cpus = Math.min(position.cpus + 1, alphabet.cpus);
  const steps: Step[] = [];
  for (const call of alphabet.calls) {
    const binds = nextName(position, call);
    if (binds === undefined) continue;
    const seen = new Set<string>();
    for (const args of argumentLists(position, call)) {
      const key = JSON.stringify(args);
      if (seen.has(key)) continue;
      seen.add(key);
      if (whyInvalid(known, { cpu: 0, call, binds, args }) !== undefined) continue;
      for (let cpu = 0; cpu < cpus; cpu++) steps.push({ cpu, call, binds, args });
    }
  }
  return steps;
}
