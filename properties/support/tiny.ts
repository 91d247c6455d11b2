import type { Call, Step } from '../../reference/calls/call.ts';
import { predictStep, whyInvalid } from '../../reference/calls/valid.ts';
import { Tally } from '../../reference/clauses/tally.ts';
import type { Violation } from '../../reference/clauses/violation.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { judge, MalformedTrace, type Terms } from '../../reference/judge/judge.ts';
import { Known } from '../../reference/model/known.ts';
import { stepAll } from '../../reference/naive/explain.ts';
import { initial, type State, UndefinedBehaviour, type World } from '../../reference/naive/state.ts';
import { parse } from '../../reference/notation/document.ts';
import type { Outcome } from '../../reference/notation/outcome.ts';
import { printTraceSteps } from '../../reference/notation/print.ts';
import type { Traits } from '../../reference/profiles/traits.ts';

/** Tiny programs over a small alphabet, to compare the judge with the naive specification. */

export const FRAMES = 3;
export const CPUS = 2;
const PAGE = 4096;

/** The steps and the outcomes from which an enumeration builds traces. */
export interface Alphabet {
  /** Steps as text. `a$` and `v$` stand for a new name, `a?` and `v?` for each name so far, `c?` for each CPU. */
  readonly steps: readonly string[];
  /** Outcomes as text, separated by commas, by call; `*` for all other calls. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** Maximum number of areas, and of VMAs. */
  readonly names: number;
}

/** The same terms for the judge and for the naive specification. */
export interface Setting {
  readonly terms: Terms;
  readonly world: World;
}

const span = (start: number, end: number): { start: number; end: number } => ({ start, end });

export function setting(traits: Traits, wide = false): Setting {
  const more = wide ? 4096 : 0;
  const windows = new Map([
    ['kernel', span(16, 22 + more)],
    ['user', span(32, 40 + more)],
  ] as const);
  return { terms: { traits, page: PAGE, windows }, world: { traits, page: PAGE, cpus: CPUS, windows } };
}

const header = `cpus ${CPUS}\nframes ${FRAMES}`;
const parsed = new Map<string, Step>();
const answered = new Map<string, readonly Outcome[]>();

/** Parses a step. */
export function stepOf(text: string): Step {
  let step = parsed.get(text);
  if (!step) {
    step = parse<Call>(`mmspec program 1\n${header}\n${text}\n`, VOCABULARY).entries[0].trace.program.steps[0];
    parsed.set(text, step);
  }
  return step;
}

/** Parses outcomes that are separated by commas. */
function outcomesOf(text: string): readonly Outcome[] {
  let list = answered.get(text);
  if (!list) {
    const steps = text.split(',').map((outcome) => `@0 vm_unmap_aliases => ${outcome}`);
    list = parse<Call>(`mmspec trace 1\n${steps.join('\n')}\n`, VOCABULARY).entries[0].trace.outcomes;
    answered.set(text, list);
  }
  return list;
}

/** The steps that can come next if this many areas and VMAs have names. */
export function* stepsOf(alphabet: Alphabet, areas: number, vmas: number): Generator<Step> {
  for (const pattern of alphabet.steps) {
    if (pattern.includes('a$') && areas >= alphabet.names) continue;
    if (pattern.includes('v$') && vmas >= alphabet.names) continue;
    let texts = [pattern.replace('a$', `a${areas}`).replace('v$', `v${vmas}`)];
    for (const [hole, many] of [
      ['c?', CPUS],
      ['a?', areas],
      ['v?', vmas],
      ['w?', vmas],
    ] as const) {
      if (!pattern.includes(hole)) continue;
      const name = hole === 'c?' ? '' : hole === 'w?' ? 'v' : hole[0];
      texts = texts.flatMap((text) => Array.from({ length: many }, (_, n) => text.replaceAll(hole, `${name}${n}`)));
    }
    for (const text of texts) yield stepOf(text);
  }
}

export const outcomesFor = (alphabet: Alphabet, step: Step): readonly Outcome[] =>
  outcomesOf(alphabet.outcomes[step.call.name] ?? alphabet.outcomes['*']);

/** A trace, and what both say about it. */
export interface Node {
  readonly steps: readonly Step[];
  readonly outcomes: readonly Outcome[];
  readonly known: Known;
  readonly states: readonly State[];
  readonly areas: number;
  readonly vmas: number;
}

export const root = ({ world }: Setting): Node => ({
  steps: [],
  outcomes: [],
  known: new Known(world.traits, CPUS, FRAMES, PAGE),
  states: [initial(world)],
  areas: 0,
  vmas: 0,
});

export const textOf = ({ steps, outcomes }: Pick<Node, 'steps' | 'outcomes'>): string =>
  printTraceSteps({ program: { cpus: CPUS, frames: FRAMES, steps, blocks: [] }, outcomes });

/** The verdict of the judge: a violation, the reason why no target can give this trace, or undefined if all clauses hold. */
export function verdict(
  node: Pick<Node, 'steps' | 'outcomes'>,
  { terms }: Setting,
  tally: Tally,
): Violation | string | undefined {
  const program = { cpus: CPUS, frames: FRAMES, steps: node.steps, blocks: [] };
  try {
    return judge({ program, outcomes: node.outcomes }, terms, tally);
  } catch (error) {
    if (error instanceof MalformedTrace) return error.message;
    throw error;
  }
}

/** The node after one more step. Its states are empty if no state explains the outcome. */
export function extend(node: Node, known: Known, step: Step, outcome: Outcome, { world }: Setting): Node {
  return {
    steps: [...node.steps, step],
    outcomes: [...node.outcomes, outcome],
    known,
    states: stepAll(world, node.states, step, outcome),
    areas: Math.max(node.areas, step.call.binds === 'a' ? step.binds + 1 : 0),
    vmas: Math.max(node.vmas, step.call.binds === 'v' ? step.binds + 1 : 0),
  };
}

/** What is known after one more step; undefined if the step is not valid. */
export function valid(node: Node, step: Step): Known | undefined {
  if (whyInvalid(node.known, step) !== undefined) return undefined;
  const known = node.known.copy();
  predictStep(known, step);
  return known;
}

/** Both verdicts on a trace, as text; undefined if they agree. */
export function disagreement(node: Node, setting: Setting, tally: Tally): string | undefined {
  const said = verdict(node, setting, tally);
  const allowed = node.states.length > 0;
  if (allowed === (said === undefined)) return undefined;
  const judged =
    said === undefined ? 'holds' : typeof said === 'string' ? said : `${said.clause.id}: allowed ${said.allowed}`;
  return `${textOf(node)}naive: ${allowed ? 'allowed' : 'not allowed'}; judge: ${judged}`;
}

/** Compares the verdicts on all traces of up to `depth` steps. Extends only allowed traces. Returns how many were compared. */
export function compare(alphabet: Alphabet, setting: Setting, depth: number, found: (text: string) => void): number {
  const tally = new Tally();
  let compared = 0;
  const visit = (node: Node): void => {
    for (const step of stepsOf(alphabet, node.areas, node.vmas)) {
      const known = valid(node, step);
      if (!known) continue;
      for (const outcome of outcomesFor(alphabet, step)) {
        const next = extend(node, known, step, outcome, setting);
        compared++;
        const text = disagreement(next, setting, tally);
        if (text !== undefined) found(text);
        else if (next.states.length > 0 && next.steps.length < depth) visit(next);
      }
    }
  };
  visit(root(setting));
  return compared;
}

/** Whether the naive specification leaves a step undefined in some state. */
export function undefinedIn(world: World, states: readonly State[], step: Step): string | undefined {
  const probe: Outcome = { kind: 'ok', value: 0, extra: 0, text: '', note: -1 };
  try {
    stepAll(world, states, step, probe);
    return undefined;
  } catch (error) {
    if (error instanceof UndefinedBehaviour) return error.message;
    throw error;
  }
}
