import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../src/common/shell.ts';
import { terminalText } from '../../src/common/terminal.ts';
import { codeOf, fenced, markdown } from '../../src/output/markup/markdown.ts';
import { xml } from '../../src/output/markup/xml.ts';
import { formatReport, type ReportKind } from '../../src/output/report/reporters.ts';
import type { ReportData } from '../../src/run/report/data.ts';
import { reportFrom } from '../../src/run/report/read.ts';
import { ROOT } from '../support/cli.ts';

/** Names, logs and findings of a target never act on what shows a report. */

/** A text that tries to act on every output at once. */
const HOSTILE =
  '\u001b[2J\u001b]0;title\u0007\r\n::error::injected\n::stop-commands::x\n##[error]a ##vso[task.x]b @octocat #12 ' +
  '[click](https://evil.example) <img src=x onerror=alert(1)> `code` ``` **bold** | cell :tada: www.evil.example ' +
  ']]> # SKIP \u202e\u009b1m\ufeff \u2028 \ud800 $(rm) \'"';

// biome-ignore lint/suspicious/noControlCharactersInRegex: no output may have them.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\ufeff]|\p{Cs}/u;

const recorded = (name: string): ReportData =>
  JSON.parse(readFileSync(join(ROOT, `fixtures/recorded-0.1/${name}`), 'utf8'));

/** A report with the text wherever a target, a file or an option may have brought it there. */
function reportWith(text: string) {
  const [finding] = recorded('run.json').findings;
  const data = recorded('merged.json');
  const crash = `@0 a0 = vmap f0 => crash ${JSON.stringify(text)}\n`;
  const leak = `@0 a0 = vmap f0 => null\nleak ${JSON.stringify(text)}\n`;
  const shown = { ...finding, step: 1, allowed: text, file: text, certificate: { ...finding.certificate!, text } };
  return reportFrom({
    ...data,
    target: { spec: text, name: text },
    seedFrom: text,
    config: text,
    phases: data.phases.map((phase) => ({ ...phase, name: text, left: 1 })),
    notes: [{ what: text, why: text, option: text }],
    goals: data.goals.map((goal) => ({ ...goal, programs: 0, missing: [text] })),
    expected: data.expected.map((one) => ({ ...one, file: text })),
    findings: [
      { ...shown, clause: 'SAFE-1', trace: crash },
      { ...shown, clause: 'SAFE-3', trace: leak, seen: text },
      { ...finding, allowed: text, symptoms: [{ ...shown, clause: 'SAFE-3', trace: leak, seen: text }] },
    ],
  } as ReportData);
}

const written = (kind: ReportKind): Promise<string> => formatReport(reportWith(HOSTILE), kind);

/** Markdown without its code, in which nothing acts. */
const proseOf = (text: string): string =>
  text.replace(/^(`{3,})\n[\s\S]*?\n\1$/gm, '').replace(/(?<![`\\])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');

const ACTS_IN_MARKDOWN =
  /@\w|#\d|(?<!\\)<(?!!--|\/?(?:details|summary)>)|(?<!\\)\[|:\/\/|:\w+:(?<!:(?:x|warning|white_check_mark):)|\bwww\./;

describe.each(['text', 'json', 'junit', 'ktap', 'kcidb', 'sarif', 'github', 'markdown', 'html'] as const)(
  '%s',
  (kind) => {
    test('no control character, and no command of a CI system', async () => {
      const text = await written(kind);
      expect(text).toContain('octocat');
      expect(CONTROLS.exec(text)?.[0]).toBe(undefined);
      const own = /^::(?:error|warning|notice) (?:file=[^:]*,)?title=mmspec[^:]*::(?!.*\n::stop)/;
      for (const line of text.split('\n')) if (/^\s*::/.test(line)) expect(line).toMatch(own);
      expect(text).not.toMatch(/##\[|##vso\[/);
    });
  },
);

test('junit and html: no element', async () => {
  for (const kind of ['junit', 'html'] as const) {
    const text = await written(kind);
    expect(text).toMatch(/&(?:lt|#60);img/);
    expect(text).not.toContain('<img');
  }
});

test('sarif: no link', async () => {
  const { runs } = JSON.parse(await written('sarif'));
  const messages = runs[0].results.map(({ message }: { message: { text: string } }) => message.text);
  expect(messages.join('')).toContain('octocat');
  expect(messages.join('')).not.toContain('](');
});

test('ktap: every line is of KTAP', async () => {
  for (const line of (await written('ktap')).trimEnd().split('\n'))
    expect(line).toMatch(
      /^(?: {4})?(?:KTAP version 1|1\.\.\d+|# .*|#|(?:not )?ok \d+ [\w.-]+(?: # (?:SKIP|XFAIL) [^#]*)?)$/,
    );
});

test('markdown: no mention, reference, emoji, link or element', async () => {
  // The link to a bug stands in a file of the user.
  const text = (await written('markdown')).replace('<https://example.org/1>', '');
  expect(ACTS_IN_MARKDOWN.exec(proseOf(text))?.[0]).toBe(undefined);
});

test('json keeps every character', async () => {
  expect(JSON.parse(await written('json')).target.name).toBe(HOSTILE);
});

/** Texts out of the pieces that matter to some format. */
const texts = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE.split(/(?<=[^\w])/)), fc.constantFrom('::', '`', '``', '\n', '\\')), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

describe('each sanitiser, for any text', () => {
  test('markdown', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(proseOf(markdown`x ${text}`.text)).not.toMatch(ACTS_IN_MARKDOWN);
        expect(proseOf(`\n${fenced(text).text}\n`)).not.toMatch(ACTS_IN_MARKDOWN);
        expect(proseOf(codeOf(text).text)).not.toMatch(ACTS_IN_MARKDOWN);
      }),
    );
  });

  test('xml', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(xml`${text}`.text).not.toMatch(/[<>"]|&(?!\w+;)/);
      }),
    );
  });

  test('terminal: only colours stay', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const shown = terminalText(`\u001b[31m${text}\u001b[39m`);
        expect(shown.slice(5, -5)).not.toMatch(CONTROLS);
        expect(shown.slice(5, -5)).not.toMatch(/^[ \t]*::|##\[/m);
      }),
    );
  });

  test('a command line is one that a shell reads back', () => {
    const words = [HOSTILE.replace('\ud800', ''), "it's", 'a\nb\\n', '-x', '$HOME `id`'];
    const printed = commandLine(...words);
    expect(CONTROLS.exec(printed)).toBe(null);
    const script = `npx() { shift; printf '%s\\0' "$@"; }; ${printed}`;
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    const read = execFileSync('bash', ['--norc', '-c', script], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    expect(read.toString().split('\0').slice(0, -1)).toEqual(words);
  });
});

test('the command line writes through the sanitiser of the terminal only', () => {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('host.ts'),
  );
  const writing = files.filter((name) =>
    /process\.std(?:out|err)\.write\(/.test(readFileSync(join(ROOT, 'src', name), 'utf8')),
  );
  expect(writing).toEqual(['common/terminal.ts']);
});
