import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AMD64 } from '../../src/targets/linux/arch/amd64.ts';
import { rootFolder } from '../../src/targets/linux/cache.ts';
import { packCpio } from '../../src/targets/linux/prepare/cpio.ts';
import { BuildRoot } from '../../src/targets/linux/prepare/root.ts';
import { kernelFile, type Prepared } from '../../src/targets/linux/prepared.ts';

/** Builds exported modules for a kernel, and loads them there. */

/**
 * Builds modules with the compiler and headers of a prepared suite.
 * @param sources the text of each module, by name without `.c`.
 * @param lenient whether symbols that the kernel lacks are allowed.
 * @returns the built modules, by name.
 */
export async function buildModules(
  prepared: Prepared,
  sources: ReadonlyMap<string, string>,
  lenient = false,
): Promise<Map<string, Buffer>> {
  const root = new BuildRoot(rootFolder(prepared.suite!));
  const inside = `/exports-${process.pid}`;
  const folder = join(root.folder, inside);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    for (const [name, text] of sources) writeFileSync(join(folder, `${name}.c`), text);
    const objects = [...sources.keys()].map((name) => `${name}.o`).join(' ');
    writeFileSync(join(folder, 'Makefile'), `obj-m := ${objects}\nccflags-y := -Werror\n`);
    const kdir = `/usr/src/linux-headers-${prepared.release}`;
    const flags = ['CONFIG_DEBUG_INFO_BTF_MODULES=', ...(lenient ? ['KBUILD_MODPOST_WARN=1'] : [])];
    await root.run(['make', '-s', '-j2', '-C', kdir, `M=${inside}`, ...flags, 'modules']);
    return new Map([...sources.keys()].map((name) => [name, readFileSync(join(folder, `${name}.ko`))]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The init of the machine: loads all modules in the order of their names, and shuts down. */
const INIT = `
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

static int modules(const struct dirent *entry)
{
	return strstr(entry->d_name, ".ko") != NULL;
}

int main(void)
{
	struct dirent **list;
	char path[512];
	int i, fd, n = scandir("/modules", &list, modules, alphasort);

	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "/modules/%s", list[i]->d_name);
		fd = open(path, O_RDONLY);
		printf("load %s\\n", list[i]->d_name);
		fflush(stdout);
		if (fd < 0 || syscall(SYS_finit_module, fd, PARAMETERS, 0))
			perror("finit_module");
	}
	printf("all loaded\\n");
	fflush(stdout);
	reboot(RB_POWER_OFF);
	return 0;
}
`;

async function collect(command: string, args: readonly string[]): Promise<string> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ended with ${code}:\n${text}`);
  return text;
}

/**
 * Boots a prepared kernel, and loads the modules with parameters. Returns the output of the console. With `atOnce` each
 * CPU has a thread of its own, so that calls really overlap; otherwise the CPUs take turns.
 */
export async function loadModules(
  prepared: Prepared,
  modules: ReadonlyMap<string, Buffer>,
  parameters = '',
  atOnce = false,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mmspec-load-'));
  try {
    writeFileSync(join(folder, 'init.c'), INIT);
    await collect('gcc', [
      '-O2',
      '-static',
      `-DPARAMETERS="${parameters}"`,
      '-o',
      join(folder, 'init'),
      join(folder, 'init.c'),
    ]);
    const console = packCpio([
      { path: 'dev', mode: 0o755 },
      { path: 'modules', mode: 0o755 },
      { path: 'init', mode: 0o755, content: readFileSync(join(folder, 'init')) },
      ...[...modules].map(([name, content]) => ({ path: `modules/${name}.ko`, mode: 0o644, content })),
    ]);
    writeFileSync(join(folder, 'initrd'), console);
    return await collect(AMD64.qemu.program, [
      ...['-nodefaults', '-display', 'none', '-no-reboot', '-accel', `tcg,thread=${atOnce ? 'multi' : 'single'}`],
      ...[
        '-cpu',
        AMD64.qemu.cpu,
        '-smp',
        '4',
        '-m',
        '512',
        '-kernel',
        kernelFile(prepared.folder),
        '-initrd',
        join(folder, 'initrd'),
      ],
      ...['-serial', 'stdio', '-append'],
      'console=ttyS0 loglevel=7 panic=-1 oops=panic nokaslr mitigations=off nowatchdog tsc=reliable',
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
