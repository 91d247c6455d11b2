import type { Clause } from '../../../reference/clauses/clause.ts';
import { CLAUSES } from '../../../reference/contract.ts';
import { clauseApplies } from '../../../reference/model/applicable.ts';
import { PROFILES } from '../../../reference/profiles/profiles.ts';
import { DOCUMENTED, TRAITS, type Trait, type TraitName, type Traits } from '../../../reference/profiles/traits.ts';

/** A choice of a trait, explained. */
export interface ChoiceExplained {
  readonly name: string;
  readonly meaning: string;
  /** Whether the documentation makes this choice. */
  readonly documented: boolean;
  /** Names of the profiles that make this choice. */
  readonly profiles: readonly string[];
  /** Clauses that apply because of this choice. */
  readonly clauses: readonly Clause[];
}

/** A trait, explained. */
export interface TraitExplained {
  readonly name: TraitName;
  readonly summary: string;
  readonly choices: readonly ChoiceExplained[];
}

/** Clauses that depend on a trait, and apply where it is `choice`. */
const clausesOf = (trait: string, choice: string): Clause[] =>
  CLAUSES.filter((clause) => clause.where[trait]?.split('|').includes(choice));

/** Explains all traits: their choices, the profiles that make each choice, and the clauses that depend on it. */
export function explainTraits(): TraitExplained[] {
  return TRAITS.map(({ name, summary, choices }: Trait & { name: TraitName }) => ({
    name,
    summary,
    choices: Object.entries(choices).map(([choice, meaning]) => ({
      name: choice,
      meaning,
      documented: DOCUMENTED[name] === choice,
      profiles: PROFILES.filter((profile) => profile.traits[name] === choice).map((profile) => profile.name),
      clauses: clausesOf(name, choice),
    })),
  }));
}

/** Prints the explanation of traits. */
export function printTraits(explained: readonly TraitExplained[]): string {
  const lines: string[] = [];
  for (const { name, summary, choices } of explained) {
    lines.push(name, `  ${summary}`);
    for (const choice of choices) {
      lines.push(`  ${name}=${choice.name}${choice.documented ? ' (documented)' : ''}: ${choice.meaning}`);
      const ids = choice.clauses.map((clause) => clause.id).join(', ');
      if (ids !== '') lines.push(`      requires ${ids}`);
      if (!choice.documented && choice.profiles.length > 0) lines.push(`      in ${choice.profiles.join(', ')}`);
    }
    lines.push('');
  }
  return lines.join('\n');
}

/** A choice that differs from the documented one, and the clauses that it changes. */
export interface Difference {
  readonly trait: TraitName;
  readonly choice: string;
  readonly documented: string;
  readonly meaning: string;
  /** Clauses of the documentation that do not apply because of the choice. */
  readonly drops: readonly Clause[];
  /** Clauses that apply because of the choice. */
  readonly adds: readonly Clause[];
}

/** The traits that differ from the documented ones. Reports name every such divergence. */
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
      drops: depending.filter((clause) => before(clause) && !after(clause)),
      adds: depending.filter((clause) => !before(clause) && after(clause)),
    });
  }
  return found;
}
