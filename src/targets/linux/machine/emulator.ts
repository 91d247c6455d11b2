import { runCommand } from '../../process/command.ts';

/** The version of an emulator. */
export interface EmulatorVersion {
  /** All that it prints. */
  readonly text: string;
  /** In short: `QEMU 7.2.22`. */
  readonly name: string;
}

const versions = new Map<string, Promise<EmulatorVersion>>();

/** The version that QEMU prints, cached. */
export function emulatorVersion(qemu: string): Promise<EmulatorVersion> {
  let version = versions.get(qemu);
  if (!version) {
    version = runCommand([qemu, '--version']).then((text) => ({
      text,
      name: `QEMU ${/version (\d[\d.]*)/.exec(text)?.[1] ?? 'of unknown version'}`,
    }));
    versions.set(qemu, version);
  }
  return version;
}
