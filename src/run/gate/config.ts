import { existsSync, readdirSync } from 'node:fs';
import { CLAUSES, clausesMatching } from '../../../reference/contract.ts';
import { UsageError } from '../../common/errors.ts';
import { noMatch, unknownName } from '../../common/names.ts';
import { milliseconds, wholeNumber } from '../../common/numbers.ts';
import { readText } from '../../common/read.ts';
import { alphabetNamed } from '../../programs/enumerate/named.ts';
import { GOALS, goalsMatching } from '../../programs/states/goals.ts';
import { STATES, statesMatching } from '../../programs/states/vocabulary.ts';

/** The default configuration file of the gate. */
export const CONFIG_FILE = 'mmspec.config';

/** A clause that the gate must exercise, or a goal or a state that its programs must reach. */
export interface Requirement {
  readonly kind: 'clause' | 'goal' | 'state';
  readonly id: string;
  /** How often, at least. */
  readonly least: number;
}

/** The settings of a gate; the command line overrides them. */
export interface GateConfig {
  readonly target?: string;
  readonly profile?: string;
  /** Time budget in milliseconds. */
  readonly budget?: number;
  /** Number of random programs. */
  readonly programs?: number;
  readonly cpus?: number;
  readonly frames?: number;
  /** Folders of saved programs. */
  readonly corpus: readonly string[];
  /** File of expected divergences. */
  readonly expect?: string;
  /** Maximum length of small programs by alphabet, in steps. */
  readonly explore: ReadonlyMap<string, number>;
  readonly requirements: readonly Requirement[];
  /** The file that the settings come from; undefined if none exists. */
  readonly file?: string;
}

/** The settings while the file is read. */
interface Reading {
  target?: string;
  profile?: string;
  budget?: number;
  programs?: number;
  cpus?: number;
  frames?: number;
  expect?: string;
  readonly corpus: string[];
  readonly explore: Map<string, number>;
  readonly requirements: Requirement[];
}

const one = (words: readonly string[], what: string): string => {
  if (words.length !== 1)
    throw new UsageError(`expected ${what}, got ${words.length === 0 ? 'nothing' : words.join(' ')}`);
  return words[0];
};

interface Named {
  readonly id: string;
}

/** What a requirement can name, by kind: all that exist, and those that match a pattern. */
const REQUIRABLE: Readonly<
  Record<Requirement['kind'], { readonly all: readonly Named[]; matching(pattern: string): readonly Named[] }>
> = {
  clause: { all: CLAUSES, matching: clausesMatching },
  goal: { all: GOALS, matching: goalsMatching },
  state: { all: STATES, matching: statesMatching },
};

const isKind = (word: string): word is Requirement['kind'] => Object.hasOwn(REQUIRABLE, word);

/**
 * Reads `clause ZAP-* 10`, `goal stale-view` or `state block-full`.
 * @throws UsageError when no clause, goal or state matches.
 */
export function requirementsOf(words: readonly string[]): Requirement[] {
  const [kind, pattern, count = '1', ...rest] = words;
  if (!isKind(kind) || pattern === undefined || rest.length > 0)
    throw new UsageError(`require ${words.join(' ')}: expected clause ID [COUNT], goal ID [COUNT] or state ID [COUNT]`);
  const least = wholeNumber('a count', 1)(count);
  const { all, matching } = REQUIRABLE[kind];
  const found = matching(pattern);
  const known = all.map(({ id }) => id);
  if (found.length === 0) throw noMatch(kind, pattern, known);
  return found.map(({ id }) => ({ kind, id, least }));
}

const READERS: Readonly<Record<string, (reading: Reading, words: readonly string[]) => void>> = {
  target: (reading, words) => {
    reading.target = words.join(' ');
  },
  profile: (reading, words) => {
    reading.profile = one(words, 'the name of a profile');
  },
  budget: (reading, words) => {
    reading.budget = milliseconds('budget')(one(words, 'a duration'));
  },
  programs: (reading, words) => {
    reading.programs = wholeNumber('programs', 0)(one(words, 'a number of random programs'));
  },
  cpus: (reading, words) => {
    reading.cpus = wholeNumber('cpus', 1, 64)(one(words, 'a number of CPUs'));
  },
  frames: (reading, words) => {
    reading.frames = wholeNumber('frames', 1)(one(words, 'a number of frames'));
  },
  corpus: (reading, words) => {
    reading.corpus.push(one(words, 'a folder'));
  },
  expect: (reading, words) => {
    reading.expect = one(words, 'a file of expected divergences');
  },
  explore: (reading, [name = '', ...words]) => {
    const { name: alphabet } = alphabetNamed(name);
    reading.explore.set(alphabet, wholeNumber('steps', 0, 12)(one(words, 'an alphabet and a number of steps')));
  },
  require: (reading, words) => {
    reading.requirements.push(...requirementsOf(words));
  },
};

/**
 * Reads a configuration: one setting per line, `#` starts a comment.
 * @throws UsageError with the file, the line, and what is expected there.
 */
export function parseConfig(text: string, where = CONFIG_FILE): GateConfig {
  const reading: Reading = { corpus: [], explore: new Map(), requirements: [] };
  for (const [index, raw] of text.split('\n').entries()) {
    const [name, ...words] = raw
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/\s+/);
    if (name === '') continue;
    const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
    try {
      if (!reader) throw unknownName(`unknown setting ${name}`, name, Object.keys(READERS));
      reader(reading, words);
    } catch (error) {
      if (error instanceof UsageError) throw new UsageError(`${where}, line ${index + 1}: ${error.message}`);
      throw error;
    }
  }
  return reading;
}

/**
 * The configuration in a file; an empty one when no path is given and the default file does not exist.
 * @throws UsageError when the file cannot be read, or when the folder has a file whose name is a misspelled default.
 */
export function loadConfig(path: string | undefined): GateConfig {
  const file = path ?? CONFIG_FILE;
  if (path !== undefined || existsSync(file)) return { ...parseConfig(readText(file), file), file };
  const misspelled = readdirSync('.').find(isMisspelled);
  if (misspelled !== undefined)
    throw new UsageError(
      `there is ${misspelled}, but the default configuration file is ${CONFIG_FILE}; rename it, or use --config ${misspelled}`,
    );
  return parseConfig('');
}

/** True for `mmspec.conf`, `mmspec.cfg`, `mmspec.config.txt`, `.mmspec.config`, `mmspec.confg` and the like. */
function isMisspelled(name: string): boolean {
  const plain = name.toLowerCase().replace(/^\./, '').replaceAll(/[-_]/g, '.');
  return name !== CONFIG_FILE && /^mms?pec\.?(co?n?fi?g?|conf|cfg)(\.\w+)?$/.test(plain);
}
