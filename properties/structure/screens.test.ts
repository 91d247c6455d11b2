import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { problemWith } from '../../docs/tools/commands.ts';
import { pathsOf, screensOf, screensPage, type Written, wrongInputs } from '../../docs/tools/screens/page.ts';
import { SCREENS } from '../../docs/tools/screens/runs.ts';
import { shellCommands } from '../../docs/tools/shell.ts';
import { ROOT } from '../support/cli.ts';
import { longUnless } from '../support/sizes.ts';

/** The screen that `npm test` prints. The runs of the others take seconds. */
const QUICK = 'interrupted';

const WRONG_INPUTS = 'docs/screens/wrong-inputs.txt';
const PAGE = 'docs/screens.md';

const inDocuments = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The file with this path as mmspec prints it now. */
const printed = (path: string, files: readonly Written[]): string | undefined =>
  files.find((file) => file.path === path)?.text;

describe('the screens in the documents', () => {
  const title = (path: string): string => `'${path}' is what mmspec prints now (npm run docs)`;

  for (const screen of SCREENS) {
    // One run makes the files of all widths.
    let made: Promise<Written[]> | undefined;
    for (const path of pathsOf(screen))
      test(title(path), longUnless(screen.name === QUICK), async () => {
        made ??= screensOf(screen);
        expect(inDocuments(path)).toBe(printed(path, await made));
      });
  }

  test(title(WRONG_INPUTS), async () => {
    expect(inDocuments(WRONG_INPUTS)).toBe(printed(WRONG_INPUTS, [await wrongInputs()]));
  });

  test(title(PAGE), { tags: ['long'] }, async () => {
    const files = await screensPage();
    expect(inDocuments(PAGE)).toBe(printed(PAGE, files));
    expect(files.map(({ path }) => path)).toEqual([...SCREENS.flatMap(pathsOf), WRONG_INPUTS, PAGE]);
  });

  test('have no file that nothing writes', () => {
    const written = [...SCREENS.flatMap(pathsOf), WRONG_INPUTS];
    for (const name of readdirSync(join(ROOT, 'docs/screens'))) expect(written).toContain(`docs/screens/${name}`);
  });

  test.each(SCREENS)('$name: the command exists', async ({ command }) => {
    for (const one of shellCommands([command], 1)) expect(await problemWith(one, ROOT)).toBeUndefined();
  });

  test('show what their titles promise', () => {
    const narrow = (name: string): string => inDocuments(`docs/screens/${name}-80.txt`);
    // Evidence that is required and missing keeps a run from being green.
    expect(narrow('clean')).not.toContain('required');
    const counts = ['clean', 'failing', 'three-findings'].map(
      (name) => narrow(name).match(/^violated \S+ at step /gm)?.length ?? 0,
    );
    expect(counts).toEqual([0, 1, 3]);
    expect(narrow('interrupted')).toContain('interrupted');
    expect(narrow('gate')).toContain(' violated (as expected: ZAP-5), ');
  });
});
