import type { Command } from 'commander';
import type { Program } from '../../../reference/calls/valid.ts';
import { CALLS } from '../../../reference/contract.ts';
import { printHeader } from '../../../reference/notation/document.ts';
import { EXIT } from '../../common/exit.ts';
import { wholeNumber } from '../../common/numbers.ts';
import { grouped } from '../../common/words.ts';
import { execute, failureOf } from '../../findings/execution.ts';
import { explain, printExplained, Trial } from '../../findings/explain/index.ts';
import { keyOf } from '../../findings/finding.ts';
import { checkFits, runSome } from '../../findings/saved.ts';
import { callsOf } from '../../programs/generate/options.ts';
import { failureUnderAny, scheduled } from '../../run/campaign/scheduled.ts';
import { type Agreement, headerFor } from '../../targets/agreement.ts';
import type { OpenTarget } from '../../targets/open.ts';
import { interruptible } from '../conduct.ts';
import { loadOne, recordedOn, type TargetOptions, withTarget } from '../opened.ts';
import { collect } from '../options.ts';

interface ExplainOptions extends TargetOptions {
  tries: number;
}

/** Registers `mmspec explain`. */
export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description('say which steps, CPUs and arguments of a counterexample matter, found by trying')
    .argument('<file>', 'a program or trace in the notation')
    .option('-t, --target <spec>', 'what to run it on', 'embedded')
    .option('-p, --profile <name>', 'what to judge by, instead of what the target proposes')
    .option('--traits <name=choice>', 'override traits of the profile', collect)
    .option('--fault <name>', 'a fault to inject into a live kernel (linux targets)')
    .option('--tries <n>', 'programs to run at most', wholeNumber('--tries', 1), 5000)
    .action(async (file: string, options: ExplainOptions) => {
      process.exitCode = await explainFile(file, options);
    });
}

/** What programs do; where lanes can be interleaved at will, under any schedule: what is changed has other ones. */
async function failures(
  target: OpenTarget,
  agreement: Agreement,
  programs: readonly Program[],
  key: string,
): Promise<(string | undefined)[]> {
  if (!target.direct?.schedulable) return (await execute(target, programs, agreement.terms)).map(failureOf);
  const all = scheduled(target, agreement);
  return programs.map((program) => failureUnderAny(all, program, key));
}

async function explainFile(file: string, options: ExplainOptions): Promise<number> {
  const { document, trace } = loadOne(file);
  return withTarget(options, [trace.program], async (target, agreement) => {
    checkFits(file, trace.program, target, agreement);
    const shown = await runSome(target, agreement, trace.program);
    const { violation } = shown;
    if (!violation) {
      process.stdout.write(
        `${file} holds on ${target.spec} (${target.manifest.name}): there is nothing to explain${recordedOn(document, target)}\n`,
      );
      return EXIT.held;
    }
    const key = keyOf(shown.trace, violation);
    const { manifest } = target;
    const trialOn = (signal: AbortSignal): Trial =>
      new Trial(trace.program, {
        traits: agreement.traits,
        page: manifest.page,
        key,
        run: (programs: readonly Program[]) => failures(target, agreement, programs, key),
        calls: callsOf(manifest, CALLS),
        cpus: manifest.cpus,
        frames: manifest.frames,
        tries: options.tries,
        signal,
      });
    const { remarks, tries, complete } = await interruptible(async (signal) => {
      const trial = trialOn(signal);
      return { remarks: await explain(trial), tries: trial.tries, complete: trial.complete };
    });
    const { clause } = violation;
    const lines = [
      'mmspec trace 1',
      `# ${clause.id}: ${clause.sentence}`,
      `# step ${violation.step + 1}: allowed ${violation.allowed}`,
      `# what matters, found by ${grouped(tries)} variations; each remark is about one change at a time`,
      ...(complete
        ? []
        : ['# not everything was tried: it was interrupted, or ended after as many variations as --tries says']),
    ];
    const header = printHeader(headerFor(manifest, agreement, trace.program));
    const steps = printExplained(shown.trace, remarks, manifest.page, violation.step);
    process.stdout.write(`${lines.join('\n')}\n${header}${steps}`);
    return EXIT.violated;
  });
}
