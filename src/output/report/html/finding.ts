import { printTraceSteps } from '../../../../reference/notation/print.ts';
import type { Traits } from '../../../../reference/profiles/traits.ts';
import { type Finding, quotedClause } from '../../../findings/finding.ts';
import type { Report } from '../../../run/report/report.ts';
import { stopsText } from '../../../targets/course.ts';
import { storyOf } from '../../picture/story.ts';
import { replayCommand } from '../next.ts';
import {
  alsoOf,
  codeText,
  culpritText,
  DIAGNOSIS,
  foundText,
  rateText,
  seenText,
  symptomText,
  violatedText,
} from '../words.ts';
import { clauseLink } from './clauses.ts';
import { code, escaped } from './markup.ts';
import { player } from './player.ts';

const row = (name: string, value: string): string => `<dt>${name}</dt><dd>${value}</dd>`;

function facts(finding: Finding, report: Report, culprit: string): string {
  const { violation } = finding;
  const blamed = culpritText(finding);
  const defined = codeText(finding);
  const also = alsoOf(finding);
  const stops = stopsText(finding.trace.program);
  const rows = [
    row('clause', clauseLink(report, quotedClause(finding).id)),
    row('allowed', escaped(violation.allowed)),
    row(
      'seen',
      `<span class="breach">${code(seenText(violation, report.page))}</span> <a class="to-culprit" href="#${culprit}">at step ${violation.step + 1}</a>`,
    ),
    ...(blamed === undefined ? [] : [row('culprit', escaped(blamed))]),
    ...(stops === '' ? [] : [row('schedule', escaped(stops))]),
    ...(defined === undefined ? [] : [row('code', escaped(defined))]),
    row('source', escaped(quotedClause(finding).source)),
    row('found', foundText(finding)),
    row('rate', rateText(finding)),
  ];
  if (finding.certificate) rows.push(row('shortest', escaped(finding.certificate.text)));
  if (also.length > 0) rows.push(row('also', also.map((clause) => clauseLink(report, clause.id)).join(' ')));
  for (const symptom of finding.symptoms ?? []) rows.push(row('symptom', code(symptomText(symptom, report.page))));
  if (finding.diagnosis) rows.push(row('diagnosis', escaped(DIAGNOSIS[finding.diagnosis])));
  rows.push(row('replay', code(replayCommand(report, finding))));
  return `<dl>${rows.join('')}</dl>`;
}

/** The clause and what was seen; the clause alone may be that of several findings. */
export const titleOf = (finding: Finding, { page }: Report): string =>
  `${escaped(quotedClause(finding).id)}, seen ${code(seenText(finding.violation, page))}`;

/** One counterexample: what it breaks, its text, and its picture. */
export function findingHtml(finding: Finding, report: Report, traits: Traits, number: number): string {
  const { violation, trace } = finding;
  const story = storyOf(trace, { traits, page: report.page, violation });
  const id = `finding-${number}`;
  const culprit = `${id}-culprit`;
  return `<article class="finding" id="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title">${number}. <span class="breach">${violatedText(finding)}</span> ${titleOf(finding, report)}</h3>
<p class="sentence">${escaped(quotedClause(finding).sentence)}</p>
${facts(finding, report, culprit)}
${player(story, trace.program.steps.length, culprit)}
<details><summary>the program as text</summary><pre tabindex="0" role="group" aria-label="the program">${escaped(printTraceSteps(trace, report.page))}</pre></details>
</article>`;
}
