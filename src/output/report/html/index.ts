import { createHash } from 'node:crypto';
import { VERSION } from '../../../common/package.ts';
import { quotedClause } from '../../../findings/finding.ts';
import { withOutcome } from '../../../run/report/coverage.ts';
import { declaredTraits, inherited, type Report } from '../../../run/report/report.ts';
import { incompleteText } from '../words.ts';
import { clausesHtml } from './clauses.ts';
import { FILTER_SCRIPT, filterHtml } from './filter.ts';
import { findingHtml, titleOf } from './finding.ts';
import { howToRead } from './legend.ts';
import { code, escaped } from './markup.ts';
import { profileHtml, runHtml } from './run.ts';
import { PLAYER_SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { RUN_STYLE } from './style-run.ts';

const SCRIPT = `${PLAYER_SCRIPT}${FILTER_SCRIPT}`;

const STYLES = `${STYLE}${RUN_STYLE}`;

function verdict(report: Report): string {
  const violated = report.findings.length;
  const old = inherited(report).length;
  if (violated > 0 && old === violated)
    return `<p class="verdict open">${violated} ${violated === 1 ? 'violation' : 'violations'} that the base branch has, too</p>`;
  if (old > 0)
    return `<p class="verdict bad">${violated - old} new ${violated - old === 1 ? 'violation' : 'violations'} of the contract, ${old} that the base branch has, too</p>`;
  if (violated > 0)
    return `<p class="verdict bad">${violated} ${violated === 1 ? 'violation' : 'violations'} of the contract</p>`;
  const incomplete = incompleteText(report);
  if (incomplete !== '')
    return `<p class="verdict open">${escaped(incomplete)}: not everything that was asked for ran</p>`;
  if (!report.coverage.some((line) => line.exercised > 0)) return '<p class="verdict open">Nothing was exercised</p>';
  const held = withOutcome(report.coverage, 'held').length;
  return `<p class="verdict good">Nothing violated: ${held} of ${report.coverage.length} clauses exercised, all held</p>`;
}

/** Links to the parts of the page, folded. */
function contents(report: Report): string {
  const violations = report.findings.map((finding, n) => {
    const { sentence } = quotedClause(finding);
    const old = finding.inBase === undefined ? '' : ' (in the base branch, too)';
    return `<li><a href="#finding-${n + 1}">${n + 1}. ${titleOf(finding, report)}</a>${old} ${escaped(sentence)}</li>`;
  });
  const list =
    violations.length === 0 ? '' : `<li><a href="#violations">Violations</a><ol>${violations.join('')}</ol></li>`;
  return `<nav aria-label="contents"><details><summary>Contents</summary><ul>${list}
<li><a href="#run">The run: how far it got, and what was not tested</a></li>
<li><a href="#clauses">The contract, clause by clause</a></li></ul></details></nav>`;
}

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page runs only its own script, whatever the target answered. Style attributes place cells in the grid. */
const POLICY = [
  "default-src 'none'",
  `script-src ${hash(SCRIPT)}`,
  `style-src-elem ${hash(STYLES)}`,
  "style-src-attr 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** What a page refers to besides itself. */
export interface PageOptions {
  /** Where the site of the contract is, with a slash at its end; undefined for no links to it. */
  readonly contract?: string | undefined;
}

/** A report as one HTML file that needs no network and no other file. */
export function reportHtml(report: Report, { contract }: PageOptions = {}): string {
  const traits = declaredTraits(report);
  const findings = report.findings.map((finding, n) => findingHtml(finding, report, traits, n + 1));
  const filter = findings.length > 1 ? filterHtml('violations', '.finding', 'violations') : '';
  const violations = `<h2 id="violations">Violations</h2>
${howToRead()}
${filter}
${findings.join('\n')}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark">
<title>mmspec: ${escaped(report.name)}</title>
<style>${STYLES}</style>
</head>
<body>
<header><h1>${escaped(report.name)}</h1>
<p>tested as ${code(report.target)} by mmspec ${escaped(VERSION)}</p>
<p>profile ${profileHtml(report)}</p></header>
<main>
${verdict(report)}
${contents(report)}
${findings.length > 0 ? violations : ''}
<section aria-labelledby="run"><h2 id="run">The run</h2>
${runHtml(report)}
</section>
<section aria-labelledby="clauses"><h2 id="clauses">The contract, clause by clause</h2>
${clausesHtml(report, contract)}
</section>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}
