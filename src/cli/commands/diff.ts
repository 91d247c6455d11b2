import type { Command } from 'commander';
import pc from 'picocolors';
import type { Program } from '../../../reference/calls/valid.ts';
import { printOutcome } from '../../../reference/notation/outcome.ts';
import { forEachLine, printStep } from '../../../reference/notation/print.ts';
import { UsageError } from '../../common/errors.ts';
import { EXIT } from '../../common/exit.ts';
import { printOut } from '../../common/terminal.ts';
import { loadOne } from '../../findings/corpus.ts';
import { type Difference, diff, type Side } from '../../run/diff.ts';
import { collect } from '../options.ts';
import { addFault, addJudging, type JudgingOptions, planOptions } from '../target-options.ts';

interface DiffOptions extends JudgingOptions {
  target: string[];
  fault?: string;
}

/** Width of a column of the table, in characters. */
const COLUMN = { min: 6, max: 60 };

/** Registers `mmspec diff`. */
export function registerDiff(program: Command): void {
  const command = program
    .command('diff')
    .summary('compare how two targets answer a program')
    .description('run a program on two targets, and show where their answers differ')
    .argument('<file>', 'a program or trace in the notation')
    .requiredOption('-t, --target <spec>', 'a target; give two', collect);
  addFault(addJudging(command, 'what each target proposes')).action(async (file: string, options: DiffOptions) => {
    process.exitCode = await diffFile(file, options);
  });
}

async function diffFile(file: string, options: DiffOptions): Promise<number> {
  const [one, other, ...more] = options.target;
  if (other === undefined || more.length > 0)
    throw new UsageError(`diff compares two targets, but ${options.target.length} given: use --target A --target B`);
  const { program } = loadOne(file).trace;
  const difference = await diff(file, program, [one, other], planOptions(options));
  printOut(diffText(program, difference));
  return difference.sides.some(({ judged }) => judged.violation) ? EXIT.violated : EXIT.held;
}

/** What a target answered to a step, and the clause that this breaks. */
function answer({ judged, page }: Side, index: number): string {
  const outcome = judged.trace.outcomes[index];
  const breaks = judged.violation?.step === index ? `  breaks ${judged.violation.clause.id}` : '';
  return `${outcome ? printOutcome(outcome, page) : '(not reached)'}${breaks}`;
}

function diffText(program: Program, { sides, differs }: Difference): string {
  const [left, right] = sides;
  const rows: { cells: string[]; differs: boolean }[] = [];
  forEachLine(
    program,
    (step, i) => rows.push({ cells: [printStep(step), answer(left, i), answer(right, i)], differs: differs[i] }),
    (text) => rows.push({ cells: [text, '', ''], differs: false }),
  );
  const widths = [0, 1].map((column) =>
    Math.min(COLUMN.max, Math.max(COLUMN.min, ...rows.map(({ cells }) => cells[column].length))),
  );
  const lines = rows.map(({ cells, differs: marked }) => {
    const padded = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    const line = `${marked ? '!' : ' '} ${padded.join('  ')}`.trimEnd();
    return marked ? pc.red(line) : line;
  });
  const head = [`A  ${left.name}`, `B  ${right.name}`, '', `  ${''.padEnd(widths[0])}  ${'A'.padEnd(widths[1])}  B`];
  return `${[...head, ...lines, '', ...verdict({ sides, differs })].join('\n')}\n`;
}

function verdict({ sides, differs }: Difference): string[] {
  const first = differs.indexOf(true);
  const answers = sides.map((side) => answer(side, first)).join(' and ');
  const breaks = sides.flatMap(({ judged: { violation } }, i) =>
    violation ? [`${'AB'[i]} breaks ${violation.clause.id} at step ${violation.step + 1}`] : [],
  );
  return [first < 0 ? 'the two answer alike' : `the two differ at step ${first + 1}: ${answers}`, ...breaks];
}
