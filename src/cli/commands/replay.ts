import type { Command } from 'commander';
import type { Program } from '../../../reference/calls/valid.ts';
import { Tally } from '../../../reference/clauses/tally.ts';
import { UsageError } from '../../common/errors.ts';
import { EXIT } from '../../common/exit.ts';
import { wholeNumber } from '../../common/numbers.ts';
import { commandLine } from '../../common/shell.ts';
import { untilStopped } from '../../common/stopped.ts';
import { printOut, textColumns } from '../../common/terminal.ts';
import { load } from '../../findings/corpus.ts';
import { type Judged, sample } from '../../findings/execution.ts';
import { type Finding, plainFinding } from '../../findings/finding.ts';
import { checkFits } from '../../findings/fits.ts';
import { failureUnderOtherSchedules, usualTries } from '../../findings/until-failure.ts';
import { findingText } from '../../output/report/text/finding.ts';
import { openText } from '../../output/report/words.ts';
import { type Plan, withPlan } from '../../run/plan.ts';
import { describeTarget } from '../../targets/open.ts';
import { openingWords } from '../../targets/opening-words.ts';
import { interruptible } from '../interrupt.ts';
import { addTime } from '../options.ts';
import { addTarget, planOptions, type TargetOptions, timedOptions } from '../target-options.ts';

interface ReplayOptions extends TargetOptions {
  times?: number;
  time?: number;
}

/** A saved program and its file. */
interface Saved {
  readonly path: string;
  readonly program: Program;
}

/** Registers `mmspec replay`. */
export function registerReplay(program: Command): void {
  const command = program
    .command('replay')
    .description('run saved programs again, on any target')
    .argument('<file...>', 'programs or traces in the notation');
  addTime(addTarget(command))
    .option(
      '--times <n>',
      'runs of each program (default: until it fails; outside this process at most 10, or 200 if lanes overlap)',
      wholeNumber('--times', 1),
    )
    .action(async (files: string[], options: ReplayOptions) => {
      process.exitCode = await replay(files, options);
    });
}

async function replay(files: string[], options: ReplayOptions): Promise<number> {
  const saved = files
    .map(load)
    .flatMap(({ path, document }) => document.entries.map(({ trace }): Saved => ({ path, program: trace.program })));
  if (saved.length === 0) throw new UsageError(`${files.join(', ')}: expected programs, such as: @0 a0 = vmap f0`);
  const timed = timedOptions(options.time, planOptions(options));
  const asked = { ...timed, programs: saved.map(({ program }) => program) };
  return withPlan(options.target, asked, async (plan) => {
    const { target } = plan;
    for (const { path, program } of saved) checkFits(path, program, target, plan.agreement);
    const count = { held: 0, failed: 0, open: 0 };
    const { signal } = timed;
    const interrupted = await interruptible(async () => {
      for (const one of saved) {
        if (signal.aborted) return true;
        const ending = await untilStopped(replayOne(one, plan, options.times, signal));
        if (ending === undefined) return true;
        count[ending]++;
      }
      return signal.aborted;
    });
    printOut(`${count.held} of ${saved.length} programs held on ${describeTarget(target)}\n`);
    if (interrupted) printOut('interrupted: not every program ran\n');
    if (count.failed > 0) return EXIT.violated;
    return count.open > 0 || interrupted ? EXIT.untested : EXIT.held;
  });
}

async function replayOne(
  { path, program }: Saved,
  { target, agreement }: Plan,
  times: number | undefined,
  signal: AbortSignal,
): Promise<'held' | 'failed' | 'open'> {
  const tally = new Tally();
  const most = times ?? usualTries(target, program);
  const { failed, of } = await sample(program, {
    target,
    terms: agreement.terms,
    tally,
    most,
    enough: times === undefined ? 1 : most,
    over: () => signal.aborted,
    failing: ({ violation }: Judged) => violation !== undefined,
  });
  const textOf = ({ trace, violation }: Judged, rate: Finding['rate']): string => {
    const again = commandLine('replay', path, ...openingWords(target, agreement));
    const form = { page: target.manifest.page, width: textColumns() };
    return findingText(plainFinding(trace, violation!, rate), again, form);
  };
  const [first] = failed;
  if (first) {
    printOut(`${textOf(first, { failed: failed.length, of })}\n\n`);
    return 'failed';
  }
  const other = times === undefined ? await failureUnderOtherSchedules(target, program, agreement.terms) : undefined;
  if (other) {
    printOut(
      `${textOf(other, { failed: 1, of: 1 })}\nIt held under the saved schedule (${of} runs), and fails under the one above: the places where lanes stop have other numbers here.\n\n`,
    );
    return 'failed';
  }
  const runs = of > 1 ? `, ${of} times` : '';
  if (tally.unknown > 0) {
    printOut(`left open ${path} (${openText(tally.unknown)})${runs}\n`);
    return 'open';
  }
  printOut(`held      ${path}${runs}\n`);
  return 'held';
}
