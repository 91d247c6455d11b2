import type { Command } from 'commander';
import { UsageError } from '../../common/errors.ts';
import { unknownName } from '../../common/names.ts';
import { commandLine } from '../../common/shell.ts';
import { printError, printOut } from '../../common/terminal.ts';
import { ARCH_NAMES, HOST } from '../../targets/linux/arch/index.ts';
import { preparedNamed } from '../../targets/linux/prepared.ts';
import { collect } from '../options.ts';
import { checkConfiguration, DEBUG_USAGE, registerConfig } from './linux-config.ts';

interface PrepareOptions {
  kernel?: string;
  kdir?: string;
  name: string;
  arch?: string;
  flavour?: string;
  refresh?: boolean;
  check?: string;
  debug?: string[];
}

/** Registers `mmspec linux prepare`, `config` and `list`. */
export function registerLinux(program: Command): void {
  const linux = program
    .command('linux')
    .summary('prepare stock Linux kernels as targets')
    .description('prepare stock Linux kernels as targets, and list them');
  linux
    .command('prepare')
    .description('fetch a Debian kernel, or take one that you built, and build the test harness for it')
    .argument('[suite]', 'a Debian suite, such as bookworm: its newest kernel')
    .option('--kernel <bzImage>', 'a kernel that you built')
    .option('--kdir <folder>', 'the build folder of that kernel, for the harness module')
    .option('--name <name>', 'a name for the kernel that you built', 'own')
    .option('--arch <name>', `architecture of the Debian kernel: ${ARCH_NAMES.join(', ')} (default: ${HOST.name})`)
    .option('--flavour <name>', 'flavour of the Debian kernel, if the architecture has several')
    .option('--refresh', "download the archive's package lists again")
    .option('--check <.config>', 'only judge the configuration of a kernel that you want to build')
    .option('--debug <kind>', `with --check: ${DEBUG_USAGE}`, collect)
    .action(prepare);
  registerConfig(linux);
  linux.command('list').description('list the prepared kernels').action(list);
}

async function prepare(suite: string | undefined, options: PrepareOptions): Promise<void> {
  if (options.check !== undefined) {
    if (suite !== undefined || options.kernel !== undefined || options.kdir !== undefined)
      throw new UsageError('--check only judges a configuration; leave out the suite, --kernel and --kdir');
    process.exitCode = await checkConfiguration(options.check, options);
    return;
  }
  if (options.debug !== undefined)
    throw new UsageError('--debug goes with --check .config, or with: npx mmspec linux config');
  const { prepareOwn, prepareSuite, SUITES } = await import('../../targets/linux/index.ts');
  const progress = (what: string): boolean => printError(`${what}\n`);
  if (options.kernel !== undefined || options.kdir !== undefined) {
    if (options.kernel === undefined || options.kdir === undefined) {
      throw new UsageError('a kernel that you built needs both --kernel bzImage and --kdir FOLDER');
    }
    if (options.arch !== undefined || options.flavour !== undefined)
      throw new UsageError('--arch and --flavour are for Debian suites; leave them out with --kernel');
    if (suite !== undefined) throw new UsageError(`give either a suite (${suite}) or --kernel and --kdir, not both`);
    const before = preparedNamed(options.name);
    const prepared = await prepareOwn(options.name, options.kernel, options.kdir, { progress });
    // A new build is started once, which says how many of the machine's CPUs it brings up.
    if (prepared.at !== before?.at) await startOnce(options.name);
    printReady(prepared);
    return;
  }
  const names = SUITES.map((known) => known.name);
  if (suite === undefined)
    throw new UsageError(`name a kernel: a suite (${names.join(', ')}), or --kernel bzImage --kdir FOLDER`);
  if (!names.includes(suite)) throw unknownName(`unknown suite ${suite}`, suite, names);
  const { arch, flavour, refresh } = options;
  printReady(await prepareSuite(suite, { progress, arch, flavour, refresh }));
}

async function startOnce(name: string): Promise<void> {
  const { openLinux } = await import('../../targets/linux/index.ts');
  const target = await openLinux(name);
  await target.close();
}

function printReady({ name, release, version }: { name: string; release: string; version: string }): void {
  const run = commandLine('run', '--target', `linux:${name}`);
  printOut(`linux:${name} is ready: ${release}${version === '' ? '' : ` (${version})`}\ntest it with: ${run}\n`);
}

async function list(): Promise<void> {
  const { listPrepared } = await import('../../targets/linux/index.ts');
  const prepared = listPrepared();
  if (prepared.length === 0) {
    printOut(`no kernel is prepared; prepare one with: ${commandLine('linux', 'prepare', 'bookworm')}\n`);
    return;
  }
  for (const { name, release, version, at } of prepared) {
    printOut(`${`linux:${name}`.padEnd(24)} ${release.padEnd(32)} ${version.padEnd(20)} ${at}\n`);
  }
}
