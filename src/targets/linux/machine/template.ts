import { createHash } from 'node:crypto';
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { quoted } from '../../../common/shell.ts';
import { LineSplitter } from '../../wire/lines.ts';
import type { Link } from '../../wire/link.ts';
import { archOf, type Prepared } from '../prepared.ts';
import { type Control, WITHOUT_MEMORY } from './control.ts';
import { emulatorVersion } from './emulator.ts';
import { type MachineOptions, qemuCommand, runMachine, type Template } from './qemu.ts';

/*
 * A machine is booted once, stopped when it is ready for its first program, and saved as a template: its memory as a
 * file, which later machines map privately, and the rest as a few hundred kilobytes. A machine starts from a template in
 * a fraction of a second instead of several seconds, and all machines start from the same state.
 */

/**
 * Time limit for booting, in milliseconds: a kernel with KASAN or lockdep boots slowly, and a machine may wait long for its
 * turn on a busy host.
 */
export const BOOT_TIMEOUT_MS = 300_000;

/** A hash of everything that the saved state depends on. */
async function templateKey(prepared: Prepared, options: MachineOptions): Promise<string> {
  const command = qemuCommand(prepared, { ...options, threads: 'single', fault: undefined });
  const parts = [
    (await emulatorVersion(command[0])).text,
    ...command,
    prepared.release,
    prepared.version,
    prepared.harness,
    prepared.at,
  ];
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
}

/**
 * The command that boots a machine which is then saved. Machines from the template may have another number of threads.
 * @param memory the file for the memory of the machine.
 */
export function bootCommand(prepared: Prepared, options: MachineOptions, memory: string): string[] {
  const threads = archOf(prepared).qemu.bootsThreaded ? 'multi' : options.threads;
  return qemuCommand(prepared, { ...options, threads }, { file: memory, keep: true });
}

const timeLimit = (milliseconds: number, message: string): { expired: Promise<never>; cancel: () => void } => {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), milliseconds);
  });
  return { expired, cancel: () => clearTimeout(timer) };
};

/** Resolves when the machine says `ready`. */
function whenReady({ from, to }: Link): Promise<void> {
  return new Promise((resolve) => {
    const lines = new LineSplitter(
      (line) => line === 'ready' && resolve(),
      () => {},
    );
    from.on('data', (chunk: Buffer) => lines.push(chunk));
    to.write('\nhello mmspec 1\n');
  });
}

/** Saves the state of a machine to a file, and stops the machine. */
async function saveState(control: Control, file: string): Promise<void> {
  await control.command('qmp_capabilities');
  await control.command('migrate-set-capabilities', WITHOUT_MEMORY);
  await control.command('migrate', { uri: `exec:cat > ${quoted(file)}` });
  for (;;) {
    const { status } = await control.command('query-migrate');
    if (status === 'completed') return;
    if (status === 'failed' || status === 'cancelled')
      throw new Error(`QEMU could not save the state of the machine (${status})`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * The template of a prepared kernel. Makes it if it does not exist.
 * @throws Error if the machine does not boot, or its state cannot be saved.
 */
export async function templateFor(prepared: Prepared, options: MachineOptions): Promise<Template> {
  const key = await templateKey(prepared, options);
  const kind = `template-${options.cpus}x${options.memory}`;
  const final = (part: string): string => join(prepared.folder, `${kind}-${key}.${part}`);
  const template = { memory: final('memory'), state: final('state') };
  if (isWhole(template, options)) return template;
  const fresh = { memory: `${template.memory}.${process.pid}`, state: `${template.state}.${process.pid}` };
  const command = bootCommand(prepared, options, fresh.memory);
  const machine = runMachine(prepared, command);
  const limit = timeLimit(BOOT_TIMEOUT_MS, `the machine was not ready within ${BOOT_TIMEOUT_MS / 1000} s`);
  try {
    const ended = machine.ended.then((how) => Promise.reject(new Error(`${how}\n${machine.log().slice(-2000)}`)));
    const saved = whenReady(machine).then(() => saveState(machine.control, fresh.state));
    await Promise.race([saved, ended, limit.expired]);
    await machine.kill();
    // The memory is renamed first, so that a process which sees the state finds both files.
    renameSync(fresh.memory, template.memory);
    renameSync(fresh.state, template.state);
    removeOutdated(prepared.folder, kind, key);
    return template;
  } finally {
    limit.cancel();
    await machine.kill();
    for (const file of Object.values(fresh)) rmSync(file, { force: true });
  }
}

/** Whether the files of a template are there, and as large as they must be. */
function isWhole({ memory, state }: Template, options: MachineOptions): boolean {
  const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return sizeOf(memory) === options.memory * 2 ** 20 && sizeOf(state) > 0;
}

/** Removes a template from which no machine starts. */
export function discardTemplate({ memory, state }: Template): void {
  for (const file of [state, memory]) rmSync(file, { force: true });
}

/** Removes the outdated templates of machines of this kind. */
function removeOutdated(folder: string, kind: string, key: string): void {
  for (const name of readdirSync(folder))
    if (name.startsWith(`${kind}-`) && !name.startsWith(`${kind}-${key}.`) && !/\d$/.test(name))
      rmSync(join(folder, name), { force: true });
}
