import type { Command } from 'commander';
import type { Program } from '../../../reference/calls/valid.ts';
import { Tally } from '../../../reference/clauses/tally.ts';
import { UsageError } from '../../common/errors.ts';
import { EXIT } from '../../common/exit.ts';
import { wholeNumber } from '../../common/numbers.ts';
import { commandLine } from '../../common/shell.ts';
import { load } from '../../findings/corpus.ts';
import { type Judged, sample } from '../../findings/execution.ts';
import { type Finding, keyOf } from '../../findings/finding.ts';
import { checkFits, timesOf } from '../../findings/saved.ts';
import { findingText } from '../../output/report/text/finding.ts';
import { openText } from '../../output/report/words.ts';
import type { Agreement } from '../../targets/agreement.ts';
import type { OpenTarget } from '../../targets/open.ts';
import { interruptible } from '../conduct.ts';
import { withTarget } from '../opened.ts';
import { collect } from '../options.ts';

interface ReplayOptions {
  target: string;
  profile?: string;
  traits?: string[];
  times?: number;
  fault?: string;
}

/** Registers `mmspec replay`. */
export function registerReplay(program: Command): void {
  program
    .command('replay')
    .description('run saved programs again, on any target')
    .argument('<file...>', 'programs or traces in the notation')
    .option('-t, --target <spec>', 'what to run them on', 'embedded')
    .option('-p, --profile <name>', 'what to judge by, instead of what the target proposes')
    .option('--traits <name=choice>', 'override traits of the profile', collect)
    .option(
      '--times <n>',
      'run each program so often (until it fails; on targets elsewhere at most 10 times, 200 where lanes overlap)',
      wholeNumber('--times', 1),
    )
    .option('--fault <name>', 'a fault to inject into a live kernel (linux targets)')
    .action(async (files: string[], options: ReplayOptions) => {
      process.exitCode = await replay(files, options);
    });
}

async function replay(files: string[], options: ReplayOptions): Promise<number> {
  const loaded = files.map(load);
  const programs = loaded.flatMap(({ path, document }) =>
    document.entries.map(({ trace }) => ({ path, program: trace.program })),
  );
  if (programs.length === 0) throw new UsageError(`no program in ${files.join(', ')}`);
  return withTarget(
    options,
    programs.map(({ program }) => program),
    async (target, agreement) => {
      for (const { path, program } of programs) checkFits(path, program, target, agreement);
      const count = { held: 0, failed: 0, open: 0 };
      const interrupted = await interruptible(async (signal) => {
        for (const { path, program } of programs) {
          if (signal.aborted) return true;
          count[await replayOne(path, program, target, agreement, { ...options, signal })]++;
        }
        return signal.aborted;
      });
      process.stdout.write(
        `${count.held} of ${programs.length} programs held on ${target.spec} (${target.manifest.name})\n${interrupted ? 'interrupted: not everything that was asked for was run\n' : ''}`,
      );
      if (count.failed > 0) return EXIT.violated;
      return count.open > 0 || interrupted ? EXIT.untested : EXIT.held;
    },
  );
}

async function replayOne(
  path: string,
  program: Program,
  target: OpenTarget,
  agreement: Agreement,
  { times, signal }: ReplayOptions & { readonly signal: AbortSignal },
): Promise<'held' | 'failed' | 'open'> {
  const tally = new Tally();
  const most = times ?? timesOf(target, program);
  const enough = times === undefined ? 1 : most;
  const failing = ({ violation }: Judged): boolean => violation !== undefined;
  const over = (): boolean => signal.aborted;
  const { failed, of } = await sample(program, { target, terms: agreement.terms, tally, most, enough, over, failing });
  const [first] = failed;
  if (!first) {
    const open = tally.unknown > 0 ? ` (${openText(tally.unknown)})` : '';
    process.stdout.write(`${open === '' ? 'held     ' : 'left open'} ${path}${open}${of > 1 ? `, ${of} times` : ''}\n`);
    return open === '' ? 'held' : 'open';
  }
  const finding: Finding = {
    key: keyOf(first.trace, first.violation!),
    violation: first.violation!,
    trace: first.trace,
    originalSteps: program.steps.length,
    afterPrograms: 0,
    afterSteps: 0,
    executions: 0,
    rate: { failed: failed.length, of },
    again: 0,
  };
  process.stdout.write(
    `${findingText(finding, commandLine('replay', path, '--target', target.spec), target.manifest.page)}\n\n`,
  );
  return 'failed';
}
