import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ARCHES, HOST, labelOf } from '../../../../src/targets/linux/arch/index.ts';
import { parseConfiguration, wrongOptions } from '../../../../src/targets/linux/config/check.ts';
import { DEBUG_KINDS, debugOptions } from '../../../../src/targets/linux/config/debug.ts';
import { fragmentFor } from '../../../../src/targets/linux/config/fragment.ts';
import { optionsFor } from '../../../../src/targets/linux/config/options.ts';
import { mmspec } from '../../../support/cli.ts';

describe.each(ARCHES.map((arch) => [labelOf(arch), arch] as const))('the configuration for %s', (_, arch) => {
  test('the fragment has what the check asks for', () => {
    for (const debug of [[], ...DEBUG_KINDS.map((kind) => [kind]), DEBUG_KINDS])
      expect(wrongOptions(parseConfiguration(fragmentFor(arch, debug)), arch, debug)).toEqual([]);
  });

  test('each option comes once, and after its parents', () => {
    const before = new Set<string>();
    for (const { name, parents = [] } of [...optionsFor(arch), ...debugOptions(DEBUG_KINDS)]) {
      expect(before).not.toContain(name);
      for (const parent of parents) expect([...before]).toContain(parent);
      before.add(name);
    }
  });

  test('each option that is missing is reported, and which options need it', () => {
    const all = optionsFor(arch);
    for (const { name, value } of all) {
      const text = fragmentFor(arch)
        .split('\n')
        .filter((line) => !line.startsWith(`CONFIG_${name}=`))
        .concat(value === 'n' ? [`CONFIG_${name}=y`] : []);
      const [wrong, ...others] = wrongOptions(parseConfiguration(text.join('\n')), arch);
      expect(others).toEqual([]);
      expect(wrong.option.name).toBe(name);
      expect(wrong.parentOf).toEqual(all.filter(({ parents }) => parents?.includes(name)).map((one) => one.name));
    }
  });
});

test('a driver may be a module only where init loads it', () => {
  const settings = (driver: string) =>
    new Map(parseConfiguration(fragmentFor(HOST).replace(`CONFIG_${driver}=y`, `CONFIG_${driver}=m`)));
  expect(wrongOptions(settings('VIRTIO_CONSOLE'), HOST)).toEqual([]);
  expect(wrongOptions(settings('SERIAL_8250'), HOST).map(({ option }) => option.name)).toEqual(['SERIAL_8250']);
});

describe('mmspec linux', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'mmspec-config-'));
  afterAll(() => rmSync(scratch, { recursive: true }));
  const written = (text: string): string => {
    const file = join(scratch, '.config');
    writeFileSync(file, text);
    return file;
  };

  test('config prints the fragment, with debugging options if asked', async () => {
    const { stdout, code } = await mmspec(['linux', 'config', '--debug', 'kasan,vm']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: fragmentFor(HOST, ['kasan', 'vm']) });
    expect(stdout).toContain('CONFIG_KASAN_VMALLOC=y\n');
    const unknown = await mmspec(['linux', 'config', '--debug', 'kasn']);
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('kasan') });
  });

  test('prepare --check names what is missing, its parents first, and one command', async () => {
    const text = fragmentFor(HOST).replace(/^CONFIG_(TTY|SERIAL_8250|SERIAL_8250_CONSOLE|VIRTIO_CONSOLE)=y\n/gm, '');
    const { stdout, code } = await mmspec(['linux', 'prepare', '--check', written(text)]);
    expect(code).toBe(2);
    const names = [...stdout.matchAll(/^ {2}CONFIG_(\w+) is not set/gm)].map(([, name]) => name);
    expect(names).toEqual(['TTY', 'VIRTIO_CONSOLE', 'SERIAL_8250', 'SERIAL_8250_CONSOLE']);
    expect(stdout).toContain('CONFIG_VIRTIO_CONSOLE, CONFIG_SERIAL_8250 need it');
    expect(stdout).toContain('mmspec linux config > mmspec.fragment && scripts/kconfig/merge_config.sh -m .config');
  });

  test('prepare --check names the one option that needs a missing one', { tags: ['long'] }, async () => {
    const file = written(fragmentFor(HOST).replace('CONFIG_MODULES=y\n', ''));
    expect((await mmspec(['linux', 'prepare', '--check', file])).stdout).toContain('; CONFIG_KPROBES needs it\n');
  });

  test('prepare --check refuses a file that is not a configuration', { tags: ['long'] }, async () => {
    const { stderr, code } = await mmspec(['linux', 'prepare', '--check', written('obj-y += vmalloc.o\n')]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('has no line such as CONFIG_SMP=y') });
  });

  test('prepare --check says what a kernel without ACPI loses, and accepts it', { tags: ['long'] }, async () => {
    const file = written(fragmentFor(HOST).replace('CONFIG_ACPI=y\n', ''));
    const { stdout, code } = await mmspec(['linux', 'prepare', '--check', file]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('the guest finds one CPU only') });
  });
});
