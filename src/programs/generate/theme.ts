import { type Family, thinned } from './family.ts';
import type { Mix } from './mix.ts';
import type { Random } from './random.ts';
import type { Plan, Repertoire } from './repertoire.ts';

/** Which calls one tight program is made of. */
export interface Theme extends Omit<Family, 'side'> {
  readonly families: readonly Family[];
  /** The calls that create an area or VMA, family by family. */
  readonly makersByFamily: readonly (readonly Plan[])[];
  /** The calls of the lanes; each lane draws from one of these lists. */
  readonly lanes: readonly (readonly Plan[])[];
}

/** Percentage of programs that let two families meet. */
const TWO_FAMILIES_PERCENT = 45;

/** Draws the calls of a program: those of one family, or of two that meet. */
export function drawTheme(random: Random, all: readonly Family[]): Theme {
  const first = random.of(all);
  const second = random.chance(TWO_FAMILIES_PERCENT) ? random.of(all) : first;
  const families = first === second ? [first] : [first, second];
  const drawn = families.map((family) => {
    const { changers, enders, makers, shared } = family;
    if (family.side === 'kernel') return { family, lane: [...makers, ...enders, ...shared] };
    const few = thinned(random, [...changers, ...enders], 30);
    const kinds = [random.of(makers), random.of(makers)].slice(random.below(4) === 0 ? 0 : 1);
    // To create a VMA is only one of many things that a lane can do to VMAs.
    const lane = [...few, ...few, ...(random.chance(50) ? family.fillers : []), ...(random.chance(30) ? kinds : [])];
    return { family: { ...family, makers: kinds }, lane };
  });
  const chosen = drawn.map(({ family }) => family);
  return {
    families,
    makersByFamily: chosen.map(({ makers }) => makers),
    makers: chosen.flatMap(({ makers }) => makers),
    fillers: chosen.flatMap(({ fillers }) => fillers),
    changers: chosen.flatMap(({ changers }) => changers),
    writers: chosen.flatMap(({ writers }) => writers),
    enders: chosen.flatMap(({ enders }) => enders),
    shared: chosen.flatMap(({ shared }) => shared),
    lanes: random.chance(35) ? drawn.map(({ lane }) => lane) : opposed(random, chosen),
  };
}

/**
 * Lists for lanes that work against each other: one removes mappings, the other adds them. A frame or address that is
 * given back too early is then reused too early.
 */
function opposed(random: Random, families: readonly Family[]): readonly (readonly Plan[])[] {
  const removing = families.flatMap(({ enders, changers, writers, shared }) => [
    ...enders,
    ...changers.filter((plan) => !writers.includes(plan)),
    ...shared,
  ]);
  const adding = families.flatMap(({ side, makers, fillers, writers }) => [
    ...(side === 'kernel' || random.chance(20) ? makers : []),
    ...fillers,
    ...writers,
    ...writers,
  ]);
  const lists = random.chance(75) ? [removing, adding] : random.chance(50) ? [adding] : [removing];
  return lists.every((plans) => plans.length > 0) ? lists : [[...removing, ...adding]];
}

/**
 * Page counts of a program's areas. Areas of the same size meet. If families meet, some areas are large enough that
 * page tables come and go as well.
 */
function drawSizes(random: Random, sizes: readonly number[], mixed: boolean): readonly number[] {
  if (random.chance(mixed ? 30 : 50)) return [1];
  return random.chance(70) ? [1, random.between(mixed ? 4 : 2, 8)] : [1, 1, random.of(sizes)];
}

/** Draws what a program on the theme is like. `mainLooks`: the looks that most programs stick to. */
export function drawTightMix(
  random: Random,
  { options, sizes, plans, looks }: Repertoire,
  { families }: Theme,
  mainLooks: readonly Plan[],
): Mix {
  const aliasRefused = options.traits.alias === 'refused';
  const few = !aliasRefused && random.chance(20);
  return {
    table: [],
    makers: [],
    looks: random.chance(90) ? mainLooks : looks.map((at) => plans[at]),
    sizes: drawSizes(random, sizes, families.length > 1),
    vmaSizes: random.chance(75) ? [1] : [1, 1, 2, 4],
    frames: { first: 0, count: few ? Math.min(4, options.frames) : options.frames },
    style: few ? 'random' : 'fresh',
    cpu: 0,
    sameCpuPercent: random.of([0, 50, 80]),
    areas: 5,
    vmas: 4,
    burstPercent: 0,
    maxBurst: 0,
    lookAfterChangePercent: 0,
    revisitPercent: 90,
  };
}
