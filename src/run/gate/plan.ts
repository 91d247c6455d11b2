import { existsSync } from 'node:fs';
import { UsageError } from '../../common/errors.ts';
import { CORPUS, refuseFile } from '../../findings/corpus.ts';
import { ALPHABETS } from '../../programs/enumerate/alphabets.ts';
import type { Shard } from '../campaign/options.ts';
import { SHIPPED } from '../directed.ts';
import type { Entry } from '../expect/entry.ts';
import { EXPECT_FILE, loadExpectations } from '../expect/file.ts';
import { programFolder } from '../expect/programs.ts';
import type { Plan } from '../plan.ts';
import type { Note } from '../report/report.ts';
import { CONFIG_FILE, type GateConfig, type Requirement, requirementsOf } from './config.ts';
import { deriveSeed } from './seed.ts';

/** Default time budget of a gate, in milliseconds. */
const BUDGET_MS = 90_000;
/** Default number of random programs, on targets in this process and on others. */
const RANDOM_PROGRAMS = { direct: 10_000, remote: 800 };
const NO_SMALL_PROGRAMS: ReadonlyMap<string, number> = new Map(ALPHABETS.map(({ name }) => [name, 0]));

const NO_CONFIG: Note = {
  what: 'requirements',
  why: `there is no ${CONFIG_FILE} here`,
  option: '--config or --require',
};
const NO_CORPUS: Note = { what: 'saved programs', why: `there is no folder ${CORPUS} here`, option: '--corpus' };

/** @throws UsageError for a folder of saved programs that does not exist. */
function checkFolder(folder: string, setting: string): void {
  if (existsSync(folder)) return;
  throw new UsageError(
    `${setting} ${folder}: there is no such folder; name one that exists, or leave it out for ${CORPUS} if that exists`,
  );
}

/** What the command line may say about a gate; it overrides the configuration file. */
export interface GateOptions {
  readonly seed?: number | undefined;
  /** The text to derive the seed from, or `git` for the commit. */
  readonly seedFrom?: string | undefined;
  /** Time budget in milliseconds. */
  readonly budget?: number | undefined;
  /** Random programs. */
  readonly programs?: number | undefined;
  /** Percentage of random programs that contain a parallel block. */
  readonly parallel?: number | undefined;
  readonly corpus?: readonly string[] | undefined;
  /** File of expected divergences. */
  readonly expect?: string | undefined;
  /** Requirements as in the configuration file: `clause ZAP-* 10`. */
  readonly require?: readonly string[] | undefined;
  /** Whether to run the small programs. */
  readonly explore: boolean;
  readonly shard?: Shard | undefined;
}

/** Everything that a gate depends on. */
export interface GatePlan extends Omit<Plan, 'budget'> {
  /** The text that the seed was derived from; undefined when a number was given. */
  readonly seedFrom?: string;
  /** Time budget in milliseconds. */
  readonly budget: number;
  /** Random programs of the whole gate, all shards together. */
  readonly random: number;
  /** Percentage of random programs that contain a parallel block; the default of campaigns when undefined. */
  readonly parallel?: number | undefined;
  /** Folders with saved programs. */
  readonly corpus: readonly string[];
  /** Maximum length of small programs by alphabet, in steps; 0 for none. The default of the alphabet when missing. */
  readonly explore: ReadonlyMap<string, number>;
  readonly requirements: readonly Requirement[];
  /** The configuration file in force; undefined if none exists. */
  readonly configFile?: string;
  /** Default files and folders that do not exist. */
  readonly notes: readonly Note[];
  readonly expectations: readonly Entry[];
  readonly expectFile: string;
  /** Folders with the programs of the expected divergences. */
  readonly expectFolders: readonly string[];
  readonly shard?: Shard;
}

/** The time budget of a gate, in milliseconds. */
export const gateBudget = ({ budget }: Pick<GateOptions, 'budget'>, config: GateConfig): number =>
  budget ?? config.budget ?? BUDGET_MS;

/**
 * The plan of a gate: what the options say, else the configuration file, else the defaults.
 * @throws UsageError for an unreadable file of expected divergences, a named folder that does not exist, or a requirement
 * that matches nothing.
 */
export function gatePlan(plan: Plan, options: GateOptions, config: GateConfig): GatePlan {
  const { direct } = plan.target;
  const derived = options.seed === undefined ? deriveSeed(options.seedFrom) : undefined;
  const named = options.corpus ?? (config.corpus.length > 0 ? config.corpus : undefined);
  for (const folder of named ?? []) checkFolder(folder, options.corpus ? '--corpus' : `${config.file}, corpus`);
  const corpus = named ?? [CORPUS];
  // Refused before the gate begins.
  corpus.forEach(refuseFile);
  const expectFile = options.expect ?? config.expect;
  const { shard } = options;
  return {
    ...plan,
    seed: derived?.seed ?? plan.seed,
    ...(derived ? { seedFrom: derived.from } : {}),
    budget: gateBudget(options, config),
    random: options.programs ?? config.programs ?? (direct ? RANDOM_PROGRAMS.direct : RANDOM_PROGRAMS.remote),
    // Where chance decides how calls overlap, the same commit would not give the same run.
    parallel: options.parallel ?? (direct ? undefined : 0),
    corpus,
    ...(config.file === undefined ? {} : { configFile: config.file }),
    notes: [
      ...(config.file === undefined ? [NO_CONFIG] : []),
      ...(named === undefined && !existsSync(CORPUS) ? [NO_CORPUS] : []),
    ],
    explore: options.explore ? config.explore : NO_SMALL_PROGRAMS,
    requirements: [
      ...config.requirements,
      ...(options.require ?? []).flatMap((text) => requirementsOf(text.trim().split(/\s+/))),
    ],
    expectations: loadExpectations(expectFile),
    expectFile: expectFile ?? EXPECT_FILE,
    expectFolders: [programFolder(expectFile ?? EXPECT_FILE), ...corpus, SHIPPED],
    ...(shard ? { shard } : {}),
  };
}
