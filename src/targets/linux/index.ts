import { join } from 'node:path';
import { UsageError } from '../../common/errors.ts';
import { unknownName } from '../../common/names.ts';
import { commandLine } from '../../common/shell.ts';
import { printError } from '../../common/terminal.ts';
import { definitionsIn } from '../definitions.ts';
import { membersOf, type Target } from '../target.ts';
import type { Incident } from '../wire/incident.ts';
import type { OpenOptions } from '../wire/open.ts';
import { WireTarget } from '../wire/target.ts';
import { type Arch, labelOf } from './arch/index.ts';
import { requireFor } from './doctor.ts';
import { machineFacts } from './facts.ts';
import { checkFault, checkFaultShows } from './faults.ts';
import { Fleet } from './machine/fleet.ts';
import { type MachineOptions, startMachine, type Template } from './machine/qemu.ts';
import { BOOT_TIMEOUT_MS, discardTemplate, templateFor } from './machine/template.ts';
import { pointsOf } from './points.ts';
import { archOfKernel, readyKernel } from './prepare/ready.ts';
import { sourceTree } from './prepare/source-tree.ts';
import type { Prepared } from './prepared.ts';

export { ARCHES, type Arch, archNamed, archOptions, labelOf } from './arch/index.ts';
export { installCommand, linuxRequirements } from './doctor.ts';
export { type LinuxFault, listFaults } from './faults.ts';
export { prepareOwn } from './prepare/own.ts';
export { prepareSuite } from './prepare/suite.ts';
export { SUITES } from './prepare/suites.ts';
export { listPrepared, type Prepared } from './prepared.ts';

/** How to run a kernel. */
export interface LinuxOptions {
  /** CPUs of each virtual machine; 2 by default. */
  readonly cpus?: number;
  /** Number of virtual machines that run side by side; 1 by default. */
  readonly vms?: number;
  /** Name of the fault to inject into the kernel; none by default. */
  readonly fault?: string;
}

/**
 * Whether QEMU was killed by something outside: a user of the host, or the host running out of memory. No guest can do
 * that.
 */
function killedFromOutside({ kind, message }: Incident): boolean {
  if (kind !== 'ended' || !message.includes('SIGKILL')) return false;
  printError(`${message}; its programs ran again on another machine, which did not fail\n`);
  return true;
}

/** The time limits are generous, as a machine may wait long for its turn on a busy host. */
const WIRE: OpenOptions = {
  start: BOOT_TIMEOUT_MS,
  deadline: 20_000,
  helloEvery: 1000,
  tellsSpent: true,
  causedOutside: killedFromOutside,
};

const MAX_CPUS = 16;
const MIN_MEMORY_MIB = 256;

const SETTINGS = ['threads', 'memory', 'append', 'boot', 'points', 'functions', 'forks'];

/**
 * Parses the settings after the name: `threads=multi`, `memory=512`, `append=WORDS`, `boot=fresh`, `points=wide`,
 * `functions=watch`, `forks=fail`.
 */
function machineOptions(words: readonly string[], options: LinuxOptions, arch: Arch): MachineOptions {
  const settings = new Map(words.map((word) => word.split(/=(.*)/s, 2) as [string, string]));
  for (const key of settings.keys())
    if (!SETTINGS.includes(key)) throw unknownName(`unknown setting ${key} of a virtual machine`, key, SETTINGS);
  const threads = settings.get('threads') ?? 'single';
  if (threads !== 'single' && threads !== 'multi')
    throw new UsageError(`threads=${threads}: expected threads=single or threads=multi`);
  const memory = Number(settings.get('memory') ?? arch.qemu.memory);
  if (!Number.isInteger(memory) || memory < MIN_MEMORY_MIB)
    throw new UsageError(`memory=${settings.get('memory')}: expected a number of MiB, at least ${MIN_MEMORY_MIB}`);
  const { maxMemory = memory } = arch.qemu;
  if (memory > maxMemory)
    throw new UsageError(`memory=${memory}: a machine of ${labelOf(arch)} can have at most ${maxMemory} MiB`);
  const cpus = options.cpus ?? 2;
  if (!Number.isInteger(cpus) || cpus < 1 || cpus > MAX_CPUS)
    throw new UsageError(`a virtual machine has 1 to ${MAX_CPUS} CPUs; requested were ${cpus}`);
  const points = pointsOf(settings.get('points'));
  const watch = settings.get('functions');
  if (watch !== undefined && watch !== 'watch') throw new UsageError(`functions=${watch}: expected functions=watch`);
  const forks = settings.get('forks');
  if (forks !== undefined && forks !== 'fail') throw new UsageError(`forks=${forks}: expected forks=fail`);
  const append = settings.get('append') ?? '';
  const [functions, failingForks] = [watch !== undefined, forks !== undefined];
  return { cpus, memory, threads, fault: options.fault, points, functions, failingForks, append };
}

/** Says so if the guest brought up fewer CPUs than the machine has. */
function complainOfCpus({ name: kernel, kdir = 'KDIR' }: Prepared, came: number, given: number): void {
  if (came >= given) return;
  const check = commandLine('linux', 'prepare', '--check', join(kdir, '.config'));
  printError(
    `linux:${kernel} runs on ${came} of the ${given} CPUs of its machine; CONFIG_SMP or CONFIG_ACPI may be missing, check with: ${check}\n`,
  );
}

/**
 * Opens a prepared kernel as a target.
 * @param name name of the kernel, with settings after it: `bookworm`, `bookworm,threads=multi`.
 * @throws UsageError if the kernel is not prepared, QEMU is missing or an option is invalid; TargetFailure if it does not boot.
 */
export async function openLinux(name: string, options: LinuxOptions = {}): Promise<Target> {
  const [kernel, ...settings] = name.split(',');
  const arch = archOfKernel(kernel);
  if (options.fault) checkFault(options.fault, arch);
  const machine = machineOptions(settings, options, arch);
  if (options.fault) checkFaultShows(options.fault, name, machine.failingForks === true);
  const bootEachTime = arch.qemu.bootsEachTime || settings.includes('boot=fresh');
  const prepared = await readyKernel(kernel);
  requireFor(arch);
  // Computed before a machine starts, so that no machine is left open if this fails.
  const facts = await machineFacts(prepared, machine);
  // If no template can be made, each machine boots.
  const template = async () => (bootEachTime ? undefined : templateFor(prepared, machine).catch(() => undefined));
  const open = async () => {
    let used: Template | undefined;
    const start = async () => startMachine(prepared, machine, (used = await template()));
    try {
      return await WireTarget.open(start, WIRE);
    } catch (error) {
      if (!used) throw error;
      printError(`no machine starts from the saved state of linux:${kernel}; booting instead\n`);
      discardTemplate(used);
      return WireTarget.open(start, WIRE);
    }
  };
  await template();
  const vms = Math.max(1, options.vms ?? 1);
  const started = await Promise.allSettled(Array.from({ length: vms }, open));
  const members = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  for (const result of started) {
    if (result.status === 'fulfilled') continue;
    await Promise.all(members.map((member) => member.close()));
    throw result.reason;
  }
  const { cpus } = members[0].manifest;
  complainOfCpus(prepared, cpus, machine.cpus);
  const target = members.length === 1 ? members[0] : new Fleet(members);
  const definition = prepared.kdir === undefined ? undefined : definitionsIn(sourceTree(prepared.kdir), arch.sources);
  return {
    ...membersOf(target),
    manifest: { ...target.manifest, machine: { ...facts, cpus } },
    ...(definition ? { definition } : {}),
  };
}
