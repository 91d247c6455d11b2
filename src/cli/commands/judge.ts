import type { Command } from 'commander';
import { Tally } from '../../../reference/clauses/tally.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import { parse } from '../../../reference/notation/document.ts';
import { UsageError } from '../../common/errors.ts';
import { EXIT } from '../../common/exit.ts';
import { readText } from '../../common/read.ts';
import { commandLine } from '../../common/shell.ts';
import { judged } from '../../findings/execution.ts';
import { keyOf } from '../../findings/finding.ts';
import { coverageText } from '../../output/report/text/coverage.ts';
import { findingText } from '../../output/report/text/finding.ts';
import { openText } from '../../output/report/words.ts';
import { coverage } from '../../run/report/coverage.ts';
import { agree } from '../../targets/agreement.ts';
import { collect, traitChoices } from '../options.ts';

interface JudgeOptions {
  profile?: string;
  traits?: string[];
}

/** Registers `mmspec judge`. */
export function registerJudge(program: Command): void {
  program
    .command('judge')
    .description('judge recorded traces, without any target')
    .argument('<trace...>', 'traces in the notation; - for standard input')
    .option('-p, --profile <name>', 'what to judge by, instead of what the trace says')
    .option('--traits <name=choice>', 'override traits of the profile', collect)
    .action((files: string[], options: JudgeOptions) => {
      process.exitCode = judgeFiles(files, options);
    });
}

function judgeFiles(files: string[], options: JudgeOptions): number {
  const tally = new Tally();
  let violated = false;
  for (const file of files) {
    const text = readText(file);
    let document: ReturnType<typeof parse<typeof VOCABULARY extends ReadonlyMap<string, infer C> ? C : never>>;
    try {
      document = parse(text, VOCABULARY);
    } catch (error) {
      throw new UsageError(`${file}, ${(error as Error).message}`);
    }
    if (document.kind !== 'trace')
      throw new UsageError(`${file} is a program without outcomes; run it with ${commandLine('replay', file)}`);
    if (document.entries.length === 0) throw new UsageError(`${file} has no step to judge`);
    const { header } = document;
    const asked = {
      ...(options.profile === undefined ? {} : { profile: options.profile }),
      traits: traitChoices(options.traits),
    };
    const agreement = agree({ ...header, profile: header.profile ?? 'documented' }, asked);
    for (const { trace } of document.entries) {
      const { violation } = judged(trace, agreement.terms, tally);
      if (!violation) continue;
      violated = true;
      const finding = {
        key: keyOf(trace, violation),
        violation,
        trace,
        originalSteps: trace.program.steps.length,
        afterPrograms: 0,
        afterSteps: 0,
        executions: 0,
        rate: { failed: 1, of: 1 },
        again: 0,
      };
      process.stdout.write(`${findingText(finding, commandLine('judge', file), header.page)}\n\n`);
    }
    if (files.length === 1) {
      const spoke = coverage(tally, agreement.traits, new Set(VOCABULARY.keys())).filter(
        (l) => l.status !== 'unexercised',
      );
      process.stdout.write(`${coverageText(spoke)}\n\n`);
    }
  }
  if (violated) {
    process.stdout.write('violated\n');
    return EXIT.violated;
  }
  if (tally.unknown > 0) process.stdout.write(`${openText(tally.unknown)}\n`);
  const held = tally.programs - tally.unknown;
  if (held > 0) process.stdout.write(`held: ${held} traces, ${tally.steps} steps\n`);
  return tally.unknown > 0 ? EXIT.untested : EXIT.held;
}
