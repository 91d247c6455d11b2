import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../common/errors.ts';
import { EXIT } from '../../common/exit.ts';
import { writeNamed } from '../../common/files.ts';
import { unknownName } from '../../common/names.ts';
import { PACKAGE_ROOT } from '../../common/package.ts';
import { commandLine } from '../../common/shell.ts';
import { printOut } from '../../common/terminal.ts';
import { EXPECT_FILE } from '../../run/expect/file.ts';
import { CONFIG_FILE } from '../../run/gate/config.ts';

/** The skeletons, by language. */
const LANGUAGES: readonly string[] = ['c', 'python', 'rust', 'typescript'];

/** The folders of the files to write. */
const SKELETONS = join(PACKAGE_ROOT, 'fixtures', 'adapters', 'skeletons');
const PROJECT = join(PACKAGE_ROOT, 'fixtures', 'ci', 'init');

/** Where the workflow goes that runs mmspec on every change. */
const WORKFLOW = join('.github', 'workflows', 'mmspec.yml');

/** The files of a project that runs the gate. */
const PROJECT_FILES: readonly Copy[] = [
  { from: join(PROJECT, CONFIG_FILE), to: CONFIG_FILE },
  { from: join(PROJECT, EXPECT_FILE), to: EXPECT_FILE },
  { from: join(PROJECT, 'mmspec.yml'), to: WORKFLOW },
];

/** A file to write, and the one that has its text. */
interface Copy {
  readonly from: string;
  readonly to: string;
}

interface AdapterOptions {
  lang: string;
  output: string;
}

/** Registers `mmspec init`. */
export function registerInit(program: Command): void {
  const init = program
    .command('init')
    .summary('set up the gate in a project, or write an adapter to start from')
    .description(
      `write ${CONFIG_FILE}, ${EXPECT_FILE} and a CI file into this folder, so that "mmspec gate" checks every change`,
    )
    .argument('[what]', 'adapter: write an adapter in your language instead')
    .action((what: string | undefined) => {
      if (what !== undefined) throw unknownName(`init ${what}: nothing of this name can be written`, what, ['adapter']);
      process.exitCode = initProject();
    });
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

/**
 * Writes copies of files, and says which.
 * @throws UsageError if one of them exists. Then it writes no file.
 */
function writeCopies(copies: readonly Copy[], instead: string): void {
  const existing = copies.map(({ to }) => to).filter((path) => existsSync(path));
  if (existing.length > 0)
    throw new UsageError(
      `${existing.join(', ')} ${existing.length === 1 ? 'exists' : 'exist'} already; nothing was written. ${instead}`,
    );
  for (const { from, to } of copies) {
    writeNamed(to, readFileSync(from, 'utf8'));
    printOut(`wrote ${to}\n`);
  }
}

function initProject(): number {
  writeCopies(PROJECT_FILES, 'Move what exists away, or run this in another folder');
  printOut(`\nnext: name your target in ${CONFIG_FILE}, then run: ${commandLine('gate')}\n`);
  return EXIT.held;
}

function initAdapter({ lang, output }: AdapterOptions): number {
  if (!LANGUAGES.includes(lang)) throw unknownName(`--lang ${lang}: no skeleton in this language`, lang, LANGUAGES);
  const own = readdirSync(join(SKELETONS, lang)).map((name) => ({
    from: join(SKELETONS, lang, name),
    to: join(output, name),
  }));
  const workflow = { from: join(SKELETONS, 'mmspec.yml'), to: join(output, WORKFLOW) };
  writeCopies([...own, workflow], 'Name another folder: -o FOLDER');
  printOut(`\nnext: cd ${output} && make check && make run\n`);
  return EXIT.held;
}
