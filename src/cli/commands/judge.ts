import type { Command } from 'commander';
import { Tally } from '../../../reference/clauses/tally.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import { UsageError } from '../../common/errors.ts';
import { EXIT } from '../../common/exit.ts';
import { commandLine } from '../../common/shell.ts';
import { printOut, textColumns } from '../../common/terminal.ts';
import { type Loaded, load } from '../../findings/corpus.ts';
import { judgeRecorded } from '../../findings/execution.ts';
import { plainFinding } from '../../findings/finding.ts';
import { coverageText } from '../../output/report/text/coverage.ts';
import { findingText } from '../../output/report/text/finding.ts';
import { openText } from '../../output/report/words.ts';
import { coverage } from '../../run/report/coverage.ts';
import { addJudging, agreementFor, type JudgingOptions } from '../target-options.ts';

/** Registers `mmspec judge`. */
export function registerJudge(program: Command): void {
  const command = program
    .command('judge')
    .description('judge recorded traces, without running anything')
    .argument('<trace...>', 'traces in the notation; - for standard input');
  addJudging(command, 'what the trace says').action((files: string[], options: JudgingOptions) => {
    process.exitCode = judgeFiles(files, options);
  });
}

function judgeFiles(files: readonly string[], options: JudgingOptions): number {
  const tally = new Tally();
  const violated = files.map((file) => judgeFile(loadTraces(file), options, tally, files.length === 1)).some(Boolean);
  if (violated) {
    printOut('violated\n');
    return EXIT.violated;
  }
  if (tally.unknown > 0) printOut(`${openText(tally.unknown)}\n`);
  const held = tally.programs - tally.unknown;
  if (held > 0) printOut(`held: ${held} traces, ${tally.steps} steps\n`);
  return tally.unknown > 0 ? EXIT.untested : EXIT.held;
}

/** @throws UsageError when the file holds no trace. */
function loadTraces(file: string): Loaded {
  const loaded = load(file);
  if (loaded.document.kind !== 'trace')
    throw new UsageError(`${file} is a program without outcomes; run it with: ${commandLine('replay', file)}`);
  if (loaded.document.entries.length === 0) throw new UsageError(`${file} has no steps to judge`);
  return loaded;
}

/** Prints the violations of a file; returns whether there are any. */
function judgeFile({ path, document }: Loaded, options: JudgingOptions, tally: Tally, table: boolean): boolean {
  const { header, entries } = document;
  const agreement = agreementFor(header, options);
  let violated = false;
  for (const { trace } of entries) {
    const violation = judgeRecorded(path, trace, agreement.terms, tally);
    if (!violated) violated = violation !== undefined;
    if (!violation) continue;
    const finding = plainFinding(trace, violation, { failed: 1, of: 1 });
    printOut(`${findingText(finding, commandLine('judge', path), { page: header.page, width: textColumns() })}\n\n`);
  }
  if (table) {
    const lines = coverage(tally, agreement.traits, { calls: new Set(VOCABULARY.keys()), can: new Set() });
    const exercised = lines.filter(({ status }) => status !== 'unexercised');
    printOut(`${coverageText(exercised, textColumns())}\n\n`);
  }
  return violated;
}
