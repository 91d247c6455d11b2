import type { Terms } from '../../reference/judge/judge.ts';
import type { Header } from '../../reference/notation/header.ts';
import type { Program } from '../../reference/notation/program.ts';
import { PROFILES, profileNamed } from '../../reference/profiles/profiles.ts';
import { TRAITS, type Traits, withTraits } from '../../reference/profiles/traits.ts';
import { UsageError } from '../common/errors.ts';
import { unknownName } from '../common/names.ts';
import { commandLine } from '../common/shell.ts';
import type { Manifest } from './target.ts';

/**
 * What a target is judged by: the result of `agree`.
 *
 * @example
 * ```ts
 * import { type Agreement, agree, openTarget } from 'mmspec';
 *
 * const target = await openTarget('embedded:eager');
 * const { profile, declared, traits }: Agreement = agree(target.manifest);
 * console.log(profile, [...declared], traits.tlb); // eager [ [ 'guard', 'leading' ], ... ] before-return
 * await target.close();
 * ```
 */
export interface Agreement {
  /** Name of the profile. */
  readonly profile: string;
  /** Traits that differ from the profile, by name: declared by the target, or requested by the user. */
  readonly declared: ReadonlyMap<string, string>;
  /** All traits: those of the profile, changed by `declared`. */
  readonly traits: Traits;
  /** What `judge` needs to know. */
  readonly terms: Terms;
}

/**
 * Determines what a target is judged by: the profile and the traits that its manifest declares, unless others are
 * requested.
 * @param manifest what the target says about itself, or the header of a recorded trace; `documented` where it names no
 * profile.
 * @param requested a profile, which replaces everything that the target declares; traits, which override the profile.
 * @throws UsageError if a profile, a trait or a choice is unknown; the message lists the known ones.
 *
 * @example
 * ```ts
 * import { agree, judge, openTarget, parse } from 'mmspec';
 *
 * const target = await openTarget('embedded');
 * const { terms } = agree(target.manifest, { traits: new Map([['tlb', 'before-return']]) });
 * const text = 'mmspec program 1\ncpus 2\nframes 64\n@0 a0 = vmap f0\n@1 read a0\n@0 vunmap a0\n@1 read a0\n';
 * const [trace] = await target.run([parse(text).entries[0].trace.program]);
 * console.log(judge(trace, terms)?.clause.id); // UNMAP-2: this implementation flushes lazily
 * await target.close();
 * ```
 */
export function agree(
  manifest: Pick<Manifest, 'traits' | 'page' | 'windows' | 'memory'> & { readonly profile?: string },
  requested: { profile?: string; traits?: ReadonlyMap<string, string> } = {},
): Agreement {
  checkNames(requested);
  try {
    const profile = profileNamed(requested.profile ?? manifest.profile ?? 'documented');
    const own = requested.profile === undefined ? manifest.traits : [];
    const declared = new Map([...own, ...(requested.traits ?? [])]);
    const traits = withTraits(profile.traits, declared);
    return {
      profile: profile.name,
      declared,
      traits,
      terms: {
        traits,
        page: manifest.page,
        windows: manifest.windows,
        ...(manifest.memory === undefined ? {} : { memory: manifest.memory }),
      },
    };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** @throws UsageError for an unknown profile, trait or choice; it suggests close names. */
function checkNames({ profile, traits = new Map() }: { profile?: string; traits?: ReadonlyMap<string, string> }): void {
  const profiles = PROFILES.map(({ name }) => name);
  // Linux versions between those of the profiles are known, too.
  if (profile !== undefined && !profiles.includes(profile) && !/^linux-\d+\.\d+$/.test(profile))
    throw unknownName(`unknown profile ${profile}`, profile, profiles, commandLine('list', 'profiles'));
  for (const [name, choice] of traits) {
    const trait = TRAITS.find((known) => known.name === name);
    const names = TRAITS.map((known) => known.name);
    if (!trait) throw unknownName(`unknown trait ${name}`, name, names, commandLine('traits'));
    const choices = Object.keys(trait.choices);
    if (!choices.includes(choice)) throw unknownName(`trait ${name} cannot be ${choice}`, choice, choices);
  }
}

/** The header of a document that holds programs of this target. */
export function headerFor(manifest: Manifest, agreement: Agreement, program: Pick<Program, 'cpus' | 'frames'>): Header {
  return {
    target: manifest.name,
    profile: agreement.profile,
    traits: agreement.declared,
    cpus: program.cpus,
    frames: program.frames,
    page: manifest.page,
    windows: manifest.windows,
    ...(manifest.memory === undefined ? {} : { memory: manifest.memory }),
  };
}
