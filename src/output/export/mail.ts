import type { Violation } from '../../../reference/clauses/violation.ts';
import { printFolded } from '../../../reference/notation/fold.ts';
import { printOutcome } from '../../../reference/notation/outcome.ts';
import { printCall } from '../../../reference/notation/print.ts';
import { UsageError } from '../../common/errors.ts';
import { commandLine } from '../../common/shell.ts';
import { wrap } from '../../common/words.ts';
import { evidenceOf } from './evidence.ts';
import { type Exhibit, type Export, essential } from './exhibit.ts';
import { KMOD } from './kernel/kmod.ts';
import { PROGRAM } from './trace.ts';

/** Lines of prose are at most this long, as on the kernel's mailing lists. */
const WIDTH = 72;
const INDENT = '    ';

const prose = (text: string): string => wrap(text, WIDTH, '');
const indented = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `${INDENT}${line}`))
    .join('\n');
const quoted = (text: string): string => `${INDENT}${wrap(text, WIDTH - INDENT.length, INDENT)}`;

/** The subject: what call answers what, and the clause that this breaks. */
function subject({ trace, agreement }: Exhibit, { step, seen, clause }: Violation): string {
  const { call } = trace.program.steps[step];
  return `[BUG] mm: ${call.name} answers ${printOutcome(seen, agreement.terms.page)} (${clause.id})`;
}

/** The module that shows the violation without mmspec, or why it cannot be written. */
function moduleText(exhibit: Exhibit): string {
  try {
    return `-- ${KMOD.file(exhibit)} --\n\n${KMOD.write(exhibit).trimEnd()}`;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return prose(`This program cannot be written as a kernel module: ${error.message}.`);
  }
}

function broken({ agreement, trace }: Exhibit, { clause, allowed, seen, step, also }: Violation): string[] {
  const answer = `Step ${step + 1}, "${printCall(trace.program.steps[step])}", answers ${printOutcome(seen, agreement.terms.page)}.`;
  const others = also.length === 0 ? '' : ` The same answer also breaks ${also.map(({ id }) => id).join(', ')}.`;
  return [
    prose(`The program below breaks this sentence (${clause.source}):`),
    quoted(clause.sentence),
    prose(`${answer} The contract allows: ${allowed}.${others}`),
  ];
}

function write(exhibit: Exhibit): string {
  const { agreement, violation } = exhibit;
  if (!violation)
    throw new UsageError(
      'the program keeps the contract, so there is nothing to report; name a target on which it fails: --target SPEC',
    );
  const trace = essential(exhibit);
  const overlap = trace.program.blocks.length > 0 ? ' Between "par" and "end" the CPUs run at the same time.' : '';
  const parts = [
    `Subject: ${subject(exhibit, violation)}`,
    'Hi,',
    ...broken(exhibit, violation),
    prose(`"@n" is the CPU, "f" are page frames, "a" kernel areas, "v" user VMAs; the outcome follows "=>".${overlap}`),
    indented(printFolded(trace, agreement.terms.page)),
    'Environment:',
    evidenceOf(exhibit)
      .map(([name, value]) => `  ${name.padEnd(11)} ${wrap(value, WIDTH - 14, ' '.repeat(14))}`)
      .join('\n'),
    prose('The module at the end of this mail shows it without mmspec. With mmspec:'),
    indented(
      [
        "cat > program.mm <<'END'",
        PROGRAM.write({ ...exhibit, trace }).trimEnd(),
        'END',
        commandLine('replay', 'program.mm', '--target', 'TARGET'),
      ].join('\n'),
    ),
    moduleText(exhibit),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** `--as mail`. */
export const MAIL: Export = {
  summary: 'a plain-text mail to a list such as linux-mm, with the kernel module in it',
  file: ({ name }) => `${name}.eml`,
  write,
};
