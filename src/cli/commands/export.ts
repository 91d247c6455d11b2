import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { Tally } from '../../../reference/clauses/tally.ts';
import { UsageError } from '../../common/errors.ts';
import { EXIT } from '../../common/exit.ts';
import { commandLine } from '../../common/shell.ts';
import { load } from '../../findings/corpus.ts';
import { judged } from '../../findings/execution.ts';
import { checkFits, runSome } from '../../findings/saved.ts';
import { EXPORTS, type Exhibit } from '../../output/export/index.ts';
import { agree, headerFor } from '../../targets/agreement.ts';
import { loadOne, withTarget } from '../opened.ts';
import { collect, traitChoices } from '../options.ts';

interface ExportOptions {
  as: string;
  target?: string;
  profile?: string;
  traits?: string[];
  fault?: string;
  output?: string;
}

const forms = (): string => [...EXPORTS].map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`).join('\n');

/** Registers `mmspec export`. */
export function registerExport(program: Command): void {
  program
    .command('export')
    .description('write a counterexample as something that needs no mmspec')
    .argument('<file>', 'a trace in the notation, such as a saved counterexample; a program with --target')
    .requiredOption('--as <form>', `one of ${[...EXPORTS.keys()].join(', ')}`)
    .option('-t, --target <spec>', 'run it there first, instead of taking the outcomes of the file')
    .option('-p, --profile <name>', 'what to judge by, instead of what the trace says')
    .option('--traits <name=choice>', 'override traits of the profile', collect)
    .option('--fault <name>', 'a fault to inject into a live kernel (linux targets)')
    .option('-o, --output <file>', 'write it there instead of to standard output')
    .addHelpText('after', `\nForms:\n${forms()}`)
    .action(async (file: string, options: ExportOptions) => {
      process.exitCode = await exportFile(file, options);
    });
}

async function exportFile(file: string, options: ExportOptions): Promise<number> {
  const form = EXPORTS.get(options.as);
  if (!form) throw new UsageError(`--as ${options.as}: expected one of\n${forms()}`);
  const exhibit = options.target === undefined ? recorded(file, options) : await fresh(file, options.target, options);
  let text: string;
  try {
    text = form.write(exhibit);
  } catch (error) {
    if (error instanceof UsageError)
      throw new UsageError(`${file} cannot be written as ${options.as}: ${error.message}`);
    throw error;
  }
  if (options.output === undefined) {
    process.stdout.write(text);
    return EXIT.held;
  }
  try {
    writeFileSync(options.output, text);
  } catch (error) {
    throw new UsageError(`cannot write ${options.output}: ${(error as NodeJS.ErrnoException).code}`);
  }
  return EXIT.held;
}

const nameOf = (file: string): string => basename(file).replace(/\.[^.]*$/, '') || 'program';

/** The trace as it stands in the file. */
function recorded(file: string, options: ExportOptions): Exhibit {
  const { document } = load(file);
  const { trace } = loadOne(file);
  if (document.kind !== 'trace')
    throw new UsageError(
      `${file} is a program without outcomes; name a target that it fails on: ${commandLine('export', file, '--as', options.as, '--target', 'SPEC')}`,
    );
  const { header } = document;
  const asked = {
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    traits: traitChoices(options.traits),
  };
  const agreement = agree({ ...header, profile: header.profile ?? 'documented' }, asked);
  const { violation } = judged(trace, agreement.terms, new Tally());
  return { name: nameOf(file), header, trace, agreement, file, ...(violation ? { violation } : {}) };
}

/** What a target makes of the program now. */
function fresh(file: string, spec: string, options: ExportOptions): Promise<Exhibit> {
  const { program } = loadOne(file).trace;
  return withTarget({ ...options, target: spec }, [program], async (target, agreement) => {
    checkFits(file, program, target, agreement);
    const { trace, violation } = await runSome(target, agreement, program);
    const header = headerFor(target.manifest, agreement, program);
    return { name: nameOf(file), header, trace, agreement, file, ...(violation ? { violation } : {}) };
  });
}
