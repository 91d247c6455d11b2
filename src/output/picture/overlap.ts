import type { Followed, Violation } from '../../../reference/clauses/violation.ts';
import type { Trace } from '../../../reference/judge/judge.ts';
import { inVma, printAddress } from '../../../reference/notation/address.ts';
import { printFrame } from '../../../reference/notation/frame.ts';
import { printOutcome } from '../../../reference/notation/outcome.ts';
import { printCall } from '../../../reference/notation/print.ts';

/** A step that helps to explain a violation in a parallel block, with a remark about it. */
export interface Line {
  readonly step: number;
  /** `@1 munmap v0 => ok`. */
  readonly text: string;
  readonly note: string;
}

/** Steps under a heading. */
export interface Group {
  readonly title: string;
  readonly lines: readonly Line[];
  /** The steps took effect in the order of the lines. */
  readonly ordered: boolean;
}

/** Longer groups show their last steps only. */
const MAX_LINES = 24;

function lineOf({ program, outcomes }: Trace, page: number, step: number, note = ''): Line {
  const { cpu } = program.steps[step];
  return {
    step,
    text: `@${cpu} ${printCall(program.steps[step])} => ${printOutcome(outcomes[step], page)}`,
    note,
  };
}

/** The longest order of the calls that can be followed, and the step that cannot come next. */
function orderGroups(trace: Trace, page: number, at: number, { vma, page: index, initial, steps }: Followed): Group[] {
  const where = printAddress(inVma(vma, index * page));
  const holds = (frame: number): string => (frame < 0 ? 'is empty' : `maps ${printFrame(frame)}`);
  let now = initial;
  const lines = steps.map((one): Line => {
    const note = one.holds === now ? '' : `${where} ${holds(one.holds)} now`;
    now = one.holds;
    return lineOf(trace, page, one.step, note);
  });
  const first = `the longest order that can be followed for ${where}, which ${holds(initial)} at first`;
  const failing = lineOf(trace, page, at, `cannot be so where ${where} ${holds(now)}`);
  const followed = lines.length > 0 ? [{ title: first, lines, ordered: true }] : [];
  const title = lines.length > 0 ? 'here every order fails' : `every order fails at once for ${where}`;
  return [...followed, { title, lines: [failing], ordered: false }];
}

/** What had returned before the offending step was called, and what overlapped with it. */
function surroundings(trace: Trace, page: number, at: number, start: number, end: number): Group[] {
  const { called, returned } = trace.times![at]!;
  const before: Line[] = [];
  const during: Line[] = [];
  for (let step = start; step < end; step++) {
    const times = trace.times![step];
    if (!times || step === at) continue;
    if (times.returned < called) before.push(lineOf(trace, page, step));
    else if (times.called < returned) during.push(lineOf(trace, page, step));
  }
  const groups = [
    { title: `had returned before step ${at + 1} was called`, lines: before, ordered: false },
    { title: `overlapped with step ${at + 1}`, lines: during, ordered: false },
  ];
  return groups.filter(({ lines }) => lines.length > 0);
}

/**
 * Explains a violation in a parallel block. If the judge searched for an order: the longest one that can be followed.
 * If not: the steps before and during the offending one. Returns nothing for a violation outside of blocks.
 */
export function whyOverlapping(trace: Trace, page: number, violation: Violation | undefined): Group[] {
  if (!violation) return [];
  const { step, followed } = violation;
  const block = trace.program.blocks.find(({ start, end }) => step >= start && step < end);
  if (!block || !trace.times?.[step]) return [];
  const groups = followed
    ? orderGroups(trace, page, step, followed)
    : surroundings(trace, page, step, block.start, Math.min(block.end, trace.outcomes.length));
  return groups.map((group) => {
    const more = group.lines.length - MAX_LINES;
    if (more <= 0) return group;
    return { ...group, title: `${group.title} (and ${more} earlier ones)`, lines: group.lines.slice(-MAX_LINES) };
  });
}
