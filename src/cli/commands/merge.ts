import type { Command } from 'commander';
import { keepFinding } from '../../findings/keep.ts';
import { REPORT_USAGE, wantedReports, writeReports } from '../../output/report/reporters.ts';
import { mergeReports } from '../../run/merge/merge.ts';
import { loadReport, reportFrom } from '../../run/report/read.ts';
import { exitCode, type Report } from '../../run/report/report.ts';
import { collect, traitChoices } from '../options.ts';

interface MergeOptions {
  report?: string[];
  output?: string;
  corpus?: string;
}

/** Registers `mmspec merge`. */
export function registerMerge(program: Command): void {
  program
    .command('merge')
    .description('put the JSON reports of the shards of one run together: one report, one corpus, one exit code')
    .argument('<report...>', 'JSON reports, one of each shard')
    .option('--corpus <folder>', 'save every counterexample of the reports there')
    .option('--report <kind>', REPORT_USAGE, collect)
    .option('-o, --output <file>', 'write the report there instead of to standard output')
    .action(async (files: string[], options: MergeOptions) => {
      process.exitCode = await merge(files, options);
    });
}

/** Saves the counterexamples of a report; they are named by clause and text, so that twins fall together. */
function saveCorpus(report: Report, folder: string): void {
  for (const finding of report.findings) {
    const { cpus, frames } = finding.trace.program;
    const { name, profile, declared, page, windows } = report;
    const header = { target: name, profile, traits: traitChoices(declared), cpus, frames, page, windows };
    finding.file = keepFinding(finding, header, report.target, folder);
  }
}

async function merge(files: string[], options: MergeOptions): Promise<number> {
  const wanted = wantedReports(options.report, options.output);
  const parts = files.map((path) => ({ path, report: reportFrom(loadReport(path)) }));
  const { report, missing } = mergeReports(parts);
  if (missing.length > 0) process.stderr.write(`there is no report of shard ${missing.join(', ')}\n`);
  if (options.corpus !== undefined) saveCorpus(report, options.corpus);
  await writeReports(report, wanted);
  return exitCode(report);
}
