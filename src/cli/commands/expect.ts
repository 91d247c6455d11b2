import { existsSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { UsageError } from '../../common/errors.ts';
import { EXIT } from '../../common/exit.ts';
import { readText } from '../../common/read.ts';
import { keepFinding } from '../../findings/keep.ts';
import { appliesTo } from '../../run/expect/entry.ts';
import { EXPECT_FILE, EXPECT_SYNTAX, parseExpectations } from '../../run/expect/file.ts';
import { programFolder, programOf } from '../../run/expect/programs.ts';
import { updateExpectations } from '../../run/expect/update.ts';
import { SHIPPED } from '../../run/gate/directed.ts';
import { loadReport, reportFrom } from '../../run/report/read.ts';
import { traitChoices } from '../options.ts';

/** Registers `mmspec expect` with its parts. */
export function registerExpect(program: Command): void {
  const expect = program
    .command('expect')
    .description('divergences that are known, in a file that is reviewed like code')
    .addHelpText('after', `\nA line of the file:\n  ${EXPECT_SYNTAX}`);
  expect
    .command('update')
    .description('list the violations of a report, and delete the lines that it found not to show any more')
    .requiredOption('--from <report>', 'a JSON report of mmspec gate (--report json:FILE)')
    .requiredOption('--bug <link>', 'where what is listed is being tracked')
    .option('--why <sentence>', 'a sentence: why it is expected')
    .option('--file <file>', 'the file to write', EXPECT_FILE)
    .option('--dry-run', 'print the file instead of writing it')
    .action((options: UpdateOptions) => {
      process.exitCode = update(options);
    });
  expect
    .command('check')
    .description('check the file, and that the programs that it names are there')
    .option('--file <file>', 'the file to check', EXPECT_FILE)
    .option('--target <spec>', 'only what applies to a target of this name')
    .action((options: { file: string; target?: string }) => {
      process.exitCode = check(options.file, options.target);
    });
}

interface UpdateOptions {
  from: string;
  bug: string;
  why?: string;
  file: string;
  dryRun?: boolean;
}

function update(options: UpdateOptions): number {
  if (/\s/.test(options.bug) || options.bug === '')
    throw new UsageError(`--bug ${options.bug}: expected a link without blanks`);
  const data = loadReport(options.from);
  const report = reportFrom(data);
  const before = existsSync(options.file) ? readText(options.file) : '';
  const entries = parseExpectations(before, options.file);
  const { text, added, deleted } = updateExpectations(before, entries, data, options);
  if (options.dryRun) {
    process.stdout.write(text);
    return EXIT.held;
  }
  if (added.length === 0 && deleted.length === 0) {
    process.stdout.write(`${options.file} is up to date\n`);
    return EXIT.held;
  }
  writeFileSync(options.file, text);
  for (const { line, finding } of added) {
    const found = report.findings[data.findings.indexOf(finding)];
    const { cpus, frames } = found.trace.program;
    const { name, profile, declared, page, windows, target } = report;
    const header = { target: name, profile, traits: traitChoices(declared), cpus, frames, page, windows };
    const path = keepFinding(found, header, target, programFolder(options.file));
    process.stdout.write(`added    ${line}\n         its program: ${path}\n`);
  }
  for (const line of deleted) process.stdout.write(`deleted  ${line}\n`);
  return EXIT.held;
}

function check(file: string, target: string | undefined): number {
  const entries = parseExpectations(readText(file), file);
  const chosen = entries.filter((entry) => target === undefined || appliesTo(entry, { spec: target, name: target }));
  for (const entry of chosen) programOf(entry, [programFolder(file), SHIPPED]);
  process.stdout.write(`${file}: ${chosen.length} expected divergences, all with their programs\n`);
  return EXIT.held;
}
