import { type Address, inArea, inVma } from '../../../../reference/notation/address.ts';
import type { Sizes } from '../../../targets/sizes.ts';
import type { Random } from '../random.ts';
import type { Plan } from '../repertoire.ts';
import type { Walk } from '../walk.ts';

/** CPUs that take part in a deep program, at most. */
export const MAX_CPUS = 4;

/** Where a structure is built: one program in the making. */
export interface Site {
  readonly walk: Walk;
  readonly random: Random;
  /** The CPU that builds the structure. */
  readonly cpu: number;
  /** Steps that building may take. */
  readonly budget: number;
  /** What the target tells of its structures. */
  readonly sizes: Partial<Sizes>;
}

/** The step, or the few steps, that change the phase of a structure. */
export interface Change {
  /** Appends them to a walk: to the program, or to one lane of a block. */
  readonly write: (walk: Walk) => void;
  /** Addresses in the structure. */
  readonly subjects: Address[];
}

/** Draws a step that changes something of the structure; the CPU is that of the lane, or the one given. */
export const stepOn = (walk: Walk, plans: readonly Plan[], cpu: number): boolean =>
  walk.draw(plans, walk.lane < 0 ? cpu : walk.lane);

/** The first page, the last one, or any page. */
export const somePage = (random: Random, pages: number): number =>
  random.chance(45) ? 0 : random.chance(60) ? pages - 1 : random.below(pages);

/** Looks at the last subjects, each from some of the CPUs that take part; more often from the one that builds. */
export function lookAt({ walk, random, cpu }: Site, subjects: readonly Address[]): void {
  for (const subject of subjects.slice(-3)) {
    for (let other = 0; other < Math.min(MAX_CPUS, walk.options.cpus); other++)
      if (random.chance(other === cpu ? 70 : 55)) walk.lookOnce(subject, other);
  }
}

/** Adds an address in each area and VMA that was created since there were `areas` and `vmas` of them. */
export function addCreated({ known, random }: Walk, areas: number, vmas: number, subjects: Address[]): void {
  for (let name = areas; name < known.areas.length; name++) {
    const pages = known.areas[name]?.pages ?? 0;
    if (pages > 0) subjects.push(inArea(name, somePage(random, pages) * known.page));
  }
  for (let name = vmas; name < known.vmas.length; name++) {
    const vma = known.vmas[name];
    if (vma) subjects.push(inVma(name, somePage(random, vma.pages) * known.page));
  }
}
