import { duration, grouped } from '../../common/words.ts';
import { exitCode } from '../../run/report/exit-code.ts';
import type { FunctionCoverage } from '../../run/report/functions.ts';
import { type Report, showing } from '../../run/report/report.ts';
import { untested } from '../../run/report/untested.ts';
import { fenced, linesOf, linkOf, type Markdown, markdown, NOTHING } from '../markup/markdown.ts';
import { type Case, casesOf } from './cases.ts';
import { declaredDifferences } from './declared.ts';
import { machineTexts } from './machine.ts';
import { functionsText, incompleteText, leftText, STATUS_TEXT, statusLegend } from './words.ts';

const VERDICTS: Readonly<Record<number, Markdown>> = {
  0: markdown`:white_check_mark: The contract held.`,
  1: markdown`:x: The contract is violated.`,
  3: markdown`:warning: The target failed, so some programs have no verdict.`,
  4: markdown`:warning: Not everything that was asked for was tested.`,
};

const section = (title: string, rows: readonly Markdown[]): Markdown =>
  rows.length === 0 ? NOTHING : markdown`\n### ${title}\n\n${linesOf(rows)}\n`;

const block = (one: Case): Markdown =>
  markdown`**${one.id}**: ${one.title}\n\n${one.message}\n${one.detail === '' ? NOTHING : markdown`\n${fenced(one.detail)}\n`}`;

const PARTS = [markdown`| part | run | left | not defined here |`, markdown`| --- | ---: | ---: | ---: |`];
const CLAUSES = [markdown`| clause | outcome | exercised | sentence |`, markdown`| --- | --- | ---: | --- |`];

/** What ran, in one paragraph. */
function ranText(report: Report): Markdown {
  const left = leftText(report);
  const incomplete = incompleteText(report);
  const from = report.seedFrom ? markdown` (from ${report.seedFrom})` : NOTHING;
  const rest = left === '' ? NOTHING : markdown`; left: ${left}`;
  const gaps = incomplete === '' ? NOTHING : markdown` **Not everything ran** (${incomplete})${rest}.`;
  return markdown`${grouped(report.programs)} programs, ${grouped(report.steps)} judged steps in ${duration(report.milliseconds)}; ${report.cpus} of ${report.targetCpus} CPUs, profile ${report.profile}, seed ${report.seed}${from}.${gaps}`;
}

/** The kernel that was tested, and its machine. */
function machineLines(report: Report): Markdown[] {
  const texts = machineTexts(report);
  if (!texts) return [];
  const options = texts.options === undefined ? [] : [markdown`- kernel options: ${texts.options}`];
  return [markdown`- kernel: ${texts.kernel}`, ...options, markdown`- machine: ${texts.machine}`];
}

function neverEntered(functions: FunctionCoverage): Markdown[] {
  const { never } = functions;
  const sentence = markdown`${functionsText(functions)}.`;
  if (never.length === 0) return [sentence];
  return [sentence, NOTHING, markdown`<details><summary>Their names</summary>\n\n${never.join(', ')}\n\n</details>`];
}

/** A report as Markdown, for the summary of a job or a comment on a pull request. */
export function reportSummary(report: Report): string {
  const cases = casesOf(report);
  const of = (...endings: readonly Case['ending'][]): Case[] => cases.filter(({ ending }) => endings.includes(ending));
  const phases = report.phases.map(
    ({ name, done, left, unfit }) => markdown`| ${name} | ${done} | ${left} | ${unfit} |`,
  );
  const clauses = report.coverage.map(
    ({ clause, status, exercised }) =>
      markdown`| ${clause.id} | ${STATUS_TEXT[status].toLowerCase()} | ${grouped(exercised)} | ${clause.sentence} |`,
  );
  const gaps = untested(report).map(
    ({ what, why, option, required }) =>
      markdown`- ${required ? markdown`**required** ` : NOTHING}${what}: ${why}; ${option}`,
  );
  const functions = report.functions ? neverEntered(report.functions) : [];
  const legend = statusLegend(report.coverage).map(([word, meaning]) => markdown`* ${word}: ${meaning}.`);
  const expected = of('expected').flatMap(({ id }) => {
    const listed = showing(report).find(({ entry }) => entry.clause === id);
    return listed ? [markdown`- **${id}** expected: ${linkOf(listed.entry.bug)} ${listed.entry.why}`] : [];
  });
  const declared = declaredDifferences(report).flatMap(({ text, promises }) => [
    markdown`- ${text}`,
    ...promises.map((promise) => markdown`  - ${promise}`),
  ]);
  const inherited = of('inherited').map(({ id, message }) => markdown`- **${id}** ${message}`);
  return markdown`## mmspec: ${report.name}

${VERDICTS[exitCode(report)] ?? NOTHING}

${ranText(report)}
${section('Failed', of('failed', 'error').map(block))}${section('Expected divergences', expected)}${section('Violations that the base branch has, too', inherited)}${section('Parts', phases.length === 0 ? [] : [...PARTS, ...phases])}
${section('Kernel', machineLines(report))}${section('Declared differences', declared)}${section('Not tested', gaps)}${section('Functions never entered', functions)}
<details><summary>Clauses</summary>

${linesOf([...CLAUSES, ...clauses])}

${linesOf(legend)}

</details>
`.text;
}
