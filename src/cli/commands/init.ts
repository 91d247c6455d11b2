import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../common/errors.ts';
import { EXIT } from '../../common/exit.ts';
import { writeNamed } from '../../common/files.ts';
import { unknownName } from '../../common/names.ts';
import { PACKAGE_ROOT } from '../../common/package.ts';
import { printOut } from '../../common/terminal.ts';

/** The skeletons, by language. */
const LANGUAGES: readonly string[] = ['c', 'python', 'rust', 'typescript'];

/** The folder with the skeletons. */
const SKELETONS = join(PACKAGE_ROOT, 'fixtures', 'adapters', 'skeletons');

/** Where the workflow goes that runs the skeleton on every change. */
const WORKFLOW = join('.github', 'workflows', 'mmspec.yml');

interface AdapterOptions {
  lang: string;
  output: string;
}

/** Registers `mmspec init`. */
export function registerInit(program: Command): void {
  const init = program
    .command('init')
    .summary('write a skeleton to start from')
    .description('write a skeleton to start from, such as an adapter in your language');
  init
    .command('adapter')
    .summary('write an adapter with a Makefile and a CI file')
    .description(
      'write an adapter that conforms as it is, with the calls of both sides, a Makefile and a CI file. Replace its functions one by one by calls of yours',
    )
    .requiredOption('--lang <language>', `language of the adapter: ${LANGUAGES.join(', ')}`)
    .option('-o, --output <folder>', 'folder to write to', 'mmspec-adapter')
    .action((options: AdapterOptions) => {
      process.exitCode = initAdapter(options);
    });
}

function initAdapter({ lang, output }: AdapterOptions): number {
  if (!LANGUAGES.includes(lang)) throw unknownName(`--lang ${lang}: no skeleton in this language`, lang, LANGUAGES);
  const files: [from: string, to: string][] = readdirSync(join(SKELETONS, lang)).map((name) => [
    join(lang, name),
    name,
  ]);
  files.push(['mmspec.yml', WORKFLOW]);
  const existing = files.map(([, to]) => join(output, to)).filter((path) => existsSync(path));
  if (existing.length > 0)
    throw new UsageError(
      `${existing.join(', ')} ${existing.length === 1 ? 'exists' : 'exist'} already; nothing was written. Name another folder: -o FOLDER`,
    );
  for (const [from, to] of files) {
    const path = join(output, to);
    writeNamed(path, readFileSync(join(SKELETONS, from), 'utf8'));
    printOut(`wrote ${path}\n`);
  }
  printOut(`\nnext: cd ${output} && make check && make run\n`);
  return EXIT.held;
}
