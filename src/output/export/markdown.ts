import { stripVTControlCharacters } from 'node:util';
import { printFolded } from '../../../reference/notation/fold.ts';
import { printOutcome } from '../../../reference/notation/outcome.ts';
import { printCall } from '../../../reference/notation/print.ts';
import { commandLine } from '../../common/shell.ts';
import { stopsText } from '../../targets/course.ts';
import { fenced as block, codeOf, markdown } from '../markup/markdown.ts';
import { storyOf } from '../picture/story.ts';
import { picture } from '../picture/terminal.ts';
import { evidenceOf } from './evidence.ts';
import { type Exhibit, type Export, essential } from './exhibit.ts';
import { PROGRAM } from './trace.ts';

/** A text with its Markdown characters escaped. */
const plain = (text: string): string => markdown`${text}`.text;

const fenced = (text: string): string => block(text).text;
const code = (text: string): string => codeOf(text).text;

/** What happened, in one line: ALIAS-1: `read a0+0x3000` on CPU 1 answers `f3`. */
function headline({ trace, violation, agreement }: Exhibit): string {
  if (!violation) return 'A program that does not break the contract';
  const step = trace.program.steps[violation.step];
  return `${violation.clause.id}: ${code(printCall(step))} on CPU ${step.cpu} answers ${code(printOutcome(violation.seen, agreement.terms.page))}`;
}

function write(exhibit: Exhibit): string {
  const { violation, agreement } = exhibit;
  const trace = essential(exhibit);
  const page = agreement.terms.page;
  const story = storyOf(trace, { traits: agreement.traits, page, violation });
  const overlap =
    trace.program.blocks.length > 0
      ? ' Between `par` and `end` the CPUs run at the same time, each its own steps in order; `[called returned]` are logical times.'
      : '';
  const parts = [`## ${headline(exhibit)}`];
  if (violation) {
    const { clause } = violation;
    parts.push(
      `> ${plain(clause.sentence)}\n>\n> (${clause.id}; ${plain(clause.source)})`,
      `Step ${violation.step + 1} of this program breaks it. Allowed: ${plain(violation.allowed)}. Seen: ${code(printOutcome(violation.seen, page))}.`,
    );
    const stops = stopsText(trace.program);
    if (stops !== '') parts.push(`Schedule: ${plain(stops)}.`);
    if (violation.also.length > 0)
      parts.push(`The same answer also breaks ${violation.also.map((also) => also.id).join(', ')}.`);
  }
  parts.push(
    `\`@n\` is the CPU, \`f\` are page frames, \`a\` kernel areas, \`v\` user VMAs; the outcome follows \`=>\`.${overlap}`,
    fenced(printFolded(trace, page)),
    '<details><summary>What each CPU may reach, step by step</summary>',
    fenced(stripVTControlCharacters(picture(story))),
    '</details>',
    '### Environment',
    evidenceOf(exhibit)
      .map(([name, value]) => `* ${name}: ${plain(value)}`)
      .join('\n'),
    '### How to reproduce',
    'TARGET is what to run it on, such as `linux:bookworm`.',
    fenced(
      [
        "cat > program.mm <<'END'",
        PROGRAM.write({ ...exhibit, trace }).trimEnd(),
        'END',
        commandLine('replay', 'program.mm', '--target', 'TARGET'),
        `${commandLine('export', 'program.mm', '--as', 'kmod', '--target', 'TARGET')}   # as a Linux kernel module`,
      ].join('\n'),
    ),
  );
  return `${parts.join('\n\n')}\n`;
}

/** `--as markdown`. */
export const MARKDOWN: Export = {
  summary: 'Markdown to paste into a bug report',
  file: ({ name }) => `${name}.md`,
  write,
};
