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
import { runCommand } from './command.ts';

/** Not needed for building. */
const USELESS = ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'usr/share/info', 'var/lib/dpkg'];

/** Newer versions of the kernel's objtool look up there where their stack lies, and nothing else. */
const MAPS = '7ff000000000-7ffffffff000 rw-p 00000000 00:00 0                          [stack]\n';

/** Unpacks every package of a folder into another, without installing anything. */
export async function unpackAll(packages: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(packages).filter((file) => file.endsWith('.deb')))
    await runCommand(['dpkg-deb', '-x', join(packages, name), to]);
}

/** A build root: a file system tree with the suite's own compiler, make and kernel headers. */
export class BuildRoot {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The kernel that its headers belong to; undefined where it does not exist (yet). */
  get release(): string | undefined {
    const stamp = join(this.folder, 'mmspec-release');
    return existsSync(stamp) ? readFileSync(stamp, 'utf8').trim() : undefined;
  }

  /** Makes the root anew from folders of downloaded packages. */
  async create(packages: readonly string[], release: string): Promise<void> {
    const fresh = `${this.folder}.${process.pid}`;
    rmSync(fresh, { recursive: true, force: true });
    for (const folder of packages) await unpackAll(folder, fresh);
    for (const part of USELESS) rmSync(join(fresh, part), { recursive: true, force: true });
    // What the packages' own scripts would have done.
    const link = (path: string, to: string) => existsSync(join(fresh, path)) || symlinkSync(to, join(fresh, path));
    link('usr/bin/awk', 'mawk');
    link('bin/sh', 'dash');
    mkdirSync(join(fresh, 'proc', 'self'), { recursive: true });
    writeFileSync(join(fresh, 'proc', 'self', 'maps'), MAPS);
    mkdirSync(join(fresh, 'tmp'), { recursive: true });
    writeFileSync(join(fresh, 'mmspec-release'), `${release}\n`);
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(dirname(this.folder), { recursive: true });
    renameSync(fresh, this.folder);
  }

  /** Runs a command inside; paths are the root's. */
  run(command: readonly string[]): Promise<string> {
    const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', HOME: '/tmp' };
    // Without privileges, a user namespace lends the one that chroot needs.
    const enter =
      process.getuid?.() === 0 ? ['chroot', this.folder] : ['unshare', '--map-root-user', '--root', this.folder];
    return runCommand([...enter, ...command], { env: { ...env, PATH: `${env.PATH}:${process.env.PATH}` }, both: true });
  }
}
