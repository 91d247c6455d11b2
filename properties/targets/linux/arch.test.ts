import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { PACKAGE_ROOT } from '../../../src/common/package.ts';
import { ARCHES, archNamed, archOptions, HOST, labelOf, suiteTarget } from '../../../src/targets/linux/arch/index.ts';
import { preparedFolder } from '../../../src/targets/linux/cache.ts';
import { linuxRequirements, requireFor } from '../../../src/targets/linux/doctor.ts';
import { checkFault, listFaults } from '../../../src/targets/linux/faults.ts';
import { openLinux } from '../../../src/targets/linux/index.ts';
import { qemuCommand } from '../../../src/targets/linux/machine/qemu.ts';
import { suiteOfTarget } from '../../../src/targets/linux/prepare/suites.ts';
import { folder } from '../../support/cli.ts';

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));

/** Lines outside of the descriptions that name an architecture, a compiler or an emulator in their code. */
function literals(): string[] {
  const names = [
    ...new Set(ARCHES.flatMap(({ name, kernel, qemu, compiler }) => [name, kernel, qemu.program, compiler.tools])),
  ];
  const quoted = new RegExp(`['"\`](?:${names.filter((name) => name !== '').join('|')})['"\`]`);
  return filesOf(join(PACKAGE_ROOT, 'src'))
    .filter((path) => !path.includes('/linux/arch/'))
    .flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => quoted.test(line) && !/^\s*\*/.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
}

describe('an architecture is one description', () => {
  test('nothing else in the sources names one', () => {
    expect(literals()).toEqual([]);
  });

  test.each(ARCHES.map((arch) => [labelOf(arch), arch] as const))('%s', (label, arch) => {
    expect(archNamed(arch.name, arch.flavour)).toBe(arch);
    const target = suiteTarget('trixie', arch);
    expect(target).toBe(arch === HOST ? 'trixie' : `trixie-${label}`);
    expect(suiteOfTarget(target)?.arch).toBe(arch);
    expect(linuxRequirements(arch).map(({ program }) => program)).toContain(arch.qemu.program);
    expect(Math.log2(arch.page) % 1).toBe(0);
    // What is said about faults is about faults that exist.
    const faults = listFaults().map(({ name }) => name);
    for (const name of Object.keys(arch.withoutFaults)) {
      expect(faults).toContain(name);
      expect(() => checkFault(name, arch)).toThrow(`cannot be injected on ${arch.name}: ${arch.withoutFaults[name]}`);
    }
    const prepared = { folder: '/x', suite: 'x', kdir: undefined, release: '6', version: '', harness: '', at: '' };
    const options = { cpus: 2, memory: 512, threads: 'single', fault: undefined, append: '' } as const;
    const { name, flavour } = arch;
    const command = qemuCommand({ ...prepared, name: 'x', arch: name, flavour }, options).join(' ');
    expect(command).toContain(`${arch.qemu.program} `);
    expect(command).toContain(`-machine ${arch.qemu.machine},`);
    expect(command).toContain(`console=${arch.console} `);
  });

  test.each(['src/targets/linux/arch', 'fixtures/linux/arch'])('each in %s has at most 60 lines', (part) => {
    const shared = ['arch.ts', 'index.ts'];
    const names = readdirSync(join(PACKAGE_ROOT, part)).filter((name) => !shared.includes(name));
    const long = names.filter((name) => readFileSync(join(PACKAGE_ROOT, part, name), 'utf8').split('\n').length > 61);
    expect(long).toEqual([]);
  });

  test('an emulator that is too old counts as missing', () => {
    const arch = ARCHES.find(({ qemu }) => qemu.minVersion !== undefined)!;
    const { program, minVersion = 0 } = arch.qemu;
    const bin = folder();
    vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const install = (version: number): void =>
      writeFileSync(join(bin, program), `#!/bin/sh\necho "QEMU emulator version ${version}.2.22"\n`, { mode: 0o755 });
    install(minVersion - 1);
    expect(linuxRequirements(arch)[0].present).toBe(false);
    expect(() => requireFor(arch)).toThrow(
      `lacks ${program} (QEMU ${minVersion} or newer; installed is QEMU ${minVersion - 1})`,
    );
    install(minVersion);
    expect(linuxRequirements(arch)[0].present).toBe(true);
  });

  test('an unknown one is an error that lists those that exist', () => {
    expect(() => archNamed('m68k')).toThrow(/unknown architecture m68k\n.*\n +amd64 +arm64/);
    expect(() => archNamed('arm64', '3k')).toThrow(/unknown flavour 3k of arm64; .*leave out --flavour/);
  });

  test('a machine has no more memory than its kernel can map', async () => {
    await expect(openLinux('bookworm-i386,memory=2048')).rejects.toThrow(/i386 can have at most 768 MiB/);
  });

  test('the same holds for a kernel of a suite that is not a tested one', async () => {
    const cache = folder();
    vi.stubEnv('XDG_CACHE_HOME', cache);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const prepared = { name: 'sid-i386', suite: 'sid', arch: 'i386', release: '6', version: '', harness: '', at: '' };
    mkdirSync(preparedFolder('sid-i386'), { recursive: true });
    writeFileSync(join(preparedFolder('sid-i386'), 'prepared.json'), JSON.stringify(prepared));
    await expect(openLinux('sid-i386,memory=2048')).rejects.toThrow(/i386 can have at most 768 MiB/);
    await expect(openLinux('sid-i386', { fault: 'zap-any-vma' })).rejects.toThrow(/cannot be injected on i386/);
  });

  test('doctor names what an architecture needs', () => {
    // The exit code depends on what this machine has.
    const run = (...args: string[]): string =>
      spawnSync('node', ['bin/mmspec.mjs', 'doctor', ...args], { cwd: PACKAGE_ROOT, encoding: 'utf8' }).stdout;
    const other = ARCHES.find(({ name }) => name !== HOST.name)!;
    expect(run(...archOptions(other))).toContain(other.qemu.program);
  });
});
