import type { Command } from 'commander';
import { Tally } from '../../../reference/judge/tally.ts';
import { Known } from '../../../reference/model/known.ts';
import { findInvalid, type Program } from '../../../reference/model/valid.ts';
import { printStep } from '../../../reference/notation/print.ts';
import { load } from '../../campaign/corpus.ts';
import { execute } from '../../campaign/execution.ts';
import { type Finding, keyOf } from '../../campaign/finding.ts';
import { type Agreement, agree } from '../../campaign/terms.ts';
import { findingText, openText } from '../../report/text.ts';
import { type OpenTarget, openTarget } from '../../targets/open.ts';
import { EXIT, UsageError } from '../exit.ts';
import { collect, traitChoices, wholeNumber } from '../options.ts';
import { commandLine } from '../shell.ts';

interface ReplayOptions {
  target: string;
  profile?: string;
  traits?: string[];
  times: number;
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
    .option('--times <n>', 'run each program so often', wholeNumber('--times', 1), 1)
    .option('--fault <name>', 'a fault to inject into a live kernel (linux targets)')
    .action(async (files: string[], options: ReplayOptions) => {
      process.exitCode = await replay(files, options);
    });
}

/** Throws where a program is undefined on the target, or asks for more than it has. */
function check(file: string, program: Program, target: OpenTarget, agreement: Agreement): void {
  const { cpus, frames, page } = target.manifest;
  if (program.cpus > cpus)
    throw new UsageError(`${file}: the program needs ${program.cpus} CPUs, ${target.spec} has ${cpus}`);
  if (program.frames > frames)
    throw new UsageError(`${file}: the program needs ${program.frames} frames, ${target.spec} has ${frames}`);
  const invalid = findInvalid(program, new Known(agreement.traits, program.cpus, program.frames, page));
  if (!invalid) return;
  const step = printStep(program.steps[invalid.step]);
  throw new UsageError(
    `${file}: step ${invalid.step + 1}, ${step}, is undefined under ${agreement.profile}: ${invalid.why}`,
  );
}

async function replay(files: string[], options: ReplayOptions): Promise<number> {
  const loaded = files.map(load);
  const programs = loaded.flatMap(({ path, document }) =>
    document.entries.map(({ trace }) => ({ path, program: trace.program })),
  );
  if (programs.length === 0) throw new UsageError(`no program in ${files.join(', ')}`);
  const target = await openTarget(options.target, options.fault === undefined ? {} : { fault: options.fault });
  try {
    const asked = {
      ...(options.profile === undefined ? {} : { profile: options.profile }),
      traits: traitChoices(options.traits),
    };
    const agreement = agree(target.manifest, asked);
    for (const { path, program } of programs) check(path, program, target, agreement);
    const count = { held: 0, failed: 0, open: 0 };
    for (const { path, program } of programs) count[await replayOne(path, program, target, agreement, options)]++;
    process.stdout.write(
      `${count.held} of ${programs.length} programs held on ${target.spec} (${target.manifest.name})\n`,
    );
    if (count.failed > 0) return EXIT.violated;
    return count.open > 0 ? EXIT.untested : EXIT.held;
  } finally {
    await target.close();
  }
}

async function replayOne(
  path: string,
  program: Program,
  target: OpenTarget,
  agreement: Agreement,
  { times }: ReplayOptions,
): Promise<'held' | 'failed' | 'open'> {
  const tally = new Tally();
  const runs = await execute(
    target,
    Array.from({ length: times }, () => program),
    agreement.terms,
    tally,
  );
  const failing = runs.filter((run) => run.violation);
  const [first] = failing;
  if (!first) {
    const open = tally.unknown > 0 ? ` (${openText(tally.unknown)})` : '';
    process.stdout.write(`${open === '' ? 'held     ' : 'left open'} ${path}${open}\n`);
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
    rate: { failed: failing.length, of: runs.length },
    again: 0,
  };
  process.stdout.write(
    `${findingText(finding, commandLine('replay', path, '--target', target.spec), target.manifest.page)}\n\n`,
  );
  return 'failed';
}
