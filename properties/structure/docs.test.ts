import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectedExit, isCheap, mmspecArguments, problemWith } from '../../docs/tools/commands.ts';
import { contractDocument } from '../../docs/tools/contract.ts';
import { type Document, readDocuments, readPaths } from '../../docs/tools/documents.ts';
import { parseMarkdown } from '../../docs/tools/markdown.ts';
import { robustnessDocument } from '../../docs/tools/robustness.ts';
import { examplesOf, printed, runIn, withSandbox } from '../../docs/tools/run.ts';
import { type Command, shellCommands } from '../../docs/tools/shell.ts';
import { findInvalid } from '../../reference/calls/valid.ts';
import { Tally } from '../../reference/clauses/tally.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { judge } from '../../reference/judge/judge.ts';
import { Known } from '../../reference/model/known.ts';
import { parse } from '../../reference/notation/document.ts';
import { CALL_NAMES } from '../../reference/notation/names.ts';
import { agree } from '../../src/targets/agreement.ts';
import { ROOT } from '../support/cli.ts';
import { longUnless } from '../support/sizes.ts';

/** The documents say what is true: links resolve, commands exist, outputs are what the commands print. */

const DOCUMENTS = readDocuments();
const byPath = new Map(DOCUMENTS.map((document) => [document.path, document]));

/** The documents whose commands take more than a second. */
const SLOW: ReadonlySet<string> = new Set([
  ...['CHANGELOG.md', 'docs/counterexamples.md', 'docs/testing-your-implementation.md'],
  'fixtures/recorded-0.1/README.md',
]);

/** A ceiling for tests that run several commands, on a busy machine. */
const MANY_COMMANDS_MS = 600_000;

/** Languages of code blocks. The first two are checked as commands, `mm` as programs and traces. */
const LANGUAGES = ['sh', 'console', 'mm', 'text', 'ts', 'c', 'yaml', 'mermaid', 'diff'];

/** The first line of a program, a trace or a handshake, which is no command. */
const NOTATION = /^mmspec (program|trace|target) \d/;

/** Indented blocks hold programs, grammar and commands: only lines that begin like a command of the kit count. */
const shellLines = ({ language, lines }: Document['code'][number]): readonly string[] =>
  language === 'sh'
    ? lines
    : lines.map((line) => (/^(npx|npm|mmspec) /.test(line) && !NOTATION.test(line) ? line : ''));

/** The commands in the shell text of a document. */
const blockCommands = ({ code }: Document): Command[] =>
  code
    .filter(({ language }) => language === 'sh' || language === 'indented')
    .flatMap((block) => shellCommands(shellLines(block), block.line));

/** The commands whose output the document shows. */
const shownCommands = ({ code }: Document): Command[] =>
  code
    .filter(({ language }) => language === 'console')
    .flatMap(examplesOf)
    .map(({ command }) => command);

/** The commands that the prose names, perhaps without all of their arguments. */
const proseCommands = ({ spans }: Document): Command[] =>
  spans
    .filter(({ text }) => /^(npx mmspec|mmspec|npm run) [a-z-]/.test(text) && !NOTATION.test(text))
    .flatMap(({ text, line }) => shellCommands([text], line));

/** What is wrong with the commands of a document, each with its place. */
const commandProblems = async (document: Document): Promise<string[]> => {
  const commands = [
    ...[...blockCommands(document), ...shownCommands(document)].map((command) => ({ command, complete: true })),
    ...proseCommands(document).map((command) => ({ command, complete: false })),
  ];
  const problems: string[] = [];
  for (const { command, complete } of commands) {
    const why = await problemWith(command, ROOT, complete);
    if (why) problems.push(at(document, command.line, `${command.words.join(' ')}: ${why}`));
  }
  return problems;
};

/** A problem, with the place where it is: `README.md:17: what`. */
const at = ({ path }: Document, line: number, what: string): string => `${path}:${line}: ${what}`;

function brokenLink(document: Document, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [file, anchor] = target.split('#');
  const path = file === '' ? document.path : normalize(join(dirname(document.path), file));
  if (!existsSync(join(ROOT, path))) return `${path} does not exist`;
  const linked = byPath.get(path);
  if (anchor === undefined) return undefined;
  if (!linked) return `${path} has no headings`;
  return linked.headings.some((heading) => heading.anchor === anchor) ? undefined : `${path} has no heading #${anchor}`;
}

/** A path of the checkout as prose names it; a word in capitals stands for any name. */
const PATH = /^(src|reference|fixtures|properties|bench|docs|examples|bin|schema|\.ci|\.github)\/[\w./*{},-]*$/;

const paths = readPaths();

function missingPath(text: string): boolean {
  const pattern = text
    .replace(/\/$/, '')
    .replace(/\b[A-Z][A-Z_]+\b(?!\.md|\.mm)/g, '*')
    .replace(/[.+]/g, '\\$&')
    .replace(/\*\*?/g, (stars) => (stars.length === 2 ? '.*' : '[^/]*'))
    .replace(/\{([^}]*)\}/g, (_, words: string) => `(${words.replaceAll(',', '|')})`);
  const expression = new RegExp(`^${pattern}(/|$)`);
  return !paths.some((path) => expression.test(path));
}

describe('every document', () => {
  test('is among those that are read', () => {
    for (const path of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/contract.md'])
      expect([...byPath.keys()]).toContain(path);
  });

  test('the README first links to the two documented pages as properties', () => {
    expect(
      byPath
        .get('README.md')!
        .links.slice(0, 2)
        .map(({ text }) => text),
    ).toEqual(['properties/contract/no-stale-alias.test.ts', 'properties/contract/only-pfnmap-zapped.test.ts']);
  });

  test('the README has at most 150 lines', () => {
    expect(byPath.get('README.md')!.text.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });

  test('has links to files and headings that exist', () => {
    const broken = DOCUMENTS.flatMap((document) =>
      document.links.flatMap(({ text, line }) => {
        const why = brokenLink(document, text);
        return why ? [at(document, line, `${text}: ${why}`)] : [];
      }),
    );
    expect(broken).toEqual([]);
  });

  test('names paths of the repository that exist', () => {
    const missing = DOCUMENTS.flatMap((document) =>
      document.spans
        .filter(({ text }) => PATH.test(text) && missingPath(text))
        .map(({ text, line }) => at(document, line, `${text} does not exist`)),
    );
    expect(missing).toEqual([]);
  });

  test('has code blocks in languages that are known', () => {
    const unknown = DOCUMENTS.flatMap((document) =>
      document.code
        .filter(({ language }) => language !== 'indented' && !LANGUAGES.includes(language))
        .map(({ language, line }) => at(document, line, `code block in "${language}"`)),
    );
    expect(unknown).toEqual([]);
  });

  test('has commands that exist, with options that exist', async () => {
    expect(DOCUMENTS.flatMap(blockCommands).length).toBeGreaterThan(50);
    expect(DOCUMENTS.flatMap(proseCommands).length).toBeGreaterThan(10);
    expect((await Promise.all(DOCUMENTS.map(commandProblems))).flat()).toEqual([]);
  });

  test('imports from the package what the package exports', async () => {
    const modules = {
      mmspec: await import('../../src/index.ts'),
      'mmspec/vitest': await import('../../src/vitest.ts'),
    };
    const wrong = DOCUMENTS.flatMap((document) =>
      document.code
        .filter(({ language }) => language === 'ts')
        .flatMap(({ lines, line }) =>
          [...lines.join('\n').matchAll(/import \{([^}]*)\} from '(mmspec(?:\/\w+)?)'/g)].flatMap(([, names, from]) =>
            names
              .split(',')
              .map((name) => name.trim())
              .filter((name) => name !== '' && !name.startsWith('type '))
              .filter((name) => !(name in modules[from as keyof typeof modules]))
              .map((name) => at(document, line, `${from} does not export ${name}`)),
          ),
        ),
    );
    expect(wrong).toEqual([]);
  });
});

test('the protocol describes every call', () => {
  const { spans } = byPath.get('fixtures/adapters/PROTOCOL.md')!;
  const words = new Set(spans.flatMap(({ text }) => text.split(' ')));
  expect(CALL_NAMES.filter((name) => !words.has(name))).toEqual([]);
});

describe('programs and traces in documents', () => {
  const blocks = DOCUMENTS.flatMap((document) =>
    document.code.filter(({ language }) => language === 'mm').map((block) => ({ document, block })),
  );
  test('there are some', () => {
    expect(blocks.length).toBeGreaterThan(3);
  });
  test.each(blocks.map(({ document, block }) => [`${document.path}:${block.line}`, block] as const))(
    '%s',
    (_, block) => {
      const text = block.lines.join('\n');
      const kind = text.includes('=>') ? 'trace' : 'program';
      const { header, entries } = parse(
        text.startsWith('mmspec ') ? text : `mmspec ${kind} 1\nprofile documented\ncpus 2\nframes 64\n${text}\n`,
        VOCABULARY,
      );
      const { terms, traits } = agree({ ...header, profile: header.profile ?? 'documented' });
      const breaks = /# breaks ([A-Z0-9]+-\d+)/.exec(text)?.[1];
      for (const { trace } of entries) {
        const { cpus, frames, page } = header;
        expect(findInvalid(trace.program, new Known(traits, cpus, frames, page))).toBeUndefined();
        if (kind === 'trace') expect(judge(trace, terms, new Tally())?.clause.id).toBe(breaks);
      }
    },
  );
});

describe('commands that are cheap', async () => {
  const done = new Set<string>();
  for (const document of DOCUMENTS) {
    const prose: Command[] = [];
    for (const command of proseCommands(document)) if (!(await problemWith(command, ROOT))) prose.push(command);
    const commands = [...blockCommands(document), ...prose].filter((command) => mmspecArguments(command));
    if (commands.length === 0) continue;
    test(`${document.path}: end as the document says`, {
      ...longUnless(!SLOW.has(document.path)),
      timeout: MANY_COMMANDS_MS,
    }, async () => {
      const wrong: string[] = [];
      await withSandbox(async (folder) => {
        for (const command of commands) {
          const text = mmspecArguments(command)!.join(' ');
          if (done.has(text) || !(await isCheap(command, folder))) continue;
          done.add(text);
          const { code, stderr } = await runIn(command, folder);
          if (code !== expectedExit(command))
            wrong.push(
              at(document, command.line, `${text}: exit ${code}, expected ${expectedExit(command)}\n${stderr}`),
            );
        }
      });
      expect(wrong).toEqual([]);
    });
  }
  test('are more than a handful', () => {
    expect(done.size).toBeGreaterThan(10);
  });
});

describe('what comes from the code is current; `npm run docs` writes it', () => {
  test('docs/contract.md', () => {
    expect(readFileSync(join(ROOT, 'docs/contract.md'), 'utf8'), 'run: npm run docs').toBe(contractDocument());
    expect(readFileSync(join(ROOT, 'docs/robustness.md'), 'utf8'), 'run: npm run docs').toBe(robustnessDocument());
  });

  for (const document of DOCUMENTS) {
    const blocks = document.code.filter(({ language }) => language === 'console');
    if (blocks.length === 0) continue;
    test(`the output of the commands in ${document.path}`, {
      ...longUnless(!SLOW.has(document.path)),
      timeout: MANY_COMMANDS_MS,
    }, async () => {
      await withSandbox(async (folder) => {
        for (const { command, output } of blocks.flatMap(examplesOf)) {
          const place = at(document, command.line, command.words.join(' '));
          const ended = await runIn(command, folder);
          expect(ended.code, place).toBe(expectedExit(command));
          expect(printed(ended), `${place}; run: npm run docs`).toEqual(output);
        }
      });
    });
  }
});

describe('the checks see what is wrong', () => {
  const made = (text: string): Document => ({ path: 'docs/made.md', text, ...parseMarkdown(text) });
  const problems = async (text: string): Promise<string[]> =>
    (await commandProblems(made(text))).map((problem) => problem.replace(/^\S+ /, ''));

  test('links', () => {
    const { links, headings } = made('# A title\n\n`[no](x)` [one](../README.md#quick-start)\n[two](#a-title)\n');
    expect(links).toEqual([
      { text: '../README.md#quick-start', line: 3 },
      { text: '#a-title', line: 4 },
    ]);
    expect(headings).toEqual([{ anchor: 'a-title', line: 1 }]);
    expect(brokenLink(made(''), '../README.md#quick-start')).toBeUndefined();
    expect(brokenLink(made(''), '../README.md#slow-start')).toBe('README.md has no heading #slow-start');
    expect(brokenLink(made(''), 'missing.md')).toBe('docs/missing.md does not exist');
  });

  test('paths', () => {
    expect(missingPath('reference/calls/kernel/NAME.ts')).toBe(false);
    expect(missingPath('src/{cli,output}/')).toBe(false);
    expect(missingPath('src/nowhere/')).toBe(true);
  });

  test.each([
    ['npx mmspec run --sed 1', /unknown option '--sed'/],
    ['npx mmspec walk', /unknown command 'walk'/],
    ['npx mmspec run --seed one', /--seed/],
    ['npx mmspec replay', /missing required argument/],
    ['npx mmspec linux prepare bookworm --fetch', /unknown option '--fetch'/],
    ['npx mmspec run --target mutant:none', /there is no mutant none/],
    ['npx mmspec contract ALIAS-99', /there is no clause ALIAS-99/],
    ['npm run nothing', /package.json has no script nothing/],
    ['npx vitest run properties/nothing', /there is no properties\/nothing/],
  ])('the command %s', async (command, problem) => {
    const found = await problems(`\`\`\`sh\nnpm ci && ${command}\n\`\`\`\n`);
    expect(found).toEqual([expect.stringMatching(problem)]);
    expect((await commandProblems(made(`\n\n\`\`\`sh\n${command}\n\`\`\`\n`)))[0]).toMatch(/^docs\/made.md:4: /);
  });

  test('commands in prose', async () => {
    expect(await problems('Use `mmspec replay` or `mmspec run --seed 1 --target embedded`.\n')).toEqual([]);
    expect((await problems('See `mmspec nothing --here`.\n'))[0]).toMatch(/unknown command 'nothing'/);
  });

  test('shell text', () => {
    expect(shellCommands(["A=1 mmspec run --target 'exec:./a b' \\", '  --seed 1 # exit 1', 'x 2>&1 | y'], 5)).toEqual([
      {
        words: ['A=1', 'mmspec', 'run', '--target', 'exec:./a b', '--seed', '1'],
        line: 5,
        comment: 'exit 1',
        piped: false,
      },
      { words: ['x'], line: 7, comment: '', piped: true },
      { words: ['y'], line: 7, comment: '', piped: true },
    ]);
  });
});
