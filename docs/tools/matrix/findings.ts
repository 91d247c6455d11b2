import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../properties/support/cli.ts';
import { parseMarkdown } from '../markdown.ts';

/** The page with the findings, relative to the repository. */
export const FINDINGS = 'fixtures/linux/FINDINGS.md';

/** Finds the anchors of the findings that name a clause and were seen on a kernel, such as `6.1.192 x86_64`. */
export function findings(): (clause: string, kernel: string) => readonly string[] {
  const text = readFileSync(join(ROOT, FINDINGS), 'utf8');
  const { headings } = parseMarkdown(text);
  const lines = text.split('\n');
  const known = lines.flatMap((line, at) => {
    if (!line.startsWith('- **Clause**')) return [];
    const rest = lines.slice(at).join(' ');
    const [about] = /^.*?(?=\*\*Where\*\*|$)/.exec(rest)!;
    const [clauses, seen = ''] = about.split('**Seen on**');
    return [
      { anchor: headings.filter((one) => one.line <= at).at(-1)!.anchor, clauses, seen: seen.split('**Not on**')[0] },
    ];
  });
  return (clause, kernel) => {
    const [version] = kernel.split(' ');
    return known
      .filter(
        ({ clauses, seen }) =>
          new RegExp(`\\b${clause}\\b`).test(clauses) && seen.split(/[\s,]+|\.\s/).includes(version),
      )
      .map(({ anchor }) => anchor);
  };
}
