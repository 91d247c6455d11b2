import type { Command } from 'commander';
import { UsageError } from '../../common/errors.ts';
import { commandLine } from '../../common/shell.ts';
import { ARCHES } from '../../targets/linux/arch.ts';

interface PrepareOptions {
  kernel?: string;
  kdir?: string;
  name: string;
  arch?: string;
  refresh?: boolean;
}

/** Registers `mmspec linux prepare` and `mmspec linux list`. */
export function registerLinux(program: Command): void {
  const linux = program.command('linux').description('stock Linux kernels as targets: prepare them, list them');
  linux
    .command('prepare')
    .description('fetch or take a kernel, build the harness for it, and keep both ready to boot')
    .argument('[suite]', 'a Debian suite: its newest cloud kernel')
    .option('--kernel <bzImage>', 'a kernel that you built')
    .option('--kdir <folder>', 'its build folder, for the harness module')
    .option('--name <name>', 'what to call a kernel that you built', 'own')
    .option('--arch <name>', `the suite's kernel for ${ARCHES.join(' or ')} (default: amd64)`)
    .option('--refresh', "read the archive's lists anew")
    .action(prepare);
  linux.command('list').description('list the kernels that are prepared').action(list);
}

async function prepare(suite: string | undefined, options: PrepareOptions): Promise<void> {
  const { prepareOwn, prepareSuite, SUITES } = await import('../../targets/linux/index.ts');
  const progress = (what: string): boolean => process.stderr.write(`${what}\n`);
  if (options.kernel !== undefined || options.kdir !== undefined) {
    if (options.kernel === undefined || options.kdir === undefined) {
      throw new UsageError('a kernel of your own needs both --kernel bzImage and --kdir FOLDER');
    }
    if (options.arch !== undefined) throw new UsageError('--arch goes with a suite');
    if (suite !== undefined) throw new UsageError('give either a suite, or --kernel and --kdir');
    told(await prepareOwn(options.name, options.kernel, options.kdir, { progress }));
    return;
  }
  const suites = SUITES.map((known) => known.name).join(', ');
  if (suite === undefined) throw new UsageError(`which kernel? A suite (${suites}), or --kernel bzImage --kdir FOLDER`);
  if (!SUITES.some((known) => known.name === suite))
    throw new UsageError(`unknown suite ${suite}; there are: ${suites}`);
  const arch = options.arch === undefined ? {} : { arch: options.arch };
  told(await prepareSuite(suite, { progress, ...arch, ...(options.refresh ? { refresh: true } : {}) }));
}

function told({ name, release, version }: { name: string; release: string; version: string }): void {
  const run = commandLine('run', '--target', `linux:${name}`);
  process.stdout.write(
    `linux:${name} is ready: ${release}${version === '' ? '' : ` (${version})`}\nrun it with: ${run}\n`,
  );
}

async function list(): Promise<void> {
  const { listPrepared } = await import('../../targets/linux/index.ts');
  const prepared = listPrepared();
  if (prepared.length === 0) {
    process.stdout.write(`nothing is prepared; begin with: ${commandLine('linux', 'prepare', 'bookworm')}\n`);
    return;
  }
  for (const { name, release, version, at } of prepared) {
    process.stdout.write(`${`linux:${name}`.padEnd(24)} ${release.padEnd(32)} ${version.padEnd(20)} ${at}\n`);
  }
}
