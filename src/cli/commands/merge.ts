import type { Command } from 'commander';
import { printError } from '../../common/terminal.ts';
import { firstOf } from '../../common/words.ts';
import { notSaved } from '../../findings/keep.ts';
import { REPORT_USAGE, wantedReports } from '../../output/report/reporters.ts';
import { compareWithBase, loadBase } from '../../run/base.ts';
import { loadShardReport, mergeReports } from '../../run/merge.ts';
import { saveFinding } from '../../run/report/save.ts';
import { addDetail, type DetailOptions } from '../detail.ts';
import { endWithReports } from '../end-with-reports.ts';
import { collect } from '../options.ts';

interface MergeOptions extends DetailOptions {
  report?: string[];
  output?: string;
  corpus?: string;
  base?: string;
}

/** Registers `mmspec merge`. */
export function registerMerge(program: Command): void {
  const command = program
    .command('merge')
    .summary('merge the reports of the shards of a run into one')
    .description('merge the JSON reports of the shards of one run into one report with one exit code')
    .argument('<report...>', 'JSON reports, one for each shard');
  addDetail(command)
    .option('--corpus <folder>', 'save the counterexamples of all reports in this folder')
    .option('--base <file>', 'JSON report of the base branch: fail only for violations that it does not have')
    .option('--report <kind>', REPORT_USAGE, collect)
    .option('-o, --output <file>', 'write the report to this file instead of standard output')
    .action(async (files: string[], options: MergeOptions) => {
      process.exitCode = await merge(files, options);
    });
}

async function merge(files: readonly string[], options: MergeOptions): Promise<number> {
  const wanted = wantedReports(options.report, options.output);
  const base = options.base === undefined ? undefined : loadBase(options.base);
  const { report: merged, missing } = mergeReports(files.map(loadShardReport));
  const report = base ? compareWithBase(merged, base) : merged;
  if (missing.length > 0) printError(`the report of shard ${firstOf(missing, 10)} is missing: the run is incomplete\n`);
  // Counterexamples are named by clause and program, so equal ones of several shards become one file.
  if (options.corpus !== undefined)
    for (const finding of report.findings) {
      try {
        finding.file = saveFinding(report, finding, options.corpus);
      } catch (error) {
        // The report shows it all the same.
        printError(notSaved(finding, error));
      }
    }
  return endWithReports(report, wanted, options);
}
