import { appendFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { UsageError, WriteFailure, writeError } from '../../common/errors.ts';
import { writeWhole } from '../../common/files.ts';
import { didYouMean } from '../../common/names.ts';
import { jsonText, printable } from '../../common/printable.ts';
import { printFormat, printOut } from '../../common/terminal.ts';
import { reportJson } from '../../run/report/json.ts';
import type { Report } from '../../run/report/report.ts';
import { reportGithub } from './github.ts';
import { reportJunit } from './junit.ts';
import { reportKcidb } from './kcidb.ts';
import { reportKtap } from './ktap.ts';
import { reportSummary } from './markdown.ts';
import { reportSarif } from './sarif.ts';
import { reportText, type TextForm } from './text/index.ts';

type Write = (report: Report, form: Partial<TextForm>) => string | Promise<string>;

/**
 * A kind of report.
 *
 * @example
 * ```ts
 * import type { ReportKind } from 'mmspec';
 *
 * const kinds: ReportKind[] = ['text', 'json', 'junit', 'ktap', 'kcidb', 'sarif', 'github', 'markdown', 'html'];
 * ```
 */
export type ReportKind = 'text' | 'json' | 'junit' | 'ktap' | 'kcidb' | 'sarif' | 'github' | 'markdown' | 'html';

/** Where the site of the contract is, as MMSPEC_CONTRACT_URL says; undefined without it. */
function contractSite(): string | undefined {
  const url = process.env.MMSPEC_CONTRACT_URL;
  if (url === undefined || url === '') return undefined;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new UsageError(`MMSPEC_CONTRACT_URL=${url}: expected an address such as https://example.org/mmspec/`);
  return url.endsWith('/') ? url : `${url}/`;
}

const KINDS: Readonly<Record<ReportKind, { readonly summary: string; readonly write: Write }>> = {
  text: { summary: 'what was tested, the violations and a summary, for people', write: reportText },
  json: {
    summary: 'everything, in the form of schema/report.schema.json',
    write: (report) => `${jsonText(reportJson(report), 2)}\n`,
  },
  junit: { summary: 'JUnit XML, one test per clause', write: reportJunit },
  ktap: { summary: "KTAP, the kernel's test protocol, one subtest per clause", write: reportKtap },
  kcidb: {
    summary: 'JSON for KCIDB, the database of results of kernel testing',
    write: (report) => reportKcidb(report),
  },
  sarif: { summary: 'SARIF 2.1.0, for code scanning', write: reportSarif },
  github: { summary: 'annotations, as GitHub workflow commands', write: reportGithub },
  markdown: { summary: 'a summary in Markdown, for a comment or a job summary', write: reportSummary },
  html: {
    summary: 'a page in one HTML file, with a picture of each violation',
    write: async (report) => (await import('./html/index.ts')).reportHtml(report, { contract: contractSite() }),
  },
};

/**
 * Writes a report in one of the forms that `--report` takes, without the colours of a terminal. Ids of tests and rules
 * are those of the clauses, so results of different runs can be compared.
 *
 * @param kind `html` is one complete page, `json` has the form of `schema/report.schema.json`.
 * @returns the whole text, with a line break at its end.
 *
 * @example
 * ```ts
 * import { formatReport, run } from 'mmspec';
 *
 * const report = await run({ target: 'embedded', budget: { programs: 100 } });
 * const junit = await formatReport(report, 'junit');
 * console.log(junit.split('\n')[0]); // <?xml version="1.0" encoding="UTF-8"?>
 * ```
 */
export const formatReport = async (report: Report, kind: ReportKind): Promise<string> =>
  inFile(kind, await KINDS[kind].write(report, {}));

/** The text of a report as it stands in a file. The formats for machines have no colours, and their own escapes. */
const inFile = (kind: ReportKind, text: string): string =>
  kind === 'text' ? printable(stripVTControlCharacters(text)) : text;

/** The names of the kinds of reports. */
export const REPORT_KINDS: readonly string[] = Object.keys(KINDS);

/** What `--report` takes, for help texts. */
export const REPORT_USAGE = `${REPORT_KINDS.join(', ')}, as KIND or KIND:FILE; may be repeated`;

/** A report to write: its kind, and its file; to standard output without a file. */
export interface Wanted {
  readonly kind: ReportKind;
  readonly file?: string;
}

const isKind = (word: string): word is ReportKind => Object.hasOwn(KINDS, word);

function parseWanted(word: string): Wanted {
  const colon = word.indexOf(':');
  const kind = colon < 0 ? word : word.slice(0, colon);
  if (!isKind(kind)) {
    const there = Object.entries(KINDS).map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`);
    throw new UsageError(
      `--report ${word}: unknown kind ${kind}${didYouMean(kind, REPORT_KINDS)}\nexpected one of\n${there.join('\n')}`,
    );
  }
  if (colon < 0) return { kind };
  const file = word.slice(colon + 1);
  if (file === '') throw new UsageError(`--report ${word}: expected ${kind} or ${kind}:FILE`);
  return { kind, file };
}

/**
 * The reports that `--report` words ask for. If all of them have a file, the text report is added for standard output.
 * @param output the file for the report that has none of its own.
 * @throws UsageError for an unknown kind, or if two reports would go to standard output.
 */
export function wantedReports(words: readonly string[] = [], output?: string): Wanted[] {
  const wanted = words.map(parseWanted);
  const open = wanted.filter(({ file }) => file === undefined);
  if (open.length > 1) {
    const kinds = open.map(({ kind }) => kind);
    throw new UsageError(
      `--report ${kinds.join(' --report ')}: only one goes to standard output; give the others a file, such as ${kinds[1]}:FILE`,
    );
  }
  const placed = open.length === 0 ? [...wanted, { kind: 'text' as const }] : wanted;
  return placed.map((one) => (one.file === undefined && output !== undefined ? { kind: one.kind, file: output } : one));
}

/** Whether standard output is for people: no report for machines goes there. */
export const forPeople = (wanted: readonly Wanted[]): boolean =>
  wanted.every(({ kind, file }) => file !== undefined || kind === 'text' || kind === 'github');

/**
 * Writes all reports. In a GitHub job, a `github` report also adds the Markdown summary to the page of the job.
 * @param form how the text report looks on standard output.
 * @throws UsageError or WriteFailure if a report cannot be made or written. The others are written all the same.
 */
export async function writeReports(
  report: Report,
  wanted: readonly Wanted[],
  form: Partial<TextForm> = {},
): Promise<void> {
  const problems: Error[] = [];
  const write = (file: string, act: () => void): void => {
    try {
      act();
    } catch (error) {
      problems.push(writeError(file, error));
    }
  };
  for (const { kind, file } of wanted) {
    let text: string;
    try {
      text = await KINDS[kind].write(report, file === undefined ? form : {});
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(error);
      continue;
    }
    if (file !== undefined) write(file, () => writeWhole(file, inFile(kind, text)));
    else if (kind === 'text') printOut(text);
    else {
      // The log of a job has the whole report; the annotations are what GitHub picks out of it.
      if (kind === 'github') printOut(reportText(report, form));
      printFormat(text);
    }
    const summary = process.env.GITHUB_STEP_SUMMARY;
    if (kind === 'github' && summary) write(summary, () => appendFileSync(summary, reportSummary(report)));
  }
  if (problems.length === 0) return;
  const text = problems.map(({ message }) => message).join('\n');
  throw problems.every((one) => one instanceof UsageError) ? new UsageError(text) : new WriteFailure(text);
}
