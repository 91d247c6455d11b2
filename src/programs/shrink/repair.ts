import type { Step } from '../../../reference/calls/call.ts';
import { findInvalid, type Program, predictStep, whyInvalid } from '../../../reference/calls/valid.ts';
import { Known } from '../../../reference/model/known.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { areaFrame, areaOfFrame, type FrameId, isPoolFrame } from '../../../reference/notation/frame.ts';
import type { Block } from '../../../reference/notation/program.ts';
import type { AnyArguments, Argument } from '../../../reference/notation/signature.ts';
import { argumentAt, argumentOf, type GivenArgument, namedAddress } from '../arguments.ts';
import { type Context, type Edit, knownAfter, withoutSteps } from './pass.ts';

/**
 * The new index of a page of a mapping that had `before` pages and now has `now`: the last page stays the last, and a
 * page outside stays as far outside.
 */
export function refit(page: number, before: number, now: number): number {
  if (page < 0 || before === now) return page;
  if (page >= before) return page - before + now;
  if (now > before) return page;
  return page === before - 1 ? now - 1 : Math.min(page, now - 1);
}

/**
 * Makes a valid program of the steps that an edit leaves. Names are numbered by first use. Steps whose names are gone
 * go too. Addresses and lengths follow the sizes that changed. Steps that are undefined now are dropped.
 */
class Repair {
  readonly #context: Context;
  /** What was known after the program before the edit, and what is known after the steps repaired so far. */
  readonly #before: Known;
  readonly #known: Known;
  readonly #fitted: boolean;
  /** New names by old names. */
  readonly #names = { a: new Map<number, number>(), v: new Map<number, number>(), m: new Map<number, number>() };

  constructor(program: Program, context: Context, fitted: boolean) {
    this.#context = context;
    this.#fitted = fitted;
    this.#before = knownAfter(program, context);
    this.#known = new Known(context.traits, program.cpus, program.frames, context.page);
  }

  /** The step as it must be now, or undefined if it cannot stay. Call it for each step in order. */
  step(step: Step): Step | undefined {
    const args: (Argument | undefined)[] = [];
    for (let i = 0; i < step.args.length; i++) {
      const argument = argumentAt(step, i);
      const value = argument && this.#argument(argument, step, args);
      if (value === undefined && !step.call.parameters[i].optional) return undefined;
      // Without its address space the step is another one.
      if (value === undefined && argument?.type === 'space') return undefined;
      args.push(value);
    }
    const { binds } = step.call;
    const name = binds === undefined ? -1 : this.#names[binds].size;
    let made: Step | undefined = { cpu: step.cpu, call: step.call, binds: name, args };
    if (whyInvalid(this.#known, made) !== undefined) made = this.#exchanged(made);
    if (!made) return undefined;
    if (binds !== undefined) this.#names[binds].set(step.binds, name);
    predictStep(this.#known, made);
    return made;
  }

  /** The argument as it must be now. `args`: the repaired arguments before it. */
  #argument(argument: GivenArgument, step: Step, args: AnyArguments): Argument | undefined {
    const { type, value, position, parameter } = argument;
    if (parameter.ofArea) {
      const area = this.#liveOrEnded(args[position - 1]);
      return area ? parameter.ofArea(area) : value;
    }
    switch (type) {
      case 'area':
        return value.offset === 0 ? this.#renamed(value) : this.#address(value);
      case 'vma':
      case 'space':
        return this.#renamed(value);
      case 'address':
        return this.#address(value) ?? this.#rebased(value, args);
      case 'bytes':
        return this.#length(value, position, step, args);
      case 'frame':
        return this.#frame(value);
      case 'frames':
        return this.#list(value, position, step, args);
      default:
        return value;
    }
  }

  /** The area that a repaired argument names. */
  #liveOrEnded(value: Argument | undefined) {
    const address = namedAddress(value);
    return address?.base === 'a' ? this.#known.areas[address.index] : undefined;
  }

  /** The address with the new name; undefined if the name is gone. */
  #renamed(address: Address): Address | undefined {
    if (address.base !== 'a' && address.base !== 'v' && address.base !== 'm') return address;
    const index = this.#names[address.base].get(address.index);
    if (index === undefined) return undefined;
    return index === address.index ? address : { ...address, index };
  }

  /** The pages of an area or VMA before the edit, and now. */
  #sizes(base: 'a' | 'v', index: number): { before: number; now: number } {
    const now = this.#names[base].get(index)!;
    const which = base === 'a' ? 'areas' : 'vmas';
    return { before: this.#before[which][index]?.pages ?? 0, now: this.#known[which][now]?.pages ?? 0 };
  }

  #address(address: Address): Address | undefined {
    const renamed = this.#renamed(address);
    if (!renamed || (address.base !== 'a' && address.base !== 'v')) return renamed;
    const { before, now } = this.#sizes(address.base, address.index);
    if (this.#fitted || before === now || before === 0) return renamed;
    const { page } = this.#context;
    const at = Math.floor(address.offset / page);
    return { ...renamed, offset: refit(at, before, now) * page + (address.offset - at * page) };
  }

  /** The frame, with the new name of its area if it is a page of one; undefined if the name is gone. */
  #frame(frame: FrameId): FrameId | undefined {
    const of = areaOfFrame(frame);
    if (!of) return frame;
    const name = this.#names.a.get(of.area);
    if (name === undefined) return undefined;
    const { before, now } = this.#sizes('a', of.area);
    return areaFrame(name, this.#fitted ? of.page : refit(of.page, before, now));
  }

  /** An address in a VMA that is gone, moved to the VMA that the step names first. */
  #rebased(address: Address, args: AnyArguments): Address | undefined {
    const first = namedAddress(args[0]);
    if (address.base !== 'v' || first?.base !== 'v') return undefined;
    return { base: 'v', index: first.index, offset: address.offset };
  }

  /** The length of a range in an area or a VMA. It ends as far before or beyond the end of the VMA as it did. */
  #length(bytes: number, position: number, step: Step, args: AnyArguments): number {
    const start = position > 0 ? namedAddress(step.args[position - 1]) : undefined;
    const made = position > 0 ? namedAddress(args[position - 1]) : undefined;
    const base = start?.base;
    if ((base !== 'a' && base !== 'v') || !made || !this.#names[base].has(start!.index)) return bytes;
    const { before, now } = this.#sizes(base, start!.index);
    if (this.#fitted || before <= now) return bytes;
    const { page } = this.#context;
    const pages = Math.ceil(bytes / page);
    const from = Math.floor(made.offset / page);
    const beyond = Math.floor(start!.offset / page) + pages - before;
    const fits = beyond >= 0 ? now + beyond - from : Math.min(pages, Math.max(now - from, 1));
    return fits > 0 ? fits * page - (pages * page - bytes) : 0;
  }

  /** A list with a frame for each page of a range, as long as the range; undefined if an area of its pages is gone. */
  #list(frames: readonly FrameId[], position: number, step: Step, args: AnyArguments): readonly FrameId[] | undefined {
    const { page } = this.#context;
    const length = this.#length(frames.length * page, position, step, args) / page;
    const list = length < frames.length ? frames.slice(0, length) : frames;
    if (list.every(isPoolFrame)) return list;
    const renamed = list.map((frame) => this.#frame(frame)).filter((frame) => frame !== undefined);
    return renamed.length < list.length ? undefined : renamed;
  }

  /** For a step that unmaps an area: a step of the call that is right for the area that has the name now. */
  #exchanged(step: Step): Step | undefined {
    const address = argumentOf(step, 'area');
    const area = this.#liveOrEnded(address);
    if (!area?.live) return undefined;
    for (const call of this.#context.calls) {
      if (call.effect !== 'ends' || !call.parameters[0].origins?.includes(area.origin)) continue;
      const args = call.parameters.map(({ ofArea }, i) => (i === 0 ? address : ofArea?.(area)));
      const made: Step = { cpu: step.cpu, call, binds: -1, args };
      if (whyInvalid(this.#known, made) === undefined) return made;
    }
    return undefined;
  }
}

/**
 * The blocks of the edited steps as blocks of the steps that stayed. `place`: the new position of each edited step. A
 * block with one lane left is no block.
 */
function placed(blocks: readonly Block[], place: readonly number[], steps: readonly Step[]): Block[] {
  const now = (at: number) => place[Math.min(at, place.length - 1)];
  return blocks
    .map(({ start, end, attributes }) => ({ start: now(start), end: now(end), attributes }))
    .filter(({ start, end }) => steps.slice(start, end).some(({ cpu }) => cpu !== steps[start].cpu));
}

/** One round of repair: keeps the steps that can stay, in order. */
function once(program: Program, edit: Edit, context: Context): Program | undefined {
  const repairing = new Repair(program, context, edit.fitted ?? false);
  const steps: Step[] = [];
  const place: number[] = [];
  for (const step of edit.steps) {
    place.push(steps.length);
    if (!step) continue;
    const made = repairing.step(step);
    if (made) steps.push(made);
    else if (edit.whole) return undefined;
  }
  place.push(steps.length);
  if (steps.length === 0) return undefined;
  const blocks = placed(edit.blocks ?? program.blocks, place, steps);
  return { cpus: program.cpus, frames: program.frames, steps, blocks };
}

/** Rounds that remove steps because lanes conflict, before an edit is given up. */
const MAX_ROUNDS = 8;

/** The valid program that an edit leaves; undefined if no step is left, or if the edit is `whole` and steps had to go. */
export function repair(program: Program, edit: Edit, context: Context): Program | undefined {
  let made = once(program, edit, context);
  for (let round = 0; made && made.blocks.length > 0; round++) {
    const invalid = findInvalid(made, new Known(context.traits, made.cpus, made.frames, context.page));
    if (!invalid) return made;
    if (edit.whole || round === MAX_ROUNDS) return undefined;
    made = once(made, { steps: withoutSteps(made.steps, invalid.step), next: edit.next }, context);
  }
  return made;
}
