import type { Command } from 'commander';
import pc from 'picocolors';
import type { Program } from '../../../reference/calls/valid.ts';
import { printOutcome, sameOutcome } from '../../../reference/notation/outcome.ts';
import { forEachLine, printStep } from '../../../reference/notation/print.ts';
import { UsageError } from '../../common/errors.ts';
import { EXIT } from '../../common/exit.ts';
import type { Judged } from '../../findings/execution.ts';
import { checkFits, runSome } from '../../findings/saved.ts';
import { loadOne, withTarget } from '../opened.ts';
import { collect } from '../options.ts';

interface DiffOptions {
  target: string[];
  profile?: string;
  traits?: string[];
}

/** Registers `mmspec diff`. */
export function registerDiff(program: Command): void {
  program
    .command('diff')
    .description('run a program on two targets, and show where they part')
    .argument('<file>', 'a program or trace in the notation')
    .requiredOption('-t, --target <spec>', 'a target; to be given twice', collect)
    .option('-p, --profile <name>', 'what to judge both by, instead of what each proposes')
    .option('--traits <name=choice>', 'override traits of the profiles', collect)
    .action(async (file: string, options: DiffOptions) => {
      process.exitCode = await diff(file, options);
    });
}

/** What one target made of the program. */
interface Side {
  readonly name: string;
  readonly judged: Judged;
  readonly page: number;
}

function side(file: string, program: Program, spec: string, options: DiffOptions): Promise<Side> {
  return withTarget({ ...options, target: spec }, [program], async (target, agreement) => {
    checkFits(file, program, target, agreement);
    const judged = await runSome(target, agreement, program, 1);
    return { name: `${spec} (${target.manifest.name})`, judged, page: target.manifest.page };
  });
}

async function diff(file: string, options: DiffOptions): Promise<number> {
  const [one, other, ...more] = options.target;
  if (other === undefined || more.length > 0)
    throw new UsageError(`diff compares two targets, ${options.target.length} given: --target A --target B`);
  const { program } = loadOne(file).trace;
  const left = await side(file, program, one, options);
  const right = await side(file, program, other, options);
  process.stdout.write(table(program, left, right));
  return left.judged.violation || right.judged.violation ? EXIT.violated : EXIT.held;
}

/** Addresses are each target's own choice: that they differ says nothing. */
const differ = (left: Judged, right: Judged, index: number): boolean => {
  const [a, b] = [left.trace.outcomes[index], right.trace.outcomes[index]];
  if (!a || !b) return a !== b;
  if (a.kind === 'address' && b.kind === 'address') return a.note !== b.note;
  return !sameOutcome(a, b);
};

function table(program: Program, left: Side, right: Side): string {
  const shown = ({ judged, page }: Side, index: number): string => {
    const outcome = judged.trace.outcomes[index];
    const breaks = judged.violation?.step === index ? `  breaks ${judged.violation.clause.id}` : '';
    return `${outcome ? printOutcome(outcome, page) : '(not reached)'}${breaks}`;
  };
  const lines: { row: string[]; parted: boolean }[] = [];
  forEachLine(
    program,
    (step, i) =>
      lines.push({
        row: [printStep(step), shown(left, i), shown(right, i)],
        parted: differ(left.judged, right.judged, i),
      }),
    (text) => lines.push({ row: [text, '', ''], parted: false }),
  );
  const widths = [0, 1].map((column) => Math.min(60, Math.max(6, ...lines.map(({ row }) => row[column].length))));
  const text = lines.map(({ row, parted }) => {
    const text = `${parted ? '!' : ' '} ${row[0].padEnd(widths[0])}  ${row[1].padEnd(widths[1])}  ${row[2]}`.trimEnd();
    return parted ? pc.red(text) : text;
  });
  const first = program.steps.findIndex((_, i) => differ(left.judged, right.judged, i));
  const breaks = [left, right].flatMap(({ judged: { violation } }, i) =>
    violation ? [`${'AB'[i]} breaks ${violation.clause.id} at step ${violation.step + 1}`] : [],
  );
  const verdict =
    first < 0
      ? 'the two answer alike'
      : `the two part at step ${first + 1}: ${shown(left, first)} and ${shown(right, first)}`;
  return `A  ${left.name}\nB  ${right.name}\n\n  ${''.padEnd(widths[0])}  ${'A'.padEnd(widths[1])}  B\n${text.join('\n')}\n\n${[verdict, ...breaks].join('\n')}\n`;
}
