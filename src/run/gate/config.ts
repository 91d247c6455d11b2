import { existsSync } from 'node:fs';
import { clausesMatching } from '../../../reference/contract.ts';
import { UsageError } from '../../common/errors.ts';
import { milliseconds, wholeNumber } from '../../common/numbers.ts';
import { readText } from '../../common/read.ts';
import { alphabetNamed } from '../../programs/enumerate/alphabet.ts';
import { GOALS, goalsMatching } from '../../programs/states/goals.ts';

/** The configuration of the gate if nothing else is said. */
export const CONFIG_FILE = 'mmspec.config';

/** What must have been exercised: clauses or goals that a pattern names, each so often. */
export interface Requirement {
  readonly kind: 'clause' | 'goal';
  readonly id: string;
  readonly least: number;
}

/** What a project asks of its gate; each may be overridden on the command line. */
export interface GateConfig {
  readonly target?: string;
  readonly profile?: string;
  /** Milliseconds. */
  readonly budget?: number;
  /** Random programs. */
  readonly programs?: number;
  readonly cpus?: number;
  readonly frames?: number;
  readonly corpus: readonly string[];
  readonly expect?: string;
  /** The longest small programs by alphabet, in steps. */
  readonly explore: ReadonlyMap<string, number>;
  readonly requirements: readonly Requirement[];
}

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
  if (words.length !== 1) throw new UsageError(`expected ${what}, and nothing else`);
  return words[0];
};

/**
 * Reads `clause ZAP-* 10` or `goal stale-view`.
 * @throws UsageError where nothing has that name.
 */
export function requirementsOf(words: readonly string[]): Requirement[] {
  const [kind, pattern, count = '1', ...rest] = words;
  if ((kind !== 'clause' && kind !== 'goal') || pattern === undefined || rest.length > 0)
    throw new UsageError('expected clause ID [COUNT] or goal ID [COUNT]');
  const least = wholeNumber('a count', 1)(count);
  const ids = kind === 'clause' ? clausesMatching(pattern) : goalsMatching(pattern);
  if (ids.length === 0) {
    const there = kind === 'clause' ? 'mmspec list clauses' : GOALS.map((goal) => goal.id).join(', ');
    throw new UsageError(`no ${kind} matches ${pattern}; there are: ${there}`);
  }
  return ids.map(({ id }) => ({ kind, id, least }));
}

const READERS: Readonly<Record<string, (reading: Reading, words: readonly string[]) => void>> = {
  target: (reading, words) => {
    reading.target = words.join(' ');
  },
  profile: (reading, words) => {
    reading.profile = one(words, 'the name of a profile');
  },
  budget: (reading, words) => {
    reading.budget = milliseconds(one(words, 'a duration'));
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
 * Reads a configuration: a setting a line, `#` starts a comment.
 * @throws UsageError with file, line and what is expected there.
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
      if (!reader) throw new UsageError(`unknown setting ${name}; there are: ${Object.keys(READERS).join(', ')}`);
      reader(reading, words);
    } catch (error) {
      if (error instanceof UsageError) throw new UsageError(`${where}, line ${index + 1}: ${error.message}`);
      throw error;
    }
  }
  return reading;
}

/** The configuration in a file; an empty one where the default file does not exist. */
export function loadConfig(path: string | undefined): GateConfig {
  const file = path ?? CONFIG_FILE;
  if (path === undefined && !existsSync(file)) return parseConfig('');
  return parseConfig(readText(file), file);
}
