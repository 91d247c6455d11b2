import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { folder, mmspec } from '../support/cli.ts';

/** Each shell runs its own script, with a command line to complete. CI installs all three shells. */

const installed = (shell: string): boolean => ['/bin', '/usr/bin'].some((path) => existsSync(join(path, shell)));

/** What the last of the words can become, by shell. Each shell prints a candidate per line, perhaps with a description. */
const COMPLETE: Readonly<Record<string, (script: string, words: readonly string[]) => string>> = {
  bash: (script, words) => `source ${script}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_mmspec; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (script, words) => `_files() { :; }
_describe() { local -a all=("\${(@P)2}"); for one in $all; do [[ $one == $words[CURRENT]* ]] && print -- "\${one%%:*}"; done; return 0; }
compdef() { :; }
words=(${words.map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length}
source ${script}`,
  fish: (script, words) => `source ${script}; complete -C '${words.join(' ')}'`,
};

describe.each(Object.keys(COMPLETE))('%s', (shell) => {
  let script: string;
  beforeAll(async () => {
    const { code, stdout, stderr } = await mmspec(['completion', shell]);
    expect(code, stderr).toBe(0);
    script = join(folder(), `script.${shell}`);
    writeFileSync(script, stdout);
  });

  const complete = (words: readonly string[]): string[] => {
    const ended = spawnSync(shell, ['-c', COMPLETE[shell](script, words)], { encoding: 'utf8', cwd: folder() });
    expect(ended.stderr).toBe('');
    const candidates = ended.stdout.split('\n').map((line) => line.split('\t')[0].trim());
    return candidates.filter((word) => word !== '').sort();
  };

  test.skipIf(!installed(shell)).each([
    [['mmspec', 'ru'], ['run']],
    [['mmspec', 'linux', 'pre'], ['prepare']],
    [['mmspec', 'run', '--ti'], ['--time']],
    [['mmspec', 'list', 'cla'], ['clauses']],
    [['mmspec', 'linux', 'prepare', 'bull'], ['bullseye']],
    [['mmspec', 'export', '--as', 'kun'], ['kunit']],
    [['mmspec', 'run', '--seed', '1', '--report', 'sar'], ['sarif']],
  ])('completes %j', (words, expected) => {
    expect(complete(words)).toEqual(expected);
  });
});

test('an unknown shell is refused with the names of all', async () => {
  const { code, stderr } = await mmspec(['completion', 'zshh']);
  expect(code).toBe(2);
  expect(stderr).toContain('unknown shell zshh; did you mean zsh?');
});
