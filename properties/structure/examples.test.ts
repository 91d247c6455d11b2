import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectedExit } from '../../docs/tools/commands.ts';
import { readDocument } from '../../docs/tools/documents.ts';
import { type Command, shellCommands } from '../../docs/tools/shell.ts';
import { command, type Ended, ROOT } from '../support/cli.ts';
import { installKit } from '../support/installed.ts';
import { longUnless } from '../support/sizes.ts';

// Every example is copied to an empty folder with the packed kit in it, and does what its README says.

const EXAMPLES = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

let installed: string;
beforeAll(async () => {
  installed = await installKit();
});
afterAll(() => rmSync(installed, { recursive: true, force: true }));

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

/** The example that `npm test` runs. */
const QUICK = 'kselftest';

const doesWhatItSays = async (name: string): Promise<void> => {
  const cwd = join(installed, name);
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
};

for (const name of EXAMPLES)
  test(`${name} does what its README says`, longUnless(name === QUICK), () => doesWhatItSays(name));

test('the list of examples is complete', () => {
  const listed = readFileSync(join(ROOT, 'examples/README.md'), 'utf8').matchAll(/^\| \[([\w-]+)\]/gm);
  expect([...listed].map(([, name]) => name).sort()).toEqual([...EXAMPLES].sort());
});
