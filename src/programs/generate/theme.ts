import type { Effect } from '../../../reference/calls/call.ts';
import { type Family, thinned } from './family.ts';
import type { Mix } from './mix.ts';
import type { Random } from './random.ts';
import type { Plan, Repertoire } from './repertoire.ts';

/** Which calls one tight program is made of. */
export interface Theme extends Omit<Family, 'side' | 'areas'> {
  readonly families: readonly Family[];
  /** The calls that create an area or VMA, family by family. */
  readonly makersByFamily: readonly (readonly Plan[])[];
  /** The calls of the lanes; each lane draws from one of these lists. */
  readonly lanes: readonly (readonly Plan[])[];
}

/** Percentage of programs on VMAs that also create areas which VMAs can map. */
const AREAS_PERCENT = 20;
/** Percentage of programs that let two families meet. */
const TWO_FAMILIES_PERCENT = 45;

/** Effects that add mappings. All others of a family take some away. */
const ADDING: ReadonlySet<Effect> = new Set(['makes', 'fills', 'copies']);
/** Percentage of programs in which one lane adds mappings and the other takes some away. */
const OPPOSED_PERCENT = 60;
/** Percentage of programs whose lanes create VMAs: that is only one of many things that happen to VMAs. */
const USER_MAKERS_PERCENT = 25;

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
    const areas = family.areas.length > 0 && random.chance(AREAS_PERCENT) ? family.areas : [];
    return { family: { ...family, makers: [...kinds, ...areas] }, lane };
  });
  const chosen = drawn.map(({ family }) => family);
  const [one] = chosen;
  const calls = chosen.length === 1 ? one : both(one, chosen[1]);
  return {
    families,
    makersByFamily: chosen.map(({ makers }) => makers),
    makers: calls.makers,
    fillers: calls.fillers,
    changers: calls.changers,
    writers: calls.writers,
    enders: calls.enders,
    shared: calls.shared,
    lanes: random.chance(35) ? drawn.map(({ lane }) => lane) : meeting(random, chosen),
  };
}

/** The calls of two families. */
const both = (one: Family, other: Family): Omit<Family, 'side' | 'areas'> => ({
  makers: [...one.makers, ...other.makers],
  fillers: [...one.fillers, ...other.fillers],
  changers: [...one.changers, ...other.changers],
  writers: [...one.writers, ...other.writers],
  enders: [...one.enders, ...other.enders],
  shared: [...one.shared, ...other.shared],
});

/**
 * Lists for two lanes. Often one lane adds mappings and the other takes some away: a frame or address that is given back
 * too early is then reused too early. Otherwise each lane has mostly one call, and any two calls are as likely as any
 * others, so that no pair is rare.
 */
function meeting(random: Random, families: readonly Family[]): readonly (readonly Plan[])[] {
  const makes = random.chance(USER_MAKERS_PERCENT);
  const plans: Plan[] = [];
  for (const { side, makers, fillers, changers, enders, shared } of families) {
    if (side === 'kernel' || makes) plans.push(...makers);
    plans.push(...fillers, ...changers, ...enders, ...shared);
  }
  if (random.chance(OPPOSED_PERCENT)) {
    const adding = plans.filter(({ call }) => ADDING.has(call.effect));
    const removing = plans.filter(({ call }) => !ADDING.has(call.effect));
    if (adding.length > 0 && removing.length > 0) return [removing, adding];
  }
  // Others take over where there is nothing for a call to work on.
  const mostly = (plan: Plan): readonly Plan[] => [plan, plan, plan, random.of(plans), random.of(plans)];
  return [mostly(random.of(plans)), mostly(random.of(plans))];
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
