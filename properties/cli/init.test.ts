import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseExpectations } from '../../src/run/expect/file.ts';
import { parseConfig } from '../../src/run/gate/config.ts';
import { folder, mmspec } from '../support/cli.ts';

const FILES = ['mmspec.config', 'mmspec.expect', '.github/workflows/mmspec.yml'];

describe('mmspec init', () => {
  test('writes a configuration, an empty list of divergences and a CI file, and says what comes next', async () => {
    const cwd = folder();
    const { code, stdout, stderr } = await mmspec(['init'], { cwd });
    expect(code, stderr).toBe(0);
    expect(stdout.match(/^wrote (.*)$/gm)).toEqual(FILES.map((file) => `wrote ${file}`));
    expect(stdout).toContain('npx mmspec gate');
    const [config, list, workflow] = FILES.map((file) => readFileSync(join(cwd, file), 'utf8'));
    expect(parseConfig(config)).toMatchObject({ target: 'embedded', budget: 300_000 });
    expect(parseConfig(config).requirements.length).toBeGreaterThan(0);
    expect(parseExpectations(list)).toEqual([]);
    expect(workflow).toContain('run: npx mmspec gate ');
  });

  test('overwrites nothing, and writes nothing if one of the files exists', async () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'mmspec.expect'), '# mine\n');
    const { code, stderr } = await mmspec(['init'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('mmspec.expect exists already; nothing was written');
    expect(readFileSync(join(cwd, 'mmspec.expect'), 'utf8')).toBe('# mine\n');
    expect(existsSync(join(cwd, 'mmspec.config'))).toBe(false);
  });

  test('writes files with which the gate passes', { tags: ['long'] }, async () => {
    const cwd = folder();
    await mmspec(['init'], { cwd });
    const { code, stdout, stderr } = await mmspec(['gate'], { cwd });
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toContain('settings and requirements from mmspec.config');
  });
});
