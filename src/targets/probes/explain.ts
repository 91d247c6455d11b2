import type { Clause } from '../../../reference/clauses/clause.ts';
import { CLAUSES } from '../../../reference/contract.ts';
import { clauseApplies } from '../../../reference/model/applicable.ts';
import { PROFILES } from '../../../reference/profiles/profiles.ts';
import { DOCUMENTED, TRAITS, type Trait, type TraitName, type Traits } from '../../../reference/profiles/traits.ts';

/** One choice of a trait, for people. */
export interface ChoiceExplained {
  readonly name: string;
  readonly meaning: string;
  /** True for the choice that the documentation makes. */
  readonly documented: boolean;
  /** Profiles that make this choice. */
  readonly profiles: readonly string[];
  /** Clauses that are asked for with this choice, and not with some other one. */
  readonly clauses: readonly Clause[];
}

export interface TraitExplained {
  readonly name: TraitName;
  readonly summary: string;
  readonly choices: readonly ChoiceExplained[];
}

/** Clauses that depend on a trait and are asked for where it is `choice`. */
const asked = (trait: string, choice: string): Clause[] =>
  CLAUSES.filter((clause) => clause.where[trait]?.split('|').includes(choice));

/** Every trait, with its choices, who makes them, and what hangs on them. */
export function explainTraits(): TraitExplained[] {
  return TRAITS.map(({ name, summary, choices }: Trait & { name: TraitName }) => ({
    name,
    summary,
    choices: Object.entries(choices).map(([choice, meaning]) => ({
      name: choice,
      meaning,
      documented: DOCUMENTED[name] === choice,
      profiles: PROFILES.filter((profile) => profile.traits[name] === choice).map((profile) => profile.name),
      clauses: asked(name, choice),
    })),
  }));
}

/** The explanation as text; one trait where `only` names it. */
export function printTraits(explained: readonly TraitExplained[]): string {
  const lines: string[] = [];
  for (const { name, summary, choices } of explained) {
    lines.push(name, `  ${summary}`);
    for (const choice of choices) {
      lines.push(`  ${name}=${choice.name}${choice.documented ? ' (documented)' : ''}: ${choice.meaning}`);
      const ids = choice.clauses.map((clause) => clause.id).join(', ');
      if (ids !== '') lines.push(`      asks for ${ids}`);
      if (!choice.documented && choice.profiles.length > 0) lines.push(`      in ${choice.profiles.join(', ')}`);
    }
    lines.push('');
  }
  return lines.join('\n');
}

/** A choice that differs from the documented one, and what it changes. */
export interface Difference {
  readonly trait: TraitName;
  readonly choice: string;
  readonly documented: string;
  readonly meaning: string;
  /** Clauses that the choice stands in for: asked for by the documentation, and not of this implementation. */
  readonly insteadOf: readonly Clause[];
  /** Clauses that are asked for because of the choice. */
  readonly asksFor: readonly Clause[];
}

/** Where traits differ from the documented ones, for reports: a declared divergence is named, never hidden. */
export function differences(traits: Traits): Difference[] {
  const found: Difference[] = [];
  for (const trait of TRAITS as readonly (Trait & { name: TraitName })[]) {
    const { name } = trait;
    if (traits[name] === DOCUMENTED[name]) continue;
    const depending = CLAUSES.filter((clause) => name in clause.where);
    const before = (clause: Clause) => clauseApplies(clause, DOCUMENTED);
    const after = (clause: Clause) => clauseApplies(clause, traits);
    found.push({
      trait: name,
      choice: traits[name],
      documented: DOCUMENTED[name],
      meaning: trait.choices[traits[name]],
      insteadOf: depending.filter((clause) => before(clause) && !after(clause)),
      asksFor: depending.filter((clause) => !before(clause) && after(clause)),
    });
  }
  return found;
}
