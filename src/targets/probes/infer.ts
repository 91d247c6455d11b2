import { PROFILES, type Profile, profileNamed } from '../../../reference/profiles/profiles.ts';
import { DOCUMENTED, TRAITS, type TraitName, type Traits, withTraits } from '../../../reference/profiles/traits.ts';
import { Stopped, untilStopped } from '../../common/stopped.ts';
import { limited, openedWithin } from '../limited.ts';
import { openTarget } from '../open.ts';
import { Asker, type Probeable } from './ask.ts';
import type { Probe } from './probe.ts';
import { PROBES } from './probes.ts';

/** What a probe found out about one trait. */
export interface Inferred {
  readonly trait: TraitName;
  /** The choice that the target declares, by its profile and its traits. */
  readonly declared: string;
  /** The choice that the probe saw; undefined if the target lacks the calls that would show it. */
  readonly seen: string | undefined;
  /** False where another choice could have given the same answers. */
  readonly sure: boolean;
  /** The reason on the first line, then the program that shows it. */
  readonly reason: string;
}

/** What the probes found out about a target. */
export interface Inference {
  readonly inferred: readonly Inferred[];
  /** False if it was stopped before every trait was probed. */
  readonly complete: boolean;
  /** The traits that `lines` declare. */
  readonly traits: Traits;
  /** The proposed lines of the handshake: the nearest profile, and the traits that differ from it. */
  readonly lines: readonly string[];
}

/** The number of traits that differ. */
const distance = (a: Traits, b: Traits): number => TRAITS.filter(({ name }) => a[name] !== b[name]).length;

/** The profiles that are about no particular implementation. */
const GENERIC: readonly string[] = ['documented', 'eager'];

/**
 * The profile with the most traits in common; the target's own profile where no other has more. The profile of another
 * implementation is never proposed, as it would mislead readers; only among versions of Linux the nearest one is looked for.
 */
function nearest(traits: Traits, own: Profile): Profile {
  const isLinux = ({ name }: Profile) => name.startsWith('linux-');
  const fitting = PROFILES.filter((profile) => (isLinux(own) ? isLinux(profile) : GENERIC.includes(profile.name)));
  return fitting.reduce(
    (best, profile) => (distance(profile.traits, traits) < distance(best.traits, traits) ? profile : best),
    own,
  );
}

/**
 * Runs probes on a target, and proposes the traits that it should declare. Some probes make calls that the contract may
 * leave undefined, so the target may crash; it is then started again.
 * @param target a specification (`exec:./adapter`), or an open target, which is not closed.
 * @param signal ends it; the proposal is then about the traits that were probed.
 * @throws UsageError and TargetFailure as `openTarget` does. Stopped if the signal aborts before the target is open.
 */
export async function inferTraits(target: Probeable | string, signal?: AbortSignal): Promise<Inference> {
  if (typeof target === 'string') {
    const opened = await openedWithin(openTarget(target), signal);
    try {
      return await inferTraits(limited(opened, signal), signal);
    } finally {
      await opened.close();
    }
  }
  const asker = new Asker(target);
  const own = profileNamed(target.manifest.profile);
  const declared = withTraits(own.traits, target.manifest.traits);
  const inferred: Inferred[] = [];
  const probes = (Object.entries(PROBES) as [TraitName, Probe | undefined][]).flatMap(([trait, probe]) =>
    probe ? [{ trait, probe }] : [],
  );
  for (const { trait, probe } of probes) {
    const guess = await untilStopped(probe(asker).then((found) => ({ found })));
    if (!guess) break;
    const { found } = guess;
    const reason = found?.reason ?? 'no program that the target supports shows it';
    inferred.push({ trait, declared: declared[trait], seen: found?.choice, sure: found?.sure ?? false, reason });
  }
  const seen = inferred.flatMap(({ trait, seen }): [string, string][] => (seen === undefined ? [] : [[trait, seen]]));
  const traits = withTraits(withTraits(DOCUMENTED, Object.entries(declared)), seen);
  const profile = nearest(traits, own);
  const differing = TRAITS.filter(({ name }) => traits[name] !== profile.traits[name]);
  const lines = [`profile ${profile.name}`];
  if (differing.length > 0) lines.push(`trait ${differing.map(({ name }) => `${name}=${traits[name]}`).join(' ')}`);
  return { inferred, complete: inferred.length === probes.length, traits, lines };
}

/** Prints what was inferred. */
export function printInference({ inferred, lines, complete }: Inference): string {
  const text: string[] = [];
  for (const { trait, declared, seen, sure, reason } of inferred) {
    const [why, ...program] = reason.trimEnd().split('\n');
    const found = seen === undefined ? 'not observable' : `${seen}${sure ? '' : ' (probably)'}`;
    const differs = seen !== undefined && seen !== declared ? `, declared ${declared}` : '';
    text.push(`${trait}: ${found}${differs}: ${why}`);
    if (differs !== '') text.push(...program.slice(0, 16).map((line) => `    ${line}`));
  }
  if (!complete) text.push(`${new Stopped().message}: the traits that are not listed were not probed`);
  return `${text.join('\n')}\n\nproposed lines for the handshake:\n${lines.map((line) => `    ${line}\n`).join('')}`;
}
