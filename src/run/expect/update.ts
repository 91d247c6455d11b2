import type { FindingData, ReportData } from '../report/data.ts';
import { isWarningOfCleanUp } from '../report/read.ts';
import type { Entry } from './entry.ts';
import { versionIn } from './entry.ts';
import { printEntry } from './file.ts';

/** The changes of an update to a file of expected divergences. */
interface Update {
  readonly text: string;
  /** Lines that were added, with their findings; `symptom` is the index of the symptom that the line lists, if any. */
  readonly added: readonly { readonly line: string; readonly finding: FindingData; readonly symptom?: number }[];
  /** Lines that were deleted because their programs hold now. */
  readonly deleted: readonly string[];
}

/** The first lines of a new file. */
const HEADING = `# Known divergences. A violation that is listed here does not fail the gate; a line whose program holds does.
# CLAUSE PROGRAM [call=NAME] [seen=KIND] [warning=GLOB] [overlap=yes] [target=GLOB] [version<6.12 ...] [rate=7/10] bug=LINK : a sentence why
`;

/** The kind of outcome in the key of a finding: `frame` in `ALIAS-1 read frame`. */
const kindIn = ({ key }: Pick<FindingData, 'key'>): string => key.split(' ')[2];

/** The function in which a warning was printed in the clean-up: `untrack_pfn` in `... memtype.c:1028 untrack_pfn`. */
const placeOfWarning = (shown: Pick<FindingData, 'clause' | 'seen'>): string | undefined =>
  isWarningOfCleanUp(shown) ? / at \S+ (\w+)/.exec(shown.seen)?.[1] : undefined;

/** What identifies a failure besides its clause: the place of a warning of the clean-up, which belongs to no call. */
function markOf(
  shown: Pick<FindingData, 'clause' | 'seen' | 'call' | 'key'>,
): Pick<Entry, 'call' | 'seen' | 'warning'> {
  const place = placeOfWarning(shown);
  return place === undefined ? { call: shown.call, seen: kindIn(shown) } : { warning: `*${place}*` };
}

/** True if the shrunk program of a failure still has a parallel block. */
const overlaps = ({ trace }: Pick<FindingData, 'trace'>): boolean => /^par\b/m.test(trace);

/** The target of a new line: all targets of the scheme, `linux:*`; the version of the line restricts it. */
function targetOf({ target }: ReportData): string {
  const colon = target.spec.indexOf(':');
  return colon < 0 || target.spec.startsWith('mutant:') ? target.spec : `${target.spec.slice(0, colon)}:*`;
}

/** The version of a new line, without the patch level: `version=6.1` for 6.1.192. */
function versionsOf({ target }: ReportData): Entry['versions'] {
  const version = versionIn(target.name)?.split('.').slice(0, 2).join('.');
  return version === undefined ? [] : [{ operator: '=', version }];
}

/**
 * Updates a file of expected divergences from a report: adds a line for each violation that is not listed, and deletes
 * the lines whose programs held. Comments and the order of the other lines stay.
 */
export function updateExpectations(
  text: string,
  entries: readonly Entry[],
  report: ReportData,
  about: { readonly bug: string; readonly why?: string },
): Update {
  const gone = report.expected.filter(({ met, shown }) => shown?.failed === 0 && met === 0);
  const lines = text === '' ? HEADING.trimEnd().split('\n') : text.trimEnd().split('\n');
  const deleted = entries.filter((entry) =>
    gone.some(
      ({ clause, program, line }) => clause === entry.clause && program === entry.program && line === entry.line,
    ),
  );
  const kept = lines.filter((_, index) => !deleted.some(({ line }) => line === index + 1));
  const open = report.findings.filter(({ confirmed }) => confirmed);
  // A fault may show in another way next time, so each of its symptoms is listed.
  const all = open.flatMap((finding) => [
    { finding, shown: finding },
    ...(finding.symptoms ?? []).map((shown, symptom) => ({ finding, shown, symptom })),
  ]);
  const added = all.map(({ shown, ...one }) => ({
    ...one,
    line: printEntry({
      clause: shown.clause,
      program: shown.hash,
      ...markOf(shown),
      ...(overlaps(shown) ? { overlap: true } : {}),
      target: targetOf(report),
      versions: versionsOf(report),
      ...(one.finding.rate.failed < one.finding.rate.of ? { rate: one.finding.rate } : {}),
      bug: about.bug,
      why: about.why ?? 'Found by the gate, not yet explained.',
    }),
  }));
  return {
    text: `${[...kept, ...added.map(({ line }) => line)].join('\n')}\n`,
    added,
    deleted: deleted.map((entry) => entry.text),
  };
}
