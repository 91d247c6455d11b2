import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { UsageError } from '../../common/errors.ts';
import { reportJson } from '../../run/report/json.ts';
import type { Report } from '../../run/report/report.ts';
import { reportText } from './full.ts';
import { reportGithub, reportSummary } from './github.ts';
import { reportJunit } from './junit.ts';
import { reportKtap } from './ktap.ts';
import { reportSarif } from './sarif.ts';

type Write = (report: Report, shown: boolean) => string | Promise<string>;

/**
 * A kind of report.
 *
 * @example
 * ```ts
 * import type { ReportKind } from 'mmspec';
 *
 * const kinds: ReportKind[] = ['text', 'json', 'junit', 'ktap', 'sarif', 'github', 'markdown', 'html'];
 * ```
 */
export type ReportKind = 'text' | 'json' | 'junit' | 'ktap' | 'sarif' | 'github' | 'markdown' | 'html';

const KINDS: Readonly<Record<ReportKind, { readonly summary: string; readonly write: Write }>> = {
  text: { summary: 'the coverage table and a summary, for people', write: reportText },
  json: {
    summary: 'all of it, as schema/report.schema.json says',
    write: (report) => `${JSON.stringify(reportJson(report), null, 2)}\n`,
  },
  junit: { summary: 'JUnit XML, one test a clause', write: reportJunit },
  ktap: { summary: "the kernel's test protocol, version 1", write: reportKtap },
  sarif: { summary: 'SARIF 2.1.0, for code scanning', write: reportSarif },
  github: { summary: 'annotations, as commands of a GitHub workflow', write: reportGithub },
  markdown: { summary: 'a summary in Markdown, for a comment or a job', write: reportSummary },
  html: {
    summary: 'a page to look at, in one file',
    write: async (report) => (await import('./html/index.ts')).reportHtml(report),
  },
};

/**
 * Writes a report as text.
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
  stripVTControlCharacters(await KINDS[kind].write(report, false));

/** What `--report` takes, for help texts. */
export const REPORT_USAGE = `${Object.keys(KINDS).join(', ')}, as KIND or KIND:FILE; may be repeated`;

/** One report to write: what, and where to; standard output where nothing is said. */
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
    throw new UsageError(`--report ${word}: unknown kind ${kind}; there are:\n${there.join('\n')}`);
  }
  if (colon < 0) return { kind };
  const file = word.slice(colon + 1);
  if (file === '') throw new UsageError(`--report ${word}: expected ${kind} or ${kind}:FILE`);
  return { kind, file };
}

/**
 * The reports that are asked for. `output` is the file of the one without a file of its own; where all have one, the
 * text goes to standard output besides.
 * @throws UsageError for an unknown kind, or where two would go to one place.
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

/** True where people read standard output: nothing but the text report goes there. */
export const forPeople = (wanted: readonly Wanted[]): boolean =>
  wanted.every(({ kind, file }) => file !== undefined || kind === 'text' || kind === 'github');

function writeTo(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`);
  }
}

/**
 * Writes all reports; in a GitHub job, the `github` one adds the summary to the job's page too. `shown`: standard
 * output has the violations already.
 */
export async function writeReports(report: Report, wanted: readonly Wanted[], shown = false): Promise<void> {
  for (const { kind, file } of wanted) {
    const text = await KINDS[kind].write(report, shown && file === undefined);
    if (file === undefined) process.stdout.write(text);
    else writeTo(file, stripVTControlCharacters(text));
    const summary = process.env.GITHUB_STEP_SUMMARY;
    if (kind === 'github' && summary) appendFileSync(summary, reportSummary(report));
  }
}
