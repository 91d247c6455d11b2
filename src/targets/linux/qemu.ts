import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { Link } from '../wire/link.ts';
import { archNamed } from './arch.ts';
import { Console } from './console.ts';
import { Control, OWN_MEMORY, quoted } from './control.ts';
import { initrdFile, kernelFile, type Prepared } from './prepared.ts';

/** How a virtual machine is to be. */
export interface MachineOptions {
  readonly cpus: number;
  /** MiB. */
  readonly memory: number;
  /**
   * `single`: one thread of the host runs all CPUs in turn, handing over where one waits, which is what programs whose
   * CPUs take turns want; `multi`: a thread for each CPU, for true overlap on a host with as many idle CPUs.
   */
  readonly threads: 'single' | 'multi';
  /** The fault to inject, if any. */
  readonly fault: string | undefined;
  /** Added to the kernel's command line. */
  readonly append: string;
}

/** A machine that was booted before and stopped: its memory, and the state of everything else. */
export interface Template {
  readonly memory: string;
  readonly state: string;
}

/** A machine that runs. */
export interface Machine extends Link {
  readonly control: Control;
}

/** Machines that live, so that none outlives this process. */
const living = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/**
 * What the kernel is told. Its own watchdogs would only disturb: the kit notices a hang itself. An oops ends the
 * machine, since a kernel that went on after one would prove nothing.
 */
const COMMAND_LINE = [
  'loglevel=5',
  'panic=-1',
  'oops=panic',
  'nokaslr',
  'nowatchdog',
  'rcupdate.rcu_cpu_stall_suppress=1',
];

/**
 * The command that runs a prepared kernel; the port is file descriptor 3, the console 4, QEMU's own control 5.
 * @param memory a file that holds the machine's memory, and whether what the machine writes is to be kept in it.
 */
export function qemuCommand(
  prepared: Prepared,
  options: MachineOptions,
  memory?: { readonly file: string; readonly keep: boolean },
): string[] {
  const arch = archNamed(prepared.arch);
  const words = [`console=${arch.console}`, ...COMMAND_LINE, ...arch.words, options.append];
  const backing = memory
    ? `memory-backend-file,id=ram,size=${options.memory}M,mem-path=${memory.file},share=${memory.keep ? 'on' : 'off'}`
    : `memory-backend-ram,id=ram,size=${options.memory}M`;
  return [
    arch.qemu,
    '-nodefaults',
    ...['-display', 'none'],
    '-no-reboot',
    ...['-object', backing],
    ...['-machine', `${arch.machine},memory-backend=ram`],
    ...['-accel', `tcg,thread=${options.threads}`],
    ...['-cpu', arch.cpu],
    ...['-smp', `${options.cpus}`],
    ...['-m', `${options.memory}`],
    ...['-kernel', kernelFile(prepared.folder)],
    ...['-initrd', initrdFile(prepared.folder)],
    ...['-append', words.join(' ').trim()],
    ...['-chardev', 'socket,id=port,fd=3'],
    ...['-device', 'virtio-serial'],
    ...['-device', 'virtserialport,chardev=port,name=mmspec'],
    ...['-chardev', 'socket,id=console,fd=4'],
    ...['-serial', 'chardev:console'],
    ...['-chardev', 'socket,id=control,fd=5'],
    ...['-mon', 'chardev=control,mode=control'],
  ];
}

/** Starts a machine: from a template, or by booting. The line is there at once, the handshake once it is up. */
export function startMachine(prepared: Prepared, options: MachineOptions, template?: Template): Link {
  if (!template) return runMachine(qemuCommand(prepared, options), options);
  const command = qemuCommand(prepared, options, { file: template.memory, keep: false });
  const machine = runMachine([...command, '-incoming', 'defer'], options);
  const { control } = machine;
  const begin = async (): Promise<void> => {
    await control.command('qmp_capabilities');
    await control.command('migrate-set-capabilities', OWN_MEMORY);
    await control.command('migrate-incoming', { uri: `exec:cat ${quoted(template.state)}` });
  };
  // A machine that does not begin says nothing, which the session notices.
  begin().catch(() => machine.kill());
  return machine;
}

/** Runs a command that is to be a machine. */
export function runMachine(command: readonly string[], options: MachineOptions): Machine {
  // The kernel of this machine kills it should this process be killed, however that happens.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [, , , port, terminal, fifth] = child.stdio as unknown as Duplex[];
  const console = new Console();
  let said = '';
  living.add(child);
  child.stderr?.on('data', (chunk: Buffer) => {
    if (said.length < 8192) said += chunk.toString('latin1');
  });
  terminal.on('data', (chunk: Buffer) => console.push(chunk));
  if (options.fault) port.write(`\nfault ${options.fault}\n`);
  for (const stream of [child.stderr, port, terminal]) stream?.on('error', () => {});
  const ended = new Promise<string>((resolve) => {
    let how = '';
    child.on('error', (error) => {
      living.delete(child);
      resolve(`QEMU could not be started: ${error.message}`);
    });
    child.on('exit', (code, signal) => {
      living.delete(child);
      how = signal ? `QEMU was killed by ${signal}` : code === 0 ? 'the machine went off' : `QEMU ended with ${code}`;
    });
    // Only when everything it said was read.
    child.on('close', () => resolve(how));
  });
  return {
    from: port,
    to: port,
    ended,
    control: new Control(fifth),
    hung: () => console.hung,
    log: () => said + console.text,
    async kill() {
      child.kill('SIGKILL');
      for (const stream of [child.stderr, port, terminal, fifth]) stream?.destroy();
      await ended;
    },
  };
}
