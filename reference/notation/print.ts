import { type Address, printAddress, printBytes } from './address.ts';
import { type FrameId, printFrame } from './frame.ts';
import { printOutcome } from './outcome.ts';
import type { Block, Interval, Program, Step, Trace } from './program.ts';
import type { Argument, Parameter, Signature } from './signature.ts';

/** A list of frames: ascending ranges and repeats of three or more are written short. */
export function printFrames(frames: readonly FrameId[]): string {
  const words: string[] = [];
  for (let i = 0; i < frames.length; ) {
    const first = frames[i];
    let same = i + 1;
    while (same < frames.length && frames[same] === first) same++;
    let ascending = i + 1;
    while (ascending < frames.length && frames[ascending] === first + ascending - i) ascending++;
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

/** An argument as the notation writes it. */
export function printArgument(parameter: Parameter, value: Argument): string {
  switch (parameter.type) {
    case 'frame':
      return printFrame(value as FrameId);
    case 'frames':
      return printFrames(value as readonly FrameId[]);
    case 'area':
    case 'vma':
    case 'object':
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

/** A step without its CPU: `a0 = vmap f0 f1 flags=put_pages`. */
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

/** A step as one line: `@0 a0 = vmap f0 f1`. */
export const printStep = (step: Step): string => `@${step.cpu} ${printCall(step)}`;

/** The line that opens a parallel block. */
export function printBlockStart(block: Block): string {
  let text = 'par';
  for (const [name, value] of block.attributes) text += ` ${name}=${value}`;
  return text;
}

/** Logical times as they stand behind an outcome: `[3 8]`. */
export const printInterval = (interval: Interval): string => `[${interval.called} ${interval.returned}]`;

/** Walks a program's lines in order: steps, and the lines that open and close its blocks. */
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
 * The steps of a program, one a line, without a header.
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

/** One executed step: `@0 vm_unmap_aliases => ok [3 8]`; the bare step where there is no outcome. */
export function printOutcomeOf(trace: Trace, index: number, pageSize = 4096): string {
  const outcome = trace.outcomes[index];
  if (!outcome) return '';
  const interval = trace.times?.[index];
  return interval ? `${printOutcome(outcome, pageSize)} ${printInterval(interval)}` : printOutcome(outcome, pageSize);
}

/**
 * The executed steps of a trace, one a line, outcomes in one column.
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

export type { Signature };
