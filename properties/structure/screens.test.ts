import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { problemWith } from '../../docs/tools/commands.ts';
import { screensPage } from '../../docs/tools/screens/page.ts';
import { SCREENS } from '../../docs/tools/screens/runs.ts';
import { shellCommands } from '../../docs/tools/shell.ts';
import { ROOT } from '../support/cli.ts';

const FILES = await screensPage();

describe('the screens in the documents', () => {
  test.each(FILES)('$path is what mmspec prints now (npm run docs)', ({ path, text }) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text);
  });

  test('have no file that nothing writes', () => {
    const written = FILES.map(({ path }) => path);
    for (const name of readdirSync(join(ROOT, 'docs/screens'))) expect(written).toContain(`docs/screens/${name}`);
  });

  test.each(SCREENS)('$name: the command exists', async ({ command }) => {
    for (const one of shellCommands([command], 1)) expect(await problemWith(one, ROOT)).toBeUndefined();
  });

  test('show what their titles promise', () => {
    const clean = FILES.find(({ path }) => path.endsWith('/clean-80.txt'))!.text;
    // Evidence that is required and missing keeps a run from being green.
    expect(clean).not.toContain('required');
    const counts = ['clean', 'failing', 'three-findings'].map((name) => {
      const { text } = FILES.find(({ path }) => path.endsWith(`/${name}-80.txt`))!;
      return text.match(/^violated \S+ at step /gm)?.length ?? 0;
    });
    expect(counts).toEqual([0, 1, 3]);
    expect(FILES.find(({ path }) => path.endsWith('/interrupted-80.txt'))!.text).toContain('interrupted');
    expect(FILES.find(({ path }) => path.endsWith('/gate-80.txt'))!.text).toContain(' violated (as expected: ZAP-5), ');
  });
});
