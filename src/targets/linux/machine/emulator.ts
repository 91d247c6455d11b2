import { spawnSync } from 'node:child_process';
import { runCommand } from '../../process/command.ts';

/** The version of an emulator. */
export interface EmulatorVersion {
  /** All that it prints. */
  readonly text: string;
  /** In short: `QEMU 7.2.22`. */
  readonly name: string;
}

/** The number in the text that QEMU prints: `7.2.22`. */
const numberIn = (text: string): string | undefined => /version (\d[\d.]*)/.exec(text)?.[1];

/** The major version of a QEMU; undefined if it cannot be run. */
export function majorVersion(qemu: string): number | undefined {
  const number = numberIn(spawnSync(qemu, ['--version'], { encoding: 'utf8' }).stdout ?? '');
  return number === undefined ? undefined : Number.parseInt(number, 10);
}

const versions = new Map<string, Promise<EmulatorVersion>>();

/** The version that QEMU prints, cached. */
export function emulatorVersion(qemu: string): Promise<EmulatorVersion> {
  let version = versions.get(qemu);
  if (!version) {
    version = runCommand([qemu, '--version']).then((text) => ({
      text,
      name: `QEMU ${numberIn(text) ?? 'of unknown version'}`,
    }));
    versions.set(qemu, version);
  }
  return version;
}
