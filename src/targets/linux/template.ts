import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LineSplitter } from '../wire/lines.ts';
import type { Link } from '../wire/link.ts';
import { runCommand } from './command.ts';
import { type Control, OWN_MEMORY, quoted } from './control.ts';
import type { Prepared } from './prepared.ts';
import { type MachineOptions, qemuCommand, runMachine, type Template } from './qemu.ts';

/*
 * A machine is booted once, stopped when it is ready for its first program, and kept: its memory as a file that later
 * machines map privately, the rest as a few hundred kilobytes. Starting from there takes a fraction of a second
 * instead of several, and every machine starts from the same state.
 */

/** The longest that booting may take, in milliseconds; a machine may wait long for its turn on a busy host. */
const PATIENCE = 120_000;

const versions = new Map<string, Promise<string>>();

/** What QEMU says of itself. */
function versionOf(qemu: string): Promise<string> {
  let version = versions.get(qemu);
  if (!version) versions.set(qemu, (version = runCommand([qemu, '--version'])));
  return version;
}

/** Everything that the state depends on. */
async function templateKey(prepared: Prepared, options: MachineOptions): Promise<string> {
  const command = qemuCommand(prepared, { ...options, threads: 'single', fault: undefined });
  const parts = [
    await versionOf(command[0]),
    ...command,
    prepared.release,
    prepared.version,
    prepared.harness,
    prepared.at,
  ];
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
}

const failAfter = (milliseconds: number, what: string): { over: Promise<never>; done: () => void } => {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(what)), milliseconds);
  });
  return { over, done: () => clearTimeout(timer) };
};

/** Resolves once the machine has said `ready`. */
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

/** Writes the state of a machine to a file; the machine is stopped afterwards. */
async function saveState(control: Control, file: string): Promise<void> {
  await control.command('qmp_capabilities');
  await control.command('migrate-set-capabilities', OWN_MEMORY);
  await control.command('migrate', { uri: `exec:cat > ${quoted(file)}` });
  for (;;) {
    const { status } = await control.command('query-migrate');
    if (status === 'completed') return;
    if (status === 'failed' || status === 'cancelled') throw new Error(`the state could not be saved (${status})`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * The template of a prepared kernel, made where there is none yet.
 * @throws Error where the machine does not come up, or its state cannot be saved.
 */
export async function templateFor(prepared: Prepared, options: MachineOptions): Promise<Template> {
  const key = await templateKey(prepared, options);
  const kind = `template-${options.cpus}x${options.memory}`;
  const final = (part: string): string => join(prepared.folder, `${kind}-${key}.${part}`);
  const template = { memory: final('memory'), state: final('state') };
  if (existsSync(template.memory) && existsSync(template.state)) return template;
  const fresh = { memory: `${template.memory}.${process.pid}`, state: `${template.state}.${process.pid}` };
  const command = qemuCommand(prepared, options, { file: fresh.memory, keep: true });
  const machine = runMachine(command, { ...options, fault: undefined });
  const limit = failAfter(PATIENCE, `the machine was not ready within ${PATIENCE / 1000} s`);
  try {
    const ended = machine.ended.then((how) => Promise.reject(new Error(`${how}\n${machine.log().slice(-2000)}`)));
    const saved = whenReady(machine).then(() => saveState(machine.control, fresh.state));
    await Promise.race([saved, ended, limit.over]);
    await machine.kill();
    // The memory goes first: whoever sees the state may use both.
    renameSync(fresh.memory, template.memory);
    renameSync(fresh.state, template.state);
    removeOthers(prepared.folder, kind, key);
    return template;
  } finally {
    limit.done();
    await machine.kill();
    for (const file of Object.values(fresh)) rmSync(file, { force: true });
  }
}

/** Templates of such machines that were made of something older are of no use any more. */
function removeOthers(folder: string, kind: string, key: string): void {
  for (const name of readdirSync(folder))
    if (name.startsWith(`${kind}-`) && !name.startsWith(`${kind}-${key}.`) && !/\d$/.test(name))
      rmSync(join(folder, name), { force: true });
}
