import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from '../../process/command.ts';

/** Folders that are not needed for building. */
const UNNEEDED = ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'usr/share/info', 'var/lib/dpkg'];

/** Content of /proc/self/maps: the kernel's objtool reads it to find its stack. */
const PROC_SELF_MAPS = '7ff000000000-7ffffffff000 rw-p 00000000 00:00 0                          [stack]\n';

/** Unpacks all packages in a folder, without installing them. */
export async function unpackAll(packages: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(packages).filter((file) => file.endsWith('.deb')))
    await runCommand(['dpkg-deb', '-x', join(packages, name), to]);
}

/** A build root: a file system with the compiler, the tools and the kernel headers of a suite. */
export class BuildRoot {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Release of the kernel that the headers belong to; undefined if the root does not exist. */
  get release(): string | undefined {
    const stamp = join(this.folder, 'mmspec-release');
    return existsSync(stamp) ? readFileSync(stamp, 'utf8').trim() : undefined;
  }

  /** Creates the root, or replaces it, from folders of downloaded packages. */
  async create(packages: readonly string[], release: string): Promise<void> {
    const fresh = `${this.folder}.${process.pid}`;
    rmSync(fresh, { recursive: true, force: true });
    for (const folder of packages) await unpackAll(folder, fresh);
    for (const part of UNNEEDED) rmSync(join(fresh, part), { recursive: true, force: true });
    // The installation scripts of the packages, which do not run, would create these links.
    const link = (path: string, to: string) => existsSync(join(fresh, path)) || symlinkSync(to, join(fresh, path));
    link('usr/bin/awk', 'mawk');
    link('bin/sh', 'dash');
    mkdirSync(join(fresh, 'proc', 'self'), { recursive: true });
    writeFileSync(join(fresh, 'proc', 'self', 'maps'), PROC_SELF_MAPS);
    mkdirSync(join(fresh, 'tmp'), { recursive: true });
    writeFileSync(join(fresh, 'mmspec-release'), `${release}\n`);
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(dirname(this.folder), { recursive: true });
    renameSync(fresh, this.folder);
  }

  /** Runs a command inside the root. */
  run(command: readonly string[]): Promise<string> {
    const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', HOME: '/tmp' };
    // An unprivileged user may change the root inside a user namespace.
    const enter =
      process.getuid?.() === 0 ? ['chroot', this.folder] : ['unshare', '--map-root-user', '--root', this.folder];
    return runCommand([...enter, ...command], { env: { ...env, PATH: `${env.PATH}:${process.env.PATH}` }, both: true });
  }
}
