import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { expectedExit } from '../../docs/tools/commands.ts';
import { readDocument } from '../../docs/tools/documents.ts';
import { type Command, shellCommands } from '../../docs/tools/shell.ts';
import { command, type Ended, ROOT } from '../support/cli.ts';
import { installKit } from '../support/installed.ts';

// Every example is copied to an empty folder with the packed kit in it, and does what its README says.

const EXAMPLES = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

let installed = '';
afterAll(() => {
  if (installed !== '') rmSync(installed, { recursive: true, force: true });
});

/** The commands of a README, without those that install packages. */
const commandsOf = (name: string): Command[] =>
  readDocument(`examples/${name}/README.md`)
    .code.filter(({ language }) => language === 'sh')
    .flatMap(({ lines, line }) => shellCommands(lines, line))
    .filter(({ words }) => !(words[0] === 'npm' && words[1] === 'install'));

/**
 * Runs a command of a README; words such as `FIXED=1` in front set variables. `npx mmspec` is the installed kit. npx itself,
 * which would take longer than the kit takes to start, is left out.
 */
function run({ words }: Command, cwd: string): Promise<Ended> {
  const first = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  const env = Object.fromEntries(words.slice(0, first).map((word) => word.split('=')));
  const [program, ...args] = words.slice(first);
  const [path, rest] =
    program === 'npx' ? [join(installed, 'node_modules/.bin', args[0]), args.slice(1)] : [program, args];
  return command(path, rest, { cwd, env: { CI: '', ...env } });
}

/** Copies an example into a folder, and does what its README says. */
async function doesWhatItSays(name: string, home: string) {
  const cwd = join(home, name);
  cpSync(join(ROOT, 'examples', name), cwd, { recursive: true });
  symlinkSync('../node_modules', join(cwd, 'node_modules'));
  const commands = commandsOf(name);
  expect(commands.length).toBeGreaterThan(0);
  for (const one of commands) {
    const { code, stdout, stderr } = await run(one, cwd);
    const said = `${one.words.join(' ')}\n${stdout}${stderr}`;
    expect(code, said).toBe(expectedExit(one));
    const [, clause] = /violates ([A-Z]+-[0-9]+)/.exec(one.comment) ?? [];
    if (clause !== undefined) expect(stdout, said).toContain(`violated ${clause} at step`);
  }
}

test.each(EXAMPLES)('%s does what its README says', { tags: ['long'] }, async (name) => {
  if (installed === '') installed = await installKit();
  await doesWhatItSays(name, installed);
});

test('the list of examples is complete', () => {
  const listed = readFileSync(join(ROOT, 'examples/README.md'), 'utf8').matchAll(/^\| \[([\w-]+)\]/gm);
  expect([...listed].map(([, name]) => name).sort()).toEqual([...EXAMPLES].sort());
});
