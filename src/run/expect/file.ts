import { existsSync } from 'node:fs';
import { clauseById } from '../../../reference/contract.ts';
import { UsageError } from '../../common/errors.ts';
import { readText } from '../../common/read.ts';
import type { Entry, VersionBound } from './entry.ts';

/** The default file of expected divergences. */
export const EXPECT_FILE = 'mmspec.expect';

/** The form of a line. */
export const EXPECT_SYNTAX =
  'CLAUSE PROGRAM [call=NAME] [seen=KIND] [warning=GLOB] [overlap=yes] [target=GLOB] [version<6.12 ...] [rate=7/10] bug=LINK : a sentence why';

const VERSION = /^version(<=|>=|<|>|=)(\d+(?:\.\d+)*)$/;

interface Fields {
  call?: string;
  seen?: string;
  warning?: string;
  overlap?: true;
  target?: string;
  rate?: { failed: number; of: number };
  bug?: string;
  versions: VersionBound[];
}

/** Reads one `name=value` word; returns false when it is no valid field. */
function readField(word: string, fields: Fields): boolean {
  const version = VERSION.exec(word);
  if (version) {
    fields.versions.push({ operator: version[1] as VersionBound['operator'], version: version[2] });
    return true;
  }
  if (word === 'overlap=yes') {
    fields.overlap = true;
    return true;
  }
  const match = /^(call|seen|warning|target|bug|rate)=(\S+)$/.exec(word);
  if (!match) return false;
  const [, name, value] = match;
  if (name !== 'rate') {
    fields[name as 'call' | 'seen' | 'warning' | 'target' | 'bug'] = value;
    return true;
  }
  const rate = /^(\d{1,6})\/(\d{1,6})$/.exec(value);
  const [failed, of] = rate ? [Number(rate[1]), Number(rate[2])] : [0, 0];
  if (failed < 1 || failed > of) return false;
  fields.rate = { failed, of };
  return true;
}

function parseLine(text: string, line: number, where: string): Entry {
  const fail = (message: string): never => {
    throw new UsageError(`${where}, line ${line}: ${message}\n  ${text}\nexpected: ${EXPECT_SYNTAX}`);
  };
  const colon = text.indexOf(' : ');
  if (colon < 0) fail('the sentence that says why is missing (after " : ")');
  const why = text.slice(colon + 3).trim();
  if (why === '') fail('the sentence that says why is empty');
  const [clause, program, ...words] = text.slice(0, colon).trim().split(/\s+/);
  if (!clauseById(clause)) fail(`unknown clause ${clause}; list them with: mmspec list clauses`);
  if (!/^[0-9a-f]{8}$/.test(program ?? ''))
    fail(`${program ?? 'nothing'} follows the clause, expected the hash of a program (8 hex digits)`);
  const fields: Fields = { versions: [] };
  for (const word of words) if (!readField(word, fields)) fail(`invalid field ${word}`);
  const { bug } = fields;
  if (bug === undefined) return fail('bug=LINK is missing: only divergences that are tracked can be expected');
  return { ...fields, line, text, clause, program, bug, why };
}

/**
 * Reads expected divergences. Empty lines and lines that start with `#` are ignored.
 * @throws UsageError with the file, the line, and what is expected there.
 */
export function parseExpectations(text: string, where = EXPECT_FILE): Entry[] {
  const entries: Entry[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const entry = parseLine(line, index + 1, where);
    const twin = entries.find((one) => one.clause === entry.clause && one.program === entry.program);
    if (twin && twin.target === entry.target) {
      throw new UsageError(
        `${where}, line ${entry.line}: line ${twin.line} lists the same divergence; delete one of them`,
      );
    }
    entries.push(entry);
  }
  return entries;
}

/** The entries of a file; none when no path is given and the default file does not exist. */
export function loadExpectations(path: string | undefined): Entry[] {
  const file = path ?? EXPECT_FILE;
  if (path === undefined && !existsSync(file)) return [];
  return parseExpectations(readText(file), file);
}

/** Prints an entry as a line of the file. */
export function printEntry(entry: Omit<Entry, 'line' | 'text'>): string {
  const words = [entry.clause, entry.program];
  for (const name of ['call', 'seen', 'warning'] as const) {
    if (entry[name] !== undefined) words.push(`${name}=${entry[name]}`);
  }
  if (entry.overlap) words.push('overlap=yes');
  if (entry.target !== undefined) words.push(`target=${entry.target}`);
  for (const { operator, version } of entry.versions) words.push(`version${operator}${version}`);
  if (entry.rate) words.push(`rate=${entry.rate.failed}/${entry.rate.of}`);
  words.push(`bug=${entry.bug}`);
  return `${words.join(' ')} : ${entry.why}`;
}
