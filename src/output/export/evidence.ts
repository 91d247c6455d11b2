import { VERSION } from '../../common/package.ts';
import { oneLine } from '../../common/printable.ts';
import { counted } from '../../common/words.ts';
import type { Finding } from '../../findings/finding.ts';
import type { Report } from '../../run/report/report.ts';
import { machineTexts } from '../report/machine.ts';
import { culpritText, DIAGNOSIS, rateText, symptomText } from '../report/words.ts';
import type { Exhibit } from './exhibit.ts';

type Row = readonly [name: string, value: string];

/** How the violation was found in a run, and what is known about it. */
function foundRows({ report, finding }: { readonly report: Report; readonly finding: Finding }): Row[] {
  const { diagnosis, symptoms = [], violation } = finding;
  const culprit = culpritText(finding);
  const listed = report.expected.find(({ entry }) => entry.clause === violation.clause.id);
  return [
    ['seed', `${report.seed}, after ${counted(finding.afterPrograms, 'program')}`],
    ['rate', rateText(finding)],
    ...(diagnosis === undefined ? [] : [['reread', DIAGNOSIS[diagnosis]] as const]),
    ...(culprit === undefined ? [] : [['culprit', culprit] as const]),
    ...symptoms.map((symptom) => ['symptom', symptomText(symptom, report.page)] as const),
    ['known fix', listed === undefined ? 'none that the report lists' : `${listed.entry.bug} ${listed.entry.why}`],
  ];
}

/**
 * What a maintainer needs to believe a report, as names and texts in one line: what was tested on which machine, and how
 * often it failed. Only an exhibit that comes with the report of its run has all of it.
 */
export function evidenceOf({ header, agreement, machine, found }: Exhibit): Row[] {
  const texts = machineTexts(machine ? { machine } : {});
  const declared = [...agreement.declared].map(([name, value]) => `${name}=${value}`);
  const rows: Row[] = [
    ['target', header.target ?? 'not named'],
    ['contract', [agreement.profile, ...declared].join(' ')],
    ...(texts === undefined ? [] : [['kernel', texts.kernel] as const]),
    ...(texts?.options === undefined ? [] : [['options', texts.options] as const]),
    ...(texts === undefined ? [] : [['machine', texts.machine] as const]),
    ['program', `${header.cpus} CPUs, ${header.frames} frames, pages of ${header.page} bytes`],
    ...(found ? foundRows(found) : []),
    ['found with', `mmspec ${VERSION}`],
  ];
  return rows.map(([name, value]) => [name, oneLine(value)]);
}
