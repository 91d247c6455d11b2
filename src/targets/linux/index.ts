import { UsageError } from '../../common/errors.ts';
import type { Target } from '../target.ts';
import type { Incident } from '../wire/incident.ts';
import type { OpenOptions } from '../wire/open.ts';
import { WireTarget } from '../wire/target.ts';
import { checkFault } from './faults.ts';
import { Fleet } from './fleet.ts';
import { ready } from './prepare.ts';
import { type MachineOptions, startMachine } from './qemu.ts';
import { templateFor } from './template.ts';

export { installCommand, linuxRequirements, type Requirement } from './doctor.ts';
export { type LinuxFault, listFaults } from './faults.ts';
export { prepareOwn, prepareSuite } from './prepare.ts';
export { listPrepared, type Prepared } from './prepared.ts';
export { SUITES } from './suites.ts';

/** What may be said about how a kernel is to be run. */
export interface LinuxOptions {
  /** CPUs of the guest; 2 where not said. */
  readonly cpus?: number;
  /** Virtual machines side by side; 1 where not said. */
  readonly vms?: number;
  /** The fault to inject into the live kernel. */
  readonly fault?: string;
}

/** No guest can do that to QEMU: it was somebody on the host, or its memory ran out. */
function killedFromOutside({ kind, message }: Incident): boolean {
  if (kind !== 'ended' || !message.includes('SIGKILL')) return false;
  process.stderr.write(`${message}; what it was running was run again on another machine, and held\n`);
  return true;
}

/** A machine may wait long for its turn on a busy host. */
const WIRE: OpenOptions = { start: 120_000, deadline: 20_000, helloEvery: 1000, causedOutside: killedFromOutside };

const MOST_CPUS = 16;

/** Reads `[threads=multi][,memory=512][,append=WORDS][,boot=fresh]`. */
function machineOptions(words: readonly string[], options: LinuxOptions): MachineOptions {
  const settings = new Map(words.map((word) => word.split(/=(.*)/s, 2) as [string, string]));
  for (const key of settings.keys())
    if (!['threads', 'memory', 'append', 'boot'].includes(key))
      throw new UsageError(`${key} is no setting of a virtual machine; there are: threads, memory, append, boot`);
  const threads = settings.get('threads') ?? 'single';
  if (threads !== 'single' && threads !== 'multi') throw new UsageError('threads is single or multi');
  const memory = Number(settings.get('memory') ?? 512);
  if (!Number.isInteger(memory) || memory < 256) throw new UsageError('memory is a number of MiB, at least 256');
  const cpus = options.cpus ?? 2;
  if (!Number.isInteger(cpus) || cpus < 1 || cpus > MOST_CPUS)
    throw new UsageError(`a virtual machine has 1 to ${MOST_CPUS} CPUs`);
  return { cpus, memory, threads, fault: options.fault, append: settings.get('append') ?? '' };
}

/**
 * Opens a prepared kernel as a target: `bookworm`, or with settings `bookworm,threads=multi`.
 * @throws UsageError where it is not prepared or cannot be as wished; TargetFailure where it does not come up.
 */
export async function openLinux(name: string, options: LinuxOptions = {}): Promise<Target> {
  const [kernel, ...settings] = name.split(',');
  if (options.fault) checkFault(options.fault);
  const fresh = settings.includes('boot=fresh');
  const machine = machineOptions(settings, options);
  const prepared = await ready(kernel);
  // Where a template cannot be had, booting each time still works.
  const template = async () => (fresh ? undefined : templateFor(prepared, machine).catch(() => undefined));
  const open = () => WireTarget.open(async () => startMachine(prepared, machine, await template()), WIRE);
  await template();
  const vms = Math.max(1, options.vms ?? 1);
  const started = await Promise.allSettled(Array.from({ length: vms }, open));
  const members = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  for (const result of started) {
    if (result.status === 'fulfilled') continue;
    await Promise.all(members.map((member) => member.close()));
    throw result.reason;
  }
  return members.length === 1 ? members[0] : new Fleet(members);
}
