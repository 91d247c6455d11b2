import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Trace } from '../../../reference/judge/judge.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import { UsageError } from '../../common/errors.ts';
import { EXIT } from '../../common/exit.ts';
import { writeNamed } from '../../common/files.ts';
import { didYouMean } from '../../common/names.ts';
import { commandLine } from '../../common/shell.ts';
import { printFormat } from '../../common/terminal.ts';
import { loadOne } from '../../findings/corpus.ts';
import { judgeRecorded } from '../../findings/execution.ts';
import { checkFits } from '../../findings/fits.ts';
import { runUntilFailure } from '../../findings/until-failure.ts';
import { EXPORTS, type Exhibit } from '../../output/export/index.ts';
import { withPlan } from '../../run/plan.ts';
import { loadReport, reportFrom } from '../../run/report/read.ts';
import { headerFor } from '../../targets/agreement.ts';
import { addFault, addJudging, agreementFor, type JudgingOptions, planOptions } from '../target-options.ts';

interface ExportOptions extends JudgingOptions {
  as: string;
  target?: string;
  fault?: string;
  from?: string;
  output?: string;
}

const forms = (): string => [...EXPORTS].map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`).join('\n');

/** Registers `mmspec export`. */
export function registerExport(program: Command): void {
  const command = program
    .command('export')
    .summary('write a failing program as code that needs no mmspec')
    .description('write a failing program as C code, a kernel module, a bug report ... that needs no mmspec')
    .argument('<file>', 'a trace in the notation, such as a saved counterexample; with --target also a program')
    .requiredOption('--as <form>', `one of ${[...EXPORTS.keys()].join(', ')}`)
    .option('-t, --target <spec>', 'run the program on this target first, instead of using the outcomes in the file');
  addFault(addJudging(command, 'what the trace says'))
    .option(
      '--from <report>',
      'JSON report of the run that found it: mails and Markdown say what the run knows about it',
    )
    .option('-o, --output <file>', 'write to this file instead of standard output')
    .addHelpText('after', `\nForms:\n${forms()}`)
    .action(async (file: string, options: ExportOptions) => {
      process.exitCode = await exportFile(file, options);
    });
}

const unknownForm = (name: string): UsageError =>
  new UsageError(`--as ${name}: unknown form${didYouMean(name, [...EXPORTS.keys()])}\nexpected one of\n${forms()}`);

async function exportFile(file: string, options: ExportOptions): Promise<number> {
  const form = EXPORTS.get(options.as);
  if (!form) throw unknownForm(options.as);
  const seen = options.target === undefined ? recorded(file, options) : await fresh(file, options.target, options);
  const exhibit = options.from === undefined ? seen : withReport(seen, options.from);
  let text: string;
  try {
    text = form.write(exhibit);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`cannot export ${file} as ${options.as}: ${error.message}`);
  }
  if (options.output === undefined) printFormat(text);
  else writeNamed(options.output, text);
  return EXIT.held;
}

const nameOf = (file: string): string => basename(file).replace(/\.[^.]*$/, '') || 'program';

/** The trace as it was recorded in the file. */
function recorded(file: string, options: ExportOptions): Exhibit {
  const { document, trace } = loadOne(file);
  const { header } = document;
  if (document.kind !== 'trace') {
    const run = commandLine('export', file, '--as', options.as, '--target', 'SPEC');
    throw new UsageError(`${file} is a program without outcomes; name a target on which it fails: ${run}`);
  }
  const agreement = agreementFor(header, options);
  const violation = judgeRecorded(file, trace, agreement.terms);
  return { name: nameOf(file), header, trace, agreement, file, ...(violation ? { violation } : {}) };
}

/**
 * Adds what the run knows that found the program.
 * @throws UsageError if the program is not a finding of the report.
 */
function withReport(exhibit: Exhibit, path: string): Exhibit {
  const report = reportFrom(loadReport(path), path);
  const textOf = ({ program }: Trace): string => printSteps(program);
  const finding = report.findings.find(({ trace }) => textOf(trace) === textOf(exhibit.trace));
  if (!finding) {
    const there = report.findings.map(({ key, file }) => `  ${key}${file === undefined ? '' : `, ${file}`}`);
    throw new UsageError(
      `${exhibit.file} is no finding of ${path}; ${there.length > 0 ? `its findings are\n${there.join('\n')}` : 'it has none'}`,
    );
  }
  const { machine } = report;
  return { ...exhibit, found: { report, finding }, ...(machine && !exhibit.machine ? { machine } : {}) };
}

/** The trace of running the program now. */
function fresh(file: string, spec: string, options: ExportOptions): Promise<Exhibit> {
  const { program } = loadOne(file).trace;
  return withPlan(spec, { ...planOptions(options), programs: [program] }, async ({ target, agreement }) => {
    checkFits(file, program, target, agreement);
    const { trace, violation } = await runUntilFailure(target, program, agreement.terms);
    const header = headerFor(target.manifest, agreement, program);
    const { machine } = target.manifest;
    return {
      name: nameOf(file),
      header,
      trace,
      agreement,
      file,
      ...(violation ? { violation } : {}),
      ...(machine ? { machine } : {}),
    };
  });
}
