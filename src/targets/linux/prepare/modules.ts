import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import { filesBelow } from './files.ts';

/** The kernel modules that the virtio-serial port needs, in loading order. Debian builds them in since 6.12. */
const MODULES = [
  'virtio_ring',
  'virtio',
  'virtio_pci_legacy_dev',
  'virtio_pci_modern_dev',
  'virtio_pci',
  'virtio_console',
];

/** Whether a module lies below a folder, compressed or not. */
export const hasModule = (folder: string, name: string): boolean =>
  [...filesBelow(folder)].some((path) => path.includes(`/${name}.ko`));

/** Copies the needed modules into a folder. The names of the copies sort in loading order. */
export async function collectModules(from: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  const files = [...filesBelow(from)];
  for (const [index, name] of MODULES.entries()) {
    const file = files.find((path) => path.endsWith(`/${name}.ko`) || path.endsWith(`/${name}.ko.xz`));
    if (!file) continue;
    const copy = join(to, `${10 + index}-${name}.ko`);
    copyFileSync(file, file.endsWith('.xz') ? `${copy}.xz` : copy);
    if (file.endsWith('.xz')) await runCommand(['xz', '-d', `${copy}.xz`]);
  }
}
