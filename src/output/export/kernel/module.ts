import { printStep, printTraceSteps } from '../../../../reference/notation/print.ts';
import { UsageError } from '../../../common/errors.ts';
import { wrap } from '../../../common/words.ts';
import { questionOf } from '../allowed.ts';
import { type Exhibit, essential } from '../exhibit.ts';
import { precedences } from '../order.ts';
import { asTraced, asTracedInBlocks, quoted, tracedKinds } from '../verdict.ts';
import { result, verdict } from './answer.ts';
import { DWELL } from './dwell.ts';
import { broughtPages, framesUsed, namesUsed } from './facts.ts';
import { entering, HOLE, literals, repeat, undo } from './frame.ts';
import { OBSERVE_PIECES } from './observe.ts';
import { KERNEL_PIECES, type Piece } from './pieces.ts';
import { PTE_PIECES } from './ptes.ts';
import { LANES, POOL, RUN_STEP, RUNTIME, TURNS, TURNS_WITH_BLOCKS } from './runtime.ts';
import { Lists, statementOf } from './steps.ts';
import { USER_PIECES } from './user.ts';
import { WATCHING, warned } from './warnings.ts';

const PIECES: Readonly<Record<string, Piece>> = {
  ...KERNEL_PIECES,
  ...OBSERVE_PIECES,
  ...USER_PIECES,
  ...PTE_PIECES,
};

/** The parts of an exported program that module and KUnit test have in common. */
export interface Body {
  /** The comment at the top: what is violated, and the program as it ran. */
  readonly comment: string;
  /** Includes, definitions and functions, up to and including `repeat()`. */
  readonly code: string;
  /** It needs an address space, and objects. */
  readonly user: boolean;
  /** How often it is to be run, at most: steps that overlap do so in another way each time. */
  readonly times: number;
}

/** Runs of a program whose steps overlap. */
const TIMES = 10_000;

const INCLUDES =
  `anon_inodes completion fcntl file fs gfp kprobes kthread log2 mm mman module pagemap sched slab uaccess
version vmalloc`
    .split(/\s+/)
    .map((name) => `#include <linux/${name}.h>`)
    .join('\n');

/** Pieces in the order in which they were asked for, those that they need before them. */
function collect(names: Iterable<string>): string[] {
  const order = new Set<string>();
  const add = (name: string): void => {
    if (order.has(name)) return;
    for (const needed of PIECES[name].needs ?? []) add(needed);
    order.add(name);
  };
  for (const name of names) add(name);
  return [...order].map((name) => PIECES[name].text.trim());
}

/** What is violated and the program that shows it, as a C comment. */
export function commentOf(exhibit: Exhibit): string {
  const { violation, header, agreement } = exhibit;
  const what = violation ? `${violation.clause.id}: ${violation.clause.sentence}` : 'This program holds.';
  const lines = [
    ...wrap(what, 100, '').split('\n'),
    ...(violation ? wrap(`Source: ${violation.clause.source}`, 100, '        ').split('\n') : []),
    '',
    `The program, as it ran on ${header.target ?? 'the target'}:`,
    '',
    ...printTraceSteps(essential(exhibit), agreement.terms.page).trimEnd().split('\n'),
  ];
  const body = lines.map((line) => (line === '' ? ' *' : ` * ${line.replaceAll('*/', '* /')}`));
  return `/*\n${body.join('\n')}\n */`;
}

/** Writes the parts that do not depend on how the program is started. */
export function bodyOf(exhibit: Exhibit): Body {
  const { violation, header } = exhibit;
  if (header.page !== 4096) throw new UsageError(`the trace has pages of ${header.page} bytes; this form needs 4096`);
  const trace = essential(exhibit);
  const { steps, blocks } = trace.program;
  const lists = new Lists();
  const statements = steps.map((step) => {
    const made = statementOf(step, lists);
    if (!made) throw new UsageError(`${printStep(step)}: there is no such call in a stock kernel`);
    return made;
  });
  const text = statements.map((one) => one.text).join('\n');
  const user = steps.some((step) => step.call.side === 'user');
  const ram = steps.some((step) => step.call.origin === 'ram');
  const kernel = steps.some((step) => step.call.binds === 'a');
  const { step: judged, allowed, words, sentence } = questionOf(exhibit);
  const watching = violation?.seen.kind === 'warn';
  const blockOf = (index: number): number => 1 + blocks.findIndex(({ start, end }) => index >= start && index < end);
  const traced = blocks.length > 0 ? asTracedInBlocks(trace, judged) : asTraced(tracedKinds(trace, judged), 'u8');
  const pieces = [...(kernel ? ['unmap'] : []), ...statements.map(({ piece }) => piece), ...(ram ? ['level'] : [])];
  const code = [
    `#define pr_fmt(fmt) "mmspec: " fmt\n\n${INCLUDES}`,
    `#define CPUS	${1 + Math.max(0, ...steps.map((step) => step.cpu))}
#define STEPS	${steps.length}
#define JUDGED	${judged}	/* the step that is in question, counted from 0 */
#define FRAMES	${framesUsed(steps, header.page)}
#define AREAS	${namesUsed(steps, 'a')}
#define VMAS	${namesUsed(steps, 'v')}
#define OBJECTS	${Math.max(1, namesUsed(steps, 'o'))}
#define IDS	(FRAMES + ${broughtPages(steps, header.page)})`,
    RUNTIME,
    literals(text),
    text.includes('&hole') ? POOL.replace('\tmemset(a,', `${HOLE}\tmemset(a,`) : POOL,
    ...collect(pieces),
    lists.declarations('u16'),
    ...steps.map((_, i) => `static void step_${i + 1}(struct outcome *o)\n{\n\t${statements[i].text}\n}`),
    `static const struct step {
	unsigned int cpu;
	unsigned int block;		/* steps of a block run at once, each CPU its own */
	void (*run)(struct outcome *o);
	const char *text;
${watching ? '\tbool warns;			/* it may, by contract */\n' : ''}} steps[STEPS] = {
${steps.map((step, i) => `\t{ ${[step.cpu, blockOf(i), `step_${i + 1}`, quoted(printStep(step)), ...(watching ? [step.call.warns?.(step) === true] : [])].join(', ')} },`).join('\n')}
};`,
    entering(user, ram),
    blocks.length > 0 ? DWELL : '',
    lanes(blocks.length > 0, watching),
    undo(kernel, user),
    allowed ? verdict(steps[judged], allowed, blocks.length > 0 ? precedences(trace) : undefined, traced) : '',
    result(allowed !== undefined, watching, sentence, words),
    watching ? warned(sentence) : '',
    repeat({ ram, blocks: blocks.length > 0, watching }),
  ];
  return {
    comment: commentOf(exhibit),
    code: code.filter((part) => part !== '').join('\n\n'),
    user,
    times: violation && blocks.length > 0 ? TIMES : 1,
  };
}

function lanes(blocks: boolean, watching: boolean): string {
  const text = LANES.replace('@TURNS@', () => (blocks ? TURNS_WITH_BLOCKS : TURNS)).replace('@RUN_STEP@', () =>
    watching ? WATCHING : RUN_STEP,
  );
  const reset = '\tatomic_set(&arrived, 0);\n\tatomic_set(&left, 0);\n\tatomic_set(&clock, 0);\n';
  return blocks ? text.replace('\tatomic_set(&lanes, CPUS);\n', (line) => reset + line) : text;
}
