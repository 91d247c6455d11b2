import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { quoted } from '../../../common/shell.ts';
import { ownedEnvironment } from '../../process/supervisor.ts';
import type { Link } from '../../wire/link.ts';
import { archOf, initrdFile, kernelFile, type Prepared } from '../prepared.ts';
import { Console } from './console.ts';
import { Control, WITHOUT_MEMORY } from './control.ts';

/** Settings of a virtual machine. */
export interface MachineOptions {
  readonly cpus: number;
  /** In MiB. */
  readonly memory: number;
  /**
   * `single`: one host thread runs all CPUs in turn and switches when one waits, which is best for programs whose CPUs
   * take turns. `multi`: one host thread for each CPU, for true overlap on a host with as many idle CPUs.
   */
  readonly threads: 'single' | 'multi';
  /** Name of the fault to inject; undefined for none. */
  readonly fault: string | undefined;
  /** Where schedules hold lanes: `wide`, or names of functions; undefined for the harness's own list. */
  readonly points?: string | undefined;
  /** Tell which functions of the layer under test programs enter. Wide points do so anyway. */
  readonly functions?: boolean;
  /** Programs can make forks fail, with `fail_after`. */
  readonly failingForks?: boolean;
  /** Words to append to the kernel's command line. */
  readonly append: string;
}

/** A machine that was booted, stopped and saved: files with its memory, and with the state of everything else. */
export interface Template {
  readonly memory: string;
  readonly state: string;
}

/** How many characters of QEMU's standard error are kept. */
const MAX_OUTPUT = 8192;

/** A running machine. */
export interface Machine extends Link {
  readonly control: Control;
}

/** Machines that are running. They are killed when this process exits. */
const living = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/**
 * Words of every kernel's command line. The watchdogs of the kernel are off, as the harness detects hangs itself. An
 * oops ends the machine, as nothing that a kernel does after one can be relied on.
 */
const COMMAND_LINE = [
  'loglevel=5',
  'panic=-1',
  'oops=panic',
  'nokaslr',
  'nowatchdog',
  'rcupdate.rcu_cpu_stall_suppress=1',
];

/** Without this option KASAN reports only the first bug after booting (Documentation/dev-tools/kasan.rst). */
const wordsFor = ({ options = [] }: Prepared): readonly string[] =>
  options.includes('KASAN') ? ['kasan_multi_shot'] : [];

/**
 * The command that runs a prepared kernel. File descriptor 3 is the port, 4 the console, 5 the control of QEMU.
 * @param memory the file that holds the memory of the machine, and whether the machine's writes go to the file.
 */
export function qemuCommand(
  prepared: Prepared,
  options: MachineOptions,
  memory?: { readonly file: string; readonly keep: boolean },
): string[] {
  const arch = archOf(prepared);
  const { qemu } = arch;
  const words = [`console=${arch.console}`, ...COMMAND_LINE, ...arch.words, ...wordsFor(prepared), options.append];
  const backing = memory
    ? `memory-backend-file,id=ram,size=${options.memory}M,mem-path=${memory.file},share=${memory.keep ? 'on' : 'off'}`
    : `memory-backend-ram,id=ram,size=${options.memory}M`;
  return [
    qemu.program,
    '-nodefaults',
    ...['-display', 'none'],
    '-no-reboot',
    ...['-object', backing],
    ...['-machine', `${qemu.machine},memory-backend=ram`],
    ...['-accel', `tcg,thread=${options.threads}`],
    ...['-cpu', qemu.cpu],
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
    ...(qemu.args ?? []),
  ];
}

/** Settings that the harness gets before the conversation begins. They are not part of a template. */
function settings({ fault, threads, points, functions, failingForks }: MachineOptions): string {
  const lines = [
    ...(fault ? [`fault ${fault}`] : []),
    ...(points ? [`points ${points}`] : []),
    ...(functions ? ['functions watch'] : []),
    ...(failingForks ? ['forks fail'] : []),
    // Schedules count PAUSE instructions, which say how far other CPUs got only if these take turns.
    ...(threads === 'multi' ? ['without schedule'] : []),
  ];
  return lines.map((line) => `\n${line}\n`).join('');
}

/** Starts a machine: from a template, or by booting. Returns at once; the handshake comes when the machine is up. */
export function startMachine(prepared: Prepared, options: MachineOptions, template?: Template): Link {
  if (!template) {
    const booting = runMachine(prepared, qemuCommand(prepared, options));
    booting.to.write(settings(options));
    return booting;
  }
  const command = qemuCommand(prepared, options, { file: template.memory, keep: false });
  const machine = runMachine(prepared, [...command, '-incoming', 'defer']);
  machine.to.write(settings(options));
  const { control } = machine;
  const begin = async (): Promise<void> => {
    await control.command('qmp_capabilities');
    await control.command('migrate-set-capabilities', WITHOUT_MEMORY);
    await control.command('migrate-incoming', { uri: `exec:cat ${quoted(template.state)}` });
  };
  // The session notices a machine that never answers.
  begin().catch(() => machine.kill());
  return machine;
}

/** Runs the command of a machine with this kernel. */
export function runMachine(prepared: Prepared, command: readonly string[]): Machine {
  // With setpriv the machine dies with this process, even on SIGKILL.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], {
    env: ownedEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [, , , port, terminal, fifth] = child.stdio as unknown as Duplex[];
  const console = new Console(archOf(prepared).place);
  let output = '';
  living.add(child);
  child.stderr?.on('data', (chunk: Buffer) => {
    if (output.length < MAX_OUTPUT) output += chunk.toString('latin1');
  });
  terminal.on('data', (chunk: Buffer) => console.push(chunk));
  for (const stream of [child.stderr, port, terminal]) stream?.on('error', () => {});
  const ended = new Promise<string>((resolve) => {
    let how = '';
    child.on('error', (error) => {
      living.delete(child);
      resolve(`QEMU could not be started: ${error.message}`);
    });
    child.on('exit', (code, signal) => {
      living.delete(child);
      how = signal
        ? `QEMU was killed by ${signal}`
        : code === 0
          ? 'the virtual machine shut down'
          : `QEMU ended with ${code}`;
    });
    // `close` comes after all output was read.
    child.on('close', () => resolve(how));
  });
  return {
    from: port,
    to: port,
    ended,
    control: new Control(fifth),
    hung: () => console.hung,
    log: () => output + console.text,
    async kill() {
      child.kill('SIGKILL');
      for (const stream of [child.stderr, port, terminal, fifth]) stream?.destroy();
      await ended;
    },
  };
}
