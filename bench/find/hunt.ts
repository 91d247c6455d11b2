import { Tally } from '../../reference/clauses/tally.ts';
import { judge } from '../../reference/judge/judge.ts';
import { keyOf } from '../../src/findings/finding.ts';
import { agree } from '../../src/targets/agreement.ts';
import { mutant } from '../../src/targets/embedded/index.ts';
import { processorMs } from '../clock.ts';
import { type Source, sourceIn } from './source.ts';

/** Which run it is: one generator, one mutant, one seed. */
interface RunId {
  /** `now`, or the older revision. */
  readonly generator: string;
  readonly mutant: string;
  readonly seed: number;
}

/** A run until the first program that fails or until the time is up. */
export interface Run extends RunId {
  /** Clause, call and kind of outcome of the first failure; null if no program failed. */
  readonly found: string | null;
  /** Executions: each is a program under one schedule. */
  readonly executions: number;
  /** Steps that were executed and judged. */
  readonly steps: number;
  /** Processor time to generate, execute and judge, in seconds. */
  readonly seconds: number;
}

/** Which run to make, and how long it may take. */
export interface Order extends RunId {
  /** The folder with the revision whose generator is used. */
  readonly folder: string;
  /** Processor time for generating, executing and judging. */
  readonly seconds: number;
}

/** Programs that are drawn at a time, at most. A run starts with few, since most faults are found soon. */
const MAX_BATCH = 64;

/** Programs of generators for a kind of target: to load a generator takes longer than most runs. */
const sources = new Map<string, Promise<Source>>();

/** Runs the programs of one seed on one mutant until one fails or the time is up. */
export async function hunt({ generator, mutant: name, seed, folder, seconds }: Order): Promise<Run> {
  const target = mutant(name)!;
  const { terms, traits } = agree(target.manifest);
  const kind = `${folder} ${JSON.stringify([traits, target.manifest.sizes])}`;
  if (!sources.has(kind)) sources.set(kind, sourceIn(folder, target.manifest, traits));
  const source = await sources.get(kind)!;
  const tally = new Tally();
  let [executions, steps, spent, at] = [0, 0, 0, 0];
  for (let batch = 1; spent < seconds; batch = Math.min(MAX_BATCH, 2 * batch)) {
    const { programs, seconds: drawing } = source.draw(seed, at, batch);
    at += batch;
    spent += drawing;
    const before = processorMs();
    const sinceThen = (): number => (processorMs() - before) / 1000;
    for (const program of programs) {
      const trace = target.executeTrace(program);
      const violation = judge(trace, terms, tally);
      executions++;
      steps += trace.outcomes.length;
      if (!violation) continue;
      const found = keyOf(trace, violation);
      return { generator, mutant: name, seed, found, executions, steps, seconds: spent + sinceThen() };
    }
    spent += sinceThen();
  }
  return { generator, mutant: name, seed, found: null, executions, steps, seconds: spent };
}
