import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Mutant } from '../../fixtures/simulator/mutants/index.ts';
import { CALLS, clauseById } from '../../reference/contract.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { RunOptions } from '../../src/run/run.ts';
import { processorMs } from '../clock.ts';

/** What a run of a version of mmspec on a mutant reported. */
export interface Blame {
  readonly mutant: string;
  readonly seed: number;
  /** Findings that the run reported. */
  readonly reports: number;
  /** Whether the first report names a call with the fault, and whether it quotes an acceptable clause. */
  readonly names: boolean;
  readonly quotes: boolean;
  /** Whether it quotes such a clause, or the one in which another call with the fault promises the same. */
  readonly promises: boolean;
  /** The clause that the first report quotes, and the calls that it names. */
  readonly first: string;
}

/** One run, as it is recorded. */
export interface Run {
  /** `now`, or the base version. */
  readonly version: string;
  readonly mutant: string;
  readonly seed: number;
  /** Null if nothing was found. */
  readonly blame: Blame | null;
}

/** What both versions export. Findings of 0.1 have no culprit. */
export interface Version {
  run(options: RunOptions): Promise<{ readonly findings: readonly Finding[] }>;
}

/** Where the versions have their `run`. */
const PATHS = ['src/run/run.ts', 'src/run.ts'];

/** Loads the version of mmspec in a folder. */
export async function versionIn(folder: string): Promise<Version> {
  const path = PATHS.map((one) => join(folder, one)).find(existsSync);
  if (path === undefined) throw new Error(`no version of mmspec in ${folder}`);
  return (await import(pathToFileURL(path).href)) as Version;
}

/** How often the processor time of a run is compared with its limit. */
const LOOK_MS = 20;
/** The wall-clock limit of a run, as a multiple of its processor time: machines may be busy. */
const WALL_FACTOR = 20;

/** Runs a version on a mutant for some seconds of processor time; undefined if nothing was found. */
export async function measure(
  version: Version,
  mutant: Mutant,
  seed: number,
  seconds: number,
): Promise<Blame | undefined> {
  const controller = new AbortController();
  const start = processorMs();
  const timer = setInterval(() => {
    if (processorMs() - start > seconds * 1000) controller.abort();
  }, LOOK_MS);
  try {
    const budget = { milliseconds: seconds * 1000 * WALL_FACTOR };
    const { findings } = await version.run({
      target: `mutant:${mutant.name}`,
      seed,
      budget,
      signal: controller.signal,
    });
    return findings.length === 0 ? undefined : judged(mutant, seed, findings);
  } finally {
    clearInterval(timer);
  }
}

/** What a clause promises, as calls of the same kind do in clauses of their own. */
const promiseOf = (id: string): string | undefined => clauseById(id)?.promises;

function judged({ name, calls, accepts }: Mutant, seed: number, findings: readonly Finding[]): Blame {
  const [finding] = findings;
  const { id } = finding.culprit?.clause ?? finding.violation.clause;
  const named = namedCalls(finding);
  return {
    mutant: name,
    seed,
    reports: findings.length,
    names: named.some((call) => (calls as readonly string[]).includes(call)),
    quotes: accepts.includes(id),
    promises: accepts.some((one) => one === id || promiseOf(one) === (promiseOf(id) ?? id)),
    first: `${id} (${named.join(', ')})`,
  };
}

/**
 * The calls that a report names: those that overlap, or that of the culprit. A report of 0.1 names no culprit: the call of
 * the failing step counts, and every call that lists the clause.
 */
function namedCalls({ culprit, violation, trace }: Finding): string[] {
  const { steps, blocks } = trace.program;
  const names = (some: typeof steps): string[] => some.map(({ call }) => call.name);
  if (blocks.length > 0) return [...new Set(blocks.flatMap(({ start, end }) => names(steps.slice(start, end))))];
  if (culprit) return names([steps[culprit.step]]);
  const owners = CALLS.filter(({ clauses }) => clauses.some(({ id }) => id === violation.clause.id));
  return [...new Set([...names([steps[violation.step]]), ...owners.map(({ name }) => name)])];
}
