import type { Terms } from '../../reference/judge/judge.ts';
import type { Header } from '../../reference/notation/document.ts';
import type { Program } from '../../reference/notation/program.ts';
import { profileNamed } from '../../reference/profiles/profiles.ts';
import { type Traits, withTraits } from '../../reference/profiles/traits.ts';
import { UsageError } from '../common/errors.ts';
import type { Manifest } from './target.ts';

/** What a target is judged by, and under which name. */
export interface Agreement {
  readonly profile: string;
  /** Choices that differ from the profile: declared by the target, or asked for. */
  readonly declared: ReadonlyMap<string, string>;
  readonly traits: Traits;
  readonly terms: Terms;
}

/**
 * What a target is judged by: its profile, or the one asked for, with the traits that it declares, and those asked for.
 * @throws UsageError where a profile, a trait or a choice is unknown.
 */
export function agree(
  manifest: Pick<Manifest, 'profile' | 'traits' | 'page' | 'windows'>,
  asked: { profile?: string; traits?: ReadonlyMap<string, string> } = {},
): Agreement {
  try {
    const profile = profileNamed(asked.profile ?? manifest.profile);
    const declared = new Map<string, string>();
    // A profile that was asked for stands for the target's own declaration.
    for (const source of [asked.profile === undefined ? manifest.traits : new Map<string, string>(), asked.traits]) {
      for (const [name, value] of source ?? []) declared.set(name, value);
    }
    const traits = withTraits(profile.traits, declared);
    return {
      profile: profile.name,
      declared,
      traits,
      terms: { traits, page: manifest.page, windows: manifest.windows },
    };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The header of a document for programs of this target. */
export function headerFor(manifest: Manifest, agreement: Agreement, program: Pick<Program, 'cpus' | 'frames'>): Header {
  return {
    target: manifest.name,
    profile: agreement.profile,
    traits: agreement.declared,
    cpus: program.cpus,
    frames: program.frames,
    page: manifest.page,
    windows: manifest.windows,
  };
}
