import { type Address, printAddress, printBytes } from './address.ts';
import { type FrameId, inOneRange, printFrame } from './frame.ts';
import { printOutcome } from './outcome.ts';
import type { Block, Interval, Program, Step, Trace } from './program.ts';
import type { Argument, Parameter } from './signature.ts';

/** Prints a list of frames. Three or more ascending or equal frames are printed as a range or a repeat. */
export function printFrames(frames: readonly FrameId[]): string {
  const words: string[] = [];
  for (let i = 0; i < frames.length; ) {
    const first = frames[i];
    let same = i + 1;
    while (same < frames.length && frames[same] === first) same++;
    let ascending = i + 1;
    while (ascending < frames.length && frames[ascending] === first + ascending - i) ascending++;
    if (!inOneRange(first, frames[ascending - 1])) ascending = i + 1;
    if (same - i >= 3) {
      words.push(`${printFrame(first)}x${same - i}`);
      i = same;
    } else if (ascending - i >= 3) {
      words.push(`${printFrame(first)}..${printFrame(frames[ascending - 1])}`);
      i = ascending;
    } else {
      words.push(printFrame(first));
      i++;
    }
  }
  return words.join(' ');
}

/** Prints an argument. */
export function printArgument(parameter: Parameter, value: Argument): string {
  switch (parameter.type) {
    case 'frame':
      return printFrame(value as FrameId);
    case 'frames':
      return printFrames(value as readonly FrameId[]);
    case 'area':
    case 'vma':
    case 'object':
    case 'space':
    case 'address':
      return printAddress(value as Address);
    case 'bytes':
      return printBytes(value as number);
    case 'flags':
      return (value as readonly string[]).join(',');
    default:
      return String(value);
  }
}

/** Prints a step without its CPU: `a0 = vmap f0 f1 flags=put_pages`. */
export function printCall(step: Step): string {
  let text = step.binds < 0 ? '' : `${step.call.binds}${step.binds} = `;
  text += step.call.name;
  const { parameters } = step.call;
  for (let i = 0; i < parameters.length; i++) {
    const parameter = parameters[i];
    const value = step.args[i];
    if (value === undefined) continue;
    const word = printArgument(parameter, value);
    if (parameter.optional) text += ` ${parameter.name}=${word}`;
    else if (word !== '') text += ` ${word}`;
  }
  return text;
}

/** Prints a step as one line: `@0 a0 = vmap f0 f1`. */
export const printStep = (step: Step): string => `@${step.cpu} ${printCall(step)}`;

/** Prints the line that opens a parallel block. */
export function printBlockStart(block: Block): string {
  let text = 'par';
  for (const [name, value] of block.attributes) text += ` ${name}=${value}`;
  return text;
}

/** Prints the logical times that follow an outcome: `[3 8]`. */
export const printInterval = (interval: Interval): string => `[${interval.called} ${interval.returned}]`;

/** Visits the lines of a program in order: `step` for each step, `mark` for the lines that open and close blocks. */
export function forEachLine(program: Program, step: (step: Step, index: number) => void, mark: (line: string) => void) {
  let next = 0;
  for (let i = 0; i < program.steps.length; i++) {
    const block = program.blocks[next];
    if (block && block.start === i) mark(printBlockStart(block));
    step(program.steps[i], i);
    if (block && block.end === i + 1) {
      mark('end');
      next++;
    }
  }
}

/**
 * Prints the steps of a program, one per line, without a header.
 *
 * @example
 * ```ts
 * import { parse, printSteps } from 'mmspec';
 *
 * const { program } = parse('mmspec program 1\n@0 a0 = vmap f0\n@1 read a0\n').entries[0].trace;
 * console.log(printSteps(program).split('\n')); // [ '@0 a0 = vmap f0', '@1 read a0', '' ]
 * ```
 */
export function printSteps(program: Program): string {
  let text = '';
  forEachLine(
    program,
    (step) => {
      text += `${printStep(step)}\n`;
    },
    (line) => {
      text += `${line}\n`;
    },
  );
  return text;
}

/** Prints the outcome of a step and its logical times: `ok [3 8]`; empty if it has none. `pageSize` is in bytes. */
export function printOutcomeOf(trace: Trace, index: number, pageSize = 4096): string {
  const outcome = trace.outcomes[index];
  if (!outcome) return '';
  const interval = trace.times?.[index];
  return interval ? `${printOutcome(outcome, pageSize)} ${printInterval(interval)}` : printOutcome(outcome, pageSize);
}

/**
 * Prints the steps of a trace with their outcomes, one per line, the outcomes in one column. `pageSize` is in bytes.
 *
 * @example
 * ```ts
 * import { openTarget, parse, printTraceSteps } from 'mmspec';
 *
 * const { program } = parse('mmspec program 1\n@0 a0 = vmap f0\n@1 read a0\n').entries[0].trace;
 * const target = await openTarget('embedded');
 * const [trace] = await target.run([program]);
 * console.log(printTraceSteps(trace, target.manifest.page)); // @0 a0 = vmap f0 => 0x...
 * await target.close();
 * ```
 */
export function printTraceSteps(trace: Trace, pageSize = 4096): string {
  const lines: { text: string; index: number }[] = [];
  forEachLine(
    trace.program,
    (step, index) => lines.push({ text: printStep(step), index }),
    (line) => lines.push({ text: line, index: -1 }),
  );
  let width = 0;
  for (const { text, index } of lines) if (index >= 0 && text.length <= 60) width = Math.max(width, text.length);
  let out = '';
  for (const { text, index } of lines) {
    const outcome = index < 0 ? '' : printOutcomeOf(trace, index, pageSize);
    out += outcome === '' ? `${text}\n` : `${text.padEnd(width)} => ${outcome}\n`;
  }
  return out;
}
