import { PROFILES, type Profile, profileNamed } from '../../../reference/profiles/profiles.ts';
import { DOCUMENTED, TRAITS, type TraitName, type Traits, withTraits } from '../../../reference/profiles/traits.ts';
import { openTarget } from '../open.ts';
import { type Askable, Asker } from './ask.ts';
import { PROBES } from './probes.ts';

/** What was found out about one trait. */
export interface Inferred {
  readonly trait: TraitName;
  /** What the target declares, by its profile and its traits. */
  readonly declared: string;
  /** What the probe saw; undefined where the target has not the calls for it. */
  readonly seen: string | undefined;
  /** False where other choices would have answered the same. */
  readonly sure: boolean;
  /** Why, with the program that shows it. */
  readonly why: string;
}

export interface Inference {
  readonly inferred: readonly Inferred[];
  /** Traits that the proposal amounts to. */
  readonly traits: Traits;
  /** The handshake lines that say so: the nearest profile, and what differs from it. */
  readonly lines: readonly string[];
}

/** How many traits differ. */
const distance = (a: Traits, b: Traits): number => TRAITS.filter(({ name }) => a[name] !== b[name]).length;

/**
 * The profile that says most of it; the target's own where that is as near as any. Linux's profiles also ask for
 * Linux's own details, so they are proposed to nobody else.
 */
function nearest(traits: Traits, own: Profile): Profile {
  const isLinux = ({ name }: Profile) => name.startsWith('linux-');
  const fitting = PROFILES.filter((profile) => isLinux(profile) === isLinux(own));
  return fitting.reduce(
    (best, profile) => (distance(profile.traits, traits) < distance(best.traits, traits) ? profile : best),
    own,
  );
}

/**
 * Runs probes against a target, and proposes what it should declare. Some probes ask for what its contract may leave
 * undefined, so the target may crash, and is then started again.
 * @param target a specification (`exec:./adapter`), or an open target, which stays open.
 * @throws UsageError, TargetFailure as `openTarget` does.
 */
export async function inferTraits(target: Askable | string): Promise<Inference> {
  if (typeof target === 'string') {
    const opened = await openTarget(target);
    try {
      return await inferTraits(opened);
    } finally {
      await opened.close();
    }
  }
  const asker = new Asker(target);
  const own = profileNamed(target.manifest.profile);
  const declared = withTraits(own.traits, target.manifest.traits);
  const inferred: Inferred[] = [];
  for (const trait of Object.keys(PROBES) as TraitName[]) {
    const found = await PROBES[trait]!(asker);
    const missing = 'the target has not the calls that would show it';
    const seen = { seen: found?.choice, sure: found?.sure ?? false, why: found?.why ?? missing };
    inferred.push({ trait, declared: declared[trait], ...seen });
  }
  const seen = inferred.flatMap(({ trait, seen }): [string, string][] => (seen === undefined ? [] : [[trait, seen]]));
  const traits = withTraits(withTraits(DOCUMENTED, Object.entries(declared)), seen);
  const profile = nearest(traits, own);
  const other = TRAITS.filter(({ name }) => traits[name] !== profile.traits[name]);
  const lines = [`profile ${profile.name}`];
  if (other.length > 0) lines.push(`trait ${other.map(({ name }) => `${name}=${traits[name]}`).join(' ')}`);
  return { inferred, traits, lines };
}

/** What was inferred, as text. */
export function printInference({ inferred, lines }: Inference): string {
  const text: string[] = [];
  for (const { trait, declared, seen, sure, why } of inferred) {
    const [because, ...program] = why.trimEnd().split('\n');
    const found = seen === undefined ? 'not to be seen' : `${seen}${sure ? '' : ' (probably)'}`;
    const differs = seen !== undefined && seen !== declared ? `, declared ${declared}` : '';
    text.push(`${trait}: ${found}${differs}: ${because}`);
    if (differs !== '') text.push(...program.slice(0, 16).map((line) => `    ${line}`));
  }
  return `${text.join('\n')}\n\nproposed for the handshake:\n${lines.map((line) => `    ${line}\n`).join('')}`;
}
