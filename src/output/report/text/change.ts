import pc from 'picocolors';
import { EXIT } from '../../../common/exit.ts';
import { oneLine } from '../../../common/printable.ts';
import { duration, grouped } from '../../../common/words.ts';
import { compareWithBase } from '../../../run/base.ts';
import { exitCode } from '../../../run/report/exit-code.ts';
import { inherited, type Report, violations } from '../../../run/report/report.ts';

/** Stands for the file of the report to compare with. */
const BEFORE = 'the previous build';

function verdictText(report: Report): string {
  const added = violations(report).length;
  if (added > 0) return pc.red(`${grouped(added)} new violation${added === 1 ? '' : 's'}`);
  if (inherited(report).length > 0) return pc.yellow('no new violation');
  return exitCode(report) === EXIT.held
    ? pc.green('all clauses held')
    : pc.yellow('no violation, but not all was tested');
}

/**
 * What changed in the verdict on a kernel since the previous build, in a few lines.
 * @param before the report on that build; undefined for the first one.
 */
export function changeText(report: Report, before: Report | undefined): string {
  const compared = before ? compareWithBase(report, { file: BEFORE, report: before }) : report;
  const added = violations(compared);
  const gone = compared.base?.gone ?? [];
  const size = `${grouped(report.programs)} programs, ${grouped(report.steps)} steps in ${duration(report.milliseconds)}`;
  const { machine } = report;
  const build = machine?.compiled === undefined ? '' : ` ${machine.compiled}`;
  const kernel = machine ? oneLine(`${machine.release}${build} (${machine.version})`) : report.name;
  return [
    `${verdictText(compared)}: ${kernel}; ${size}${report.interrupted ? '; not everything ran' : ''}`,
    ...added.map(({ key, file }) => pc.red(`new    ${key}${file === undefined ? '' : `  ${file}`}`)),
    ...inherited(compared).map(({ key, inBase }) => `still  ${key}${inBase === key ? '' : `, which was ${inBase}`}`),
    ...gone.map((key) => pc.green(`gone   ${key}`)),
    '',
  ].join('\n');
}
