import type { Step } from '../../../../reference/calls/call.ts';
import type { Program } from '../../../../reference/calls/valid.ts';
import { printStep } from '../../../../reference/notation/print.ts';
import { UsageError } from '../../../common/errors.ts';
import { commentOf } from '../c/comment.ts';
import { MODULE } from '../c/dialect.ts';
import { Lists } from '../c/lists.ts';
import { quoted } from '../c/text.ts';
import { broughtFrames, framesUsed, namesUsed, uses } from '../c/uses.ts';
import { verdict } from '../c/verdict.ts';
import { type Exhibit, essential, showsDirectMap } from '../exhibit.ts';
import { isAnswerable, questionOf } from '../question.ts';
import { UNMAP } from './calls/areas.ts';
import { KERNEL_CALLS } from './calls/index.ts';
import { delays } from './delays.ts';
import { entering, lanes } from './lanes.ts';
import { inOrder } from './order.ts';
import type { Parts } from './parts.ts';
import { collect, type Piece } from './piece.ts';
import { literals, pool } from './pool.ts';
import { repeat, undo } from './repeat.ts';
import { result } from './result.ts';
import { RUNTIME } from './runtime.ts';
import { hasSchedule, scheduler } from './schedule.ts';
import { USE_UP_BLOCK } from './vmap-block.ts';
import { warned } from './warnings.ts';

/** The parts of an exported program that modules and KUnit tests share. */
export interface Body {
  /** The comment at the top: the violated clause, and the program. */
  readonly comment: string;
  /** Includes, definitions and functions, up to and including `repeat()`. */
  readonly code: string;
  /** The program needs an address space and objects. */
  readonly user: boolean;
  /** The maximum number of runs: steps may overlap differently in each run. */
  readonly times: number;
}

/** The maximum number of runs of a program whose steps overlap. */
const PARALLEL_RUNS = 10_000;

const INCLUDES =
  `anon_inodes completion fcntl file fs gfp kprobes kthread log2 mm mman module pagemap sched slab uaccess uio
version vmalloc`
    .split(/\s+/)
    .map((name) => `#include <linux/${name}.h>`)
    .join('\n');

/** The C function of a step, and the statement in it. */
function writtenStep(step: Step, lists: Lists): { readonly piece: Piece; readonly statement: string } {
  const call = KERNEL_CALLS[step.call.name];
  if ('unavailable' in call)
    throw new UsageError(
      `${printStep(step)}: ${call.unavailable}; --as c, vitest, trace, program and markdown can express the step`,
    );
  return { piece: call.pieceFor?.(step) ?? call.piece, statement: call.statement(step, lists) };
}

const partsOf = (exhibit: Exhibit): Parts => {
  const { steps, blocks } = essential(exhibit).program;
  return {
    areas: steps.some(({ call }) => call.binds === 'a'),
    vmas: steps.some(({ call }) => call.side === 'user'),
    fromBlocks: steps.some(({ call }) => call.origin === 'ram'),
    overlap: blocks.length > 0,
    scheduled: hasSchedule(essential(exhibit).program),
    protects: steps.some(({ call }) => call.name === 'set_memory_ro' || call.name === 'set_memory_rw'),
    log: exhibit.violation?.seen.kind === 'warn',
    nil: uses(steps, 'null'),
    hole: uses(steps, 'hole'),
  };
};

/** The table of the steps. */
function table({ steps, blocks }: Program, { log }: Parts): string {
  const blockOf = (index: number): number => 1 + blocks.findIndex(({ start, end }) => index >= start && index < end);
  const rows = steps.map((step, i) => {
    const fields = [step.cpu, blockOf(i), `step_${i + 1}`, quoted(printStep(step))];
    return `\t{ ${[...fields, ...(log ? [step.call.warns?.(step) === true] : [])].join(', ')} },`;
  });
  return `static const struct step {
	unsigned int cpu;
	unsigned int block;		/* 0, or the parallel block: its CPUs run their steps at the same time */
	void (*run)(struct outcome *o);
	const char *text;
${log ? '\tbool warns;			/* the contract allows it to warn */\n' : ''}} steps[STEPS] = {
${rows.join('\n')}
};`;
}

/**
 * Writes the parts that do not depend on how the program is started.
 * @throws UsageError if a module cannot express the program, or has nothing to check.
 */
export function bodyOf(exhibit: Exhibit): Body {
  const { violation, header } = exhibit;
  if (header.page !== 4096)
    throw new UsageError(
      `the trace has pages of ${header.page} bytes, and this form needs pages of 4096 bytes; --as c, vitest, trace, program and markdown can express it`,
    );
  if (showsDirectMap(exhibit))
    throw new UsageError(
      'a module of this kind does not look at the direct map; --as vitest, trace, program and markdown can express it',
    );
  const trace = essential(exhibit);
  const { steps } = trace.program;
  const parts = partsOf(exhibit);
  const lists = new Lists();
  const written = steps.map((step) => writtenStep(step, lists));
  const question = questionOf(exhibit);
  const pieces = [
    ...(parts.areas ? [UNMAP] : []),
    ...written.map(({ piece }) => piece),
    ...(parts.fromBlocks ? [USE_UP_BLOCK] : []),
  ];
  const code = [
    `#define pr_fmt(fmt) "mmspec: " fmt\n\n${INCLUDES}`,
    `#define CPUS	${1 + Math.max(0, ...steps.map((step) => step.cpu))}
#define STEPS	${steps.length}
#define JUDGED	${question.step}	/* the step whose answer is judged, counted from 0 */
#define FRAMES	${framesUsed(steps, header.page)}
#define AREAS	${namesUsed(steps, 'a')}
#define VMAS	${namesUsed(steps, 'v')}
#define OBJECTS	${Math.max(1, namesUsed(steps, 'o'))}
#define IDS	(FRAMES + ${broughtFrames(steps, header.page).length})`,
    RUNTIME,
    literals(parts),
    pool(parts),
    ...collect(pieces),
    lists.declarations(MODULE.frame),
    ...written.map(({ statement }, i) => `static void step_${i + 1}(struct outcome *o)\n{\n\t${statement}\n}`),
    table(trace.program, parts),
    entering(parts),
    parts.scheduled ? scheduler(trace.program) : '',
    parts.overlap ? delays(parts) : '',
    lanes(parts),
    undo(parts),
    isAnswerable(question) ? verdict(exhibit, question, MODULE, parts.overlap ? inOrder(trace) : undefined) : '',
    result(question, parts),
    parts.log ? warned(question.sentence) : '',
    repeat(parts),
  ];
  return {
    comment: commentOf(exhibit),
    code: code.filter((part) => part !== '').join('\n\n'),
    user: parts.vmas,
    times: violation && parts.overlap ? PARALLEL_RUNS : 1,
  };
}
