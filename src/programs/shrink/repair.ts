import type { Call, Step } from '../../../reference/calls/call.ts';
import { findInvalid, type Program, whyInvalid } from '../../../reference/calls/valid.ts';
import { Known } from '../../../reference/model/known.ts';
import type { Address } from '../../../reference/notation/address.ts';
import type { Block } from '../../../reference/notation/program.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import { type Context, type Edit, knownAfter, withEntry } from './pass.ts';

/** A page of something that was `before` pages long and is now shorter: the last stays the last, outside stays outside. */
export function refit(page: number, before: number, now: number): number {
  if (page < 0 || before === now) return page;
  if (page >= before) return page - before + now;
  if (now > before) return page;
  return page === before - 1 ? now - 1 : Math.min(page, now - 1);
}

/**
 * Makes a valid program of what is left of one: names are numbered by first use, steps whose names are gone go too,
 * what depends on a size that has changed follows it, and what is undefined now is dropped.
 */
class Repair {
  readonly #context: Context;
  readonly #before: Known;
  readonly #known: Known;
  readonly #fitted: boolean;
  readonly #names = { a: new Map<number, number>(), v: new Map<number, number>() };

  constructor(program: Program, context: Context, fitted: boolean) {
    this.#context = context;
    this.#fitted = fitted;
    this.#before = knownAfter(program, context);
    this.#known = new Known(context.traits, program.cpus, program.frames, context.page);
  }

  /** The step as it must be now, or undefined where it cannot stay. */
  step(step: Step): Step | undefined {
    const args: (Argument | undefined)[] = [];
    for (let i = 0; i < step.args.length; i++) {
      const value = this.#argument(step, i, args);
      if (value === undefined && !step.call.parameters[i].optional) return undefined;
      args.push(value);
    }
    const { binds } = step.call;
    const name = binds === undefined ? -1 : this.#names[binds].size;
    let made: Step | undefined = { cpu: step.cpu, call: step.call, binds: name, args };
    if (whyInvalid(this.#known, made) !== undefined) made = this.#exchanged(made);
    if (!made) return undefined;
    if (binds !== undefined) this.#names[binds].set(step.binds, name);
    made.call.predict?.(this.#known, made);
    return made;
  }

  #argument(step: Step, position: number, args: readonly (Argument | undefined)[]): Argument | undefined {
    const parameter = step.call.parameters[position];
    const value = step.args[position];
    if (value === undefined) return undefined;
    if (parameter.ofArea) return this.#ofArea(parameter.ofArea, args[position - 1] as Address) ?? value;
    switch (parameter.type) {
      case 'area':
        return (value as Address).offset === 0 ? this.#renamed(value as Address) : this.#address(value as Address);
      case 'vma':
        return this.#renamed(value as Address);
      case 'address':
        return this.#address(value as Address) ?? this.#rebased(value as Address, args);
      case 'bytes':
        return this.#length(step, position, args);
      default:
        return value;
    }
  }

  #ofArea(ofArea: NonNullable<Call['parameters'][number]['ofArea']>, address: Address): number | undefined {
    const area = address.base === 'a' ? this.#known.areas[address.index] : undefined;
    return area && ofArea(area);
  }

  #renamed(address: Address): Address | undefined {
    if (address.base !== 'a' && address.base !== 'v') return address;
    const index = this.#names[address.base].get(address.index);
    if (index === undefined) return undefined;
    return index === address.index ? address : { ...address, index };
  }

  /** Pages of what an address is in, before and now. */
  #sizes({ base, index }: Address): { before: number; now: number } {
    const now = this.#names[base as 'a' | 'v'].get(index)!;
    const which = base === 'a' ? 'areas' : 'vmas';
    return { before: this.#before[which][index]?.pages ?? 0, now: this.#known[which][now]?.pages ?? 0 };
  }

  #address(address: Address): Address | undefined {
    const renamed = this.#renamed(address);
    if (!renamed || (renamed.base !== 'a' && renamed.base !== 'v')) return renamed;
    const { before, now } = this.#sizes(address);
    if (this.#fitted || before === now || before === 0) return renamed;
    const { page } = this.#context;
    const at = Math.floor(address.offset / page);
    return { ...renamed, offset: refit(at, before, now) * page + (address.offset - at * page) };
  }

  /** An address in a VMA that is gone becomes one in the VMA that the step names besides. */
  #rebased(address: Address, args: readonly (Argument | undefined)[]): Address | undefined {
    const first = args[0] as Address | undefined;
    return address.base === 'v' && first?.base === 'v' ? { ...first, offset: address.offset } : undefined;
  }

  /** The length of a range in a VMA: what ended at the VMA's end still does, what went beyond goes as far beyond. */
  #length(step: Step, position: number, args: readonly (Argument | undefined)[]): number {
    const bytes = step.args[position] as number;
    const start = position > 0 ? (step.args[position - 1] as Address | undefined) : undefined;
    const made = position > 0 ? (args[position - 1] as Address) : undefined;
    if (start?.base !== 'v' || !this.#names.v.has(start.index)) return bytes;
    const { before, now } = this.#sizes(start);
    if (this.#fitted || before <= now) return bytes;
    const { page } = this.#context;
    const pages = Math.ceil(bytes / page);
    const from = Math.floor(made!.offset / page);
    const beyond = Math.floor(start.offset / page) + pages - before;
    const fits = beyond >= 0 ? now + beyond - from : Math.min(pages, Math.max(now - from, 1));
    return fits > 0 ? fits * page - (pages * page - bytes) : 0;
  }

  /** A call that does for the area what this one did for the area that was there before. */
  #exchanged(step: Step): Step | undefined {
    const at = step.call.parameters.findIndex(({ type }) => type === 'area');
    const address = step.args[at] as Address | undefined;
    const area = address?.base === 'a' ? this.#known.areas[address.index] : undefined;
    if (!area?.live) return undefined;
    for (const call of this.#context.calls) {
      if (!call.parameters[0]?.origins?.includes(area.origin)) continue;
      const args = call.parameters.map(({ ofArea }, i) => (i === 0 ? address : ofArea?.(area)));
      const made: Step = { cpu: step.cpu, call, binds: -1, args };
      if (call.binds === undefined && whyInvalid(this.#known, made) === undefined) return made;
    }
    return undefined;
  }
}

/** Blocks of the edited steps as blocks of those that stayed; what is left of a block in one lane is none. */
function placed(blocks: readonly Block[], place: readonly number[], steps: readonly Step[]): Block[] {
  const now = (at: number) => place[Math.min(at, place.length - 1)];
  return blocks
    .map(({ start, end, attributes }) => ({ start: now(start), end: now(end), attributes }))
    .filter(({ start, end }) => steps.slice(start, end).some(({ cpu }) => cpu !== steps[start].cpu));
}

/** One round: the steps that can stay, one after the other. */
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

/** Rounds for lanes that get in each other's way, before an edit is given up. */
const ROUNDS = 8;

/** The valid program that an edit leaves, or undefined where nothing is left, or more would go than may. */
export function repair(program: Program, edit: Edit, context: Context): Program | undefined {
  let made = once(program, edit, context);
  for (let round = 0; made && made.blocks.length > 0; round++) {
    const invalid = findInvalid(made, new Known(context.traits, made.cpus, made.frames, context.page));
    if (!invalid) return made;
    if (edit.whole || round === ROUNDS) return undefined;
    made = once(
      made,
      { steps: withEntry<Step | undefined>(made.steps, invalid.step, undefined), next: edit.next },
      context,
    );
  }
  return made;
}
