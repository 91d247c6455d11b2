import { existsSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { UsageError } from '../../common/errors.ts';
import { EXIT } from '../../common/exit.ts';
import { readText } from '../../common/read.ts';
import { printOut } from '../../common/terminal.ts';
import { SHIPPED } from '../../run/directed.ts';
import { appliesTo } from '../../run/expect/entry.ts';
import { EXPECT_FILE, EXPECT_SYNTAX, parseExpectations } from '../../run/expect/file.ts';
import { programFolder, programOf } from '../../run/expect/programs.ts';
import { updateExpectations } from '../../run/expect/update.ts';
import { loadReport, reportFrom } from '../../run/report/read.ts';
import { saveFinding } from '../../run/report/save.ts';

interface UpdateOptions {
  from: string;
  bug: string;
  why?: string;
  file: string;
  dryRun?: boolean;
}

/** Registers `mmspec expect` with its subcommands. */
export function registerExpect(program: Command): void {
  const expect = program
    .command('expect')
    .summary('keep the list of known violations')
    .description('keep a reviewed list of known violations, which do not fail the gate')
    .addHelpText('after', `\nA line of the file:\n  ${EXPECT_SYNTAX}`);
  expect
    .command('update')
    .description('add the violations of a report to the list, and delete the lines that no longer show')
    .requiredOption('--from <report>', 'a JSON report of mmspec gate (--report json:FILE)')
    .requiredOption('--bug <link>', 'link to the bug that tracks the new violations')
    .option('--why <sentence>', 'one sentence: why they are expected')
    .option('--file <file>', 'the list to update', EXPECT_FILE)
    .option('--dry-run', 'print the new list instead of writing it')
    .action((options: UpdateOptions) => {
      process.exitCode = update(options);
    });
  expect
    .command('check')
    .description('check that the list can be read, and that all its programs exist')
    .option('--file <file>', 'the list to check', EXPECT_FILE)
    .option('--target <spec>', 'check only the lines that apply to this target')
    .action((options: { file: string; target?: string }) => {
      process.exitCode = check(options.file, options.target);
    });
}

function update(options: UpdateOptions): number {
  if (/\s/.test(options.bug) || options.bug === '')
    throw new UsageError(`--bug '${options.bug}': expected a link without spaces, such as https://example.org/1`);
  const data = loadReport(options.from);
  const report = reportFrom(data, options.from);
  const before = existsSync(options.file) ? readText(options.file) : '';
  const entries = parseExpectations(before, options.file);
  const { text, added, deleted } = updateExpectations(before, entries, data, options);
  if (options.dryRun) {
    printOut(text);
    return EXIT.held;
  }
  if (added.length === 0 && deleted.length === 0) {
    printOut(`${options.file} is up to date\n`);
    return EXIT.held;
  }
  writeFileSync(options.file, text);
  for (const { line, finding, symptom } of added) {
    const leader = report.findings[data.findings.indexOf(finding)];
    const found = symptom === undefined ? leader : { ...leader, ...leader.symptoms![symptom] };
    const path = saveFinding(report, found, programFolder(options.file));
    printOut(`added    ${line}\n         its program: ${path}\n`);
  }
  for (const line of deleted) printOut(`deleted  ${line}\n`);
  return EXIT.held;
}

function check(file: string, target: string | undefined): number {
  const entries = parseExpectations(readText(file), file);
  const chosen = entries.filter((entry) => target === undefined || appliesTo(entry, { spec: target, name: target }));
  for (const entry of chosen) programOf(entry, [programFolder(file), SHIPPED]);
  printOut(`${file}: ${chosen.length} expected divergences; the program of each exists\n`);
  return EXIT.held;
}
