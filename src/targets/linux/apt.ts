import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aptFolder } from './cache.ts';
import { runCommand } from './command.ts';
import { type Archive, type Archives, machineArchives } from './sources.ts';
import { hasSecurity, type Suite } from './suites.ts';

/** Package lists are fetched again after so many milliseconds. */
const FRESH_MS = 12 * 3600 * 1000;

/** What to build with, beside the headers (which bring the right compiler): a root of its own needs all of it. */
const TOOLS = 'make bash coreutils sed grep mawk findutils base-files dash libc6-dev gcc'.split(' ');

/** The packages of a suite's newest cloud kernel. */
export interface KernelPackages {
  /** As the package is named: `6.1.0-56-cloud-amd64`. */
  readonly release: string;
  /** Version of the package: `6.1.192-2`. */
  readonly version: string;
  /** Packages with the kernel and its modules. */
  readonly image: readonly string[];
}

/**
 * A private view of the archive: one suite, its own lists and cache, nothing of the system's package state touched.
 */
export class PrivateApt {
  readonly #suite: Suite;
  readonly #arch: string;
  /** Whether the suite's security updates are in it. */
  readonly security: boolean;
  readonly #folder: string;
  readonly #options: readonly string[];

  private constructor(suite: Suite, arch: string, security: boolean, archives: Archives) {
    this.#suite = suite;
    this.#arch = arch;
    this.security = security;
    const part = security ? 'all' : 'release';
    this.#folder = join(aptFolder(suite.name), arch === 'amd64' ? part : `${part}-${arch}`);
    for (const part of ['lists/partial', 'cache/archives/partial', 'etc'])
      mkdirSync(join(this.#folder, part), { recursive: true });
    const list = join(this.#folder, 'etc', 'sources.list');
    writeFileSync(list, sources(suite, security ? archives : { ...archives, security: undefined }));
    writeFileSync(join(this.#folder, 'status'), '');
    const settings = {
      'Dir::Etc::sourcelist': list,
      'Dir::Etc::sourceparts': '/nonexistent',
      'Dir::Etc::preferences': '/nonexistent',
      'Dir::Etc::preferencesparts': '/nonexistent',
      'Dir::State': this.#folder,
      'Dir::State::Lists': join(this.#folder, 'lists'),
      'Dir::State::status': join(this.#folder, 'status'),
      'Dir::Cache': join(this.#folder, 'cache'),
      'APT::Architecture': arch,
      'APT::Architectures': arch,
      'APT::Sandbox::User': 'root',
      // Additions to a release are not taken unless asked for.
      ...(suite.base ? { 'APT::Default-Release': suite.name } : {}),
      'Acquire::Languages': 'none',
      'Acquire::Retries': '2',
    };
    this.#options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  }

  /** A view of one architecture, with or without the suite's security updates. */
  static for(suite: Suite, arch: string, security: boolean): PrivateApt {
    return new PrivateApt(suite, arch, security, machineArchives());
  }

  #apt(tool: 'apt-get' | 'apt-cache', ...args: string[]): Promise<string> {
    return runCommand([tool, ...this.#options, ...args], { env: { ...process.env, LC_ALL: 'C' } });
  }

  /** Fetches the package lists, unless they are fresh. */
  async update(force: boolean): Promise<void> {
    const stamp = join(this.#folder, 'updated');
    if (!force && existsSync(stamp) && Date.now() - statSync(stamp).mtimeMs < FRESH_MS) return;
    await this.#apt('apt-get', '-qq', 'update');
    writeFileSync(stamp, '');
  }

  /** The newest cloud kernel, by the suite's meta package. */
  async kernel(): Promise<KernelPackages> {
    const meta = `linux-image-cloud-${this.#arch}`;
    const name = (await this.#depends(meta)).find((dependency) => /^linux-image-\d/.test(dependency));
    if (!name) throw new Error(`${this.#suite.name} has no ${meta}`);
    // Up to 6.x one package holds all; later ones are divided.
    const parts = (await this.#depends(name)).filter((dependency) => /^linux-(?:binary|modules)-\d/.test(dependency));
    const shown = await this.#apt('apt-cache', 'show', '--no-all-versions', name);
    return {
      release: name.replace(/^linux-image-/, ''),
      version: /^Version: (\S+)$/m.exec(shown)?.[1] ?? '',
      image: parts.length > 0 ? parts : [name],
    };
  }

  /** Downloads the packages alone; returns the folder that they lie in. */
  async downloadAlone(packages: readonly string[]): Promise<string> {
    const folder = join(this.#folder, 'image');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    await runCommand(['apt-get', ...this.#options, '-qq', 'download', ...packages], { cwd: folder });
    return folder;
  }

  /** Packages with a kernel's headers, and that with the programs that its build system runs on the host. */
  async headers(release: string): Promise<{ readonly headers: readonly string[]; readonly kbuild: string }> {
    const name = `linux-headers-${release}`;
    const all = await this.#depends(name);
    const common = all.filter((dependency) => /^linux-headers-.*-common/.test(dependency));
    const kbuild = all.find((dependency) => /^linux-kbuild-/.test(dependency));
    if (!kbuild) throw new Error(`${name} needs no linux-kbuild`);
    return { headers: [name, ...common], kbuild };
  }

  /** Downloads packages and tools with everything that they need; returns the folder that they lie in. */
  async downloadRoot(packages: readonly string[]): Promise<string> {
    await this.#apt('apt-get', '-qq', 'clean');
    const flags = ['-qq', '-y', '--no-install-recommends', '--download-only'];
    await this.#apt('apt-get', ...flags, 'install', ...packages, ...TOOLS);
    return join(this.#folder, 'cache', 'archives');
  }

  /** Removes what was downloaded, but not the lists. */
  async clean(): Promise<void> {
    rmSync(join(this.#folder, 'image'), { recursive: true, force: true });
    await this.#apt('apt-get', '-qq', 'clean');
  }

  async #depends(name: string): Promise<string[]> {
    const text = await this.#apt('apt-cache', 'depends', name);
    return [...text.matchAll(/^\s*\|?(?:Pre)?Depends: (\S+)$/gm)].map((match) => match[1]);
  }
}

/** The lines of a sources.list for one suite. */
function sources(suite: Suite, { main, security }: Archives): string {
  const line = ({ uri, signedBy }: Archive, name: string) =>
    `deb ${signedBy ? `[signed-by=${signedBy}] ` : ''}${uri} ${name} main\n`;
  const base = suite.base ?? suite.name;
  return (
    line(main, base) +
    (suite.base ? line(main, suite.name) : '') +
    (security && hasSecurity(base) ? line(security, `${base}-security`) : '')
  );
}
