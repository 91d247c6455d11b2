import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../process/command.ts';
import { HOST } from '../arch/index.ts';
import { aptFolder } from '../cache.ts';
import { type Archive, type Archives, machineArchives } from './sources.ts';
import { hasSecurity, type Suite } from './suites.ts';

/** Package lists are fetched again when they are older than this, in milliseconds. */
const MAX_LIST_AGE_MS = 12 * 3600 * 1000;

/** Packages of a build root besides the headers, which bring the right compiler. */
const TOOLS = 'make bash coreutils sed grep mawk findutils base-files dash zstd libc6-dev gcc'.split(' ');

/** A kernel of a suite. */
export interface KernelPackages {
  /** The release, as in the name of the package: `6.1.0-56-cloud-amd64`. */
  readonly release: string;
  /** Version of the package: `6.1.192-2`. */
  readonly version: string;
  /** Names of the packages that hold the kernel and its modules. */
  readonly image: readonly string[];
}

/** apt for one suite, with lists and a cache of its own. The package state of the system is neither read nor changed. */
export class PrivateApt {
  readonly #suite: Suite;
  readonly #arch: string;
  /** Whether it includes the security updates of the suite. */
  readonly security: boolean;
  readonly #folder: string;
  readonly #options: readonly string[];

  private constructor(suite: Suite, arch: string, security: boolean, archives: Archives) {
    this.#suite = suite;
    this.#arch = arch;
    this.security = security;
    const part = security ? 'all' : 'release';
    this.#folder = join(aptFolder(suite.name), arch === HOST.name ? part : `${part}-${arch}`);
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
      // Without a default release, apt would not take packages from backports.
      ...(suite.base ? { 'APT::Default-Release': suite.name } : {}),
      'Acquire::Languages': 'none',
      'Acquire::Retries': '2',
    };
    this.#options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  }

  /** apt for one architecture, with or without the security updates of the suite. */
  static for(suite: Suite, arch: string, security: boolean): PrivateApt {
    return new PrivateApt(suite, arch, security, machineArchives());
  }

  #apt(tool: 'apt-get' | 'apt-cache', ...args: string[]): Promise<string> {
    return runCommand([tool, ...this.#options, ...args], { env: { ...process.env, LC_ALL: 'C' } });
  }

  /** Fetches the package lists, unless they are recent. */
  async update(force: boolean): Promise<void> {
    const stamp = join(this.#folder, 'updated');
    if (!force && existsSync(stamp) && Date.now() - statSync(stamp).mtimeMs < MAX_LIST_AGE_MS) return;
    await this.#apt('apt-get', '-qq', 'update');
    writeFileSync(stamp, '');
  }

  /**
   * The packages with the kernels of a flavour, the newest first: the one that the meta package depends on, and older ones.
   * @throws Error if the suite has no such kernel.
   */
  async kernels(flavour: string): Promise<string[]> {
    const meta = `linux-image-${flavour}`;
    const newest = (await this.#depends(meta)).find((dependency) => /^linux-image-\d/.test(dependency));
    if (!newest)
      throw new Error(
        `the suite ${this.#suite.name} has no package ${meta} for ${this.#arch}, or it depends on no kernel`,
      );
    const all = await this.#apt('apt-cache', 'pkgnames', 'linux-image-');
    const names = kernelsOf(flavour, all.split('\n'));
    return [newest, ...names.slice(names.indexOf(newest) + 1)];
  }

  /** What has to be downloaded for the kernel of a package. */
  async kernel(name: string): Promise<KernelPackages> {
    // Older suites have one package for all of it, newer ones divide it.
    const parts = (await this.#depends(name)).filter((dependency) => /^linux-(?:binary|modules)-\d/.test(dependency));
    const shown = await this.#apt('apt-cache', 'show', '--no-all-versions', name);
    return {
      release: name.replace(/^linux-image-/, ''),
      version: /^Version: (\S+)$/m.exec(shown)?.[1] ?? '',
      image: parts.length > 0 ? parts : [name],
    };
  }

  /** Downloads packages without their dependencies. Returns the folder that holds them. */
  async downloadAlone(packages: readonly string[]): Promise<string> {
    const folder = join(this.#folder, 'image');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    await runCommand(['apt-get', ...this.#options, '-qq', 'download', ...packages], { cwd: folder });
    return folder;
  }

  /** Names of the packages with the headers of a kernel, and of the one with the host programs of its build system. */
  async headers(release: string): Promise<{ readonly headers: readonly string[]; readonly kbuild: string }> {
    const name = `linux-headers-${release}`;
    const all = await this.#depends(name);
    const common = all.filter((dependency) => /^linux-headers-.*-common/.test(dependency));
    const kbuild = all.find((dependency) => /^linux-kbuild-/.test(dependency));
    if (!kbuild) throw new Error(`the package ${name} does not depend on a package linux-kbuild-*`);
    return { headers: [name, ...common], kbuild };
  }

  /** Downloads packages and the build tools with all dependencies. Returns the folder that holds them. */
  async downloadRoot(packages: readonly string[]): Promise<string> {
    await this.#apt('apt-get', '-qq', 'clean');
    const flags = ['-qq', '-y', '--no-install-recommends', '--download-only'];
    await this.#apt('apt-get', ...flags, 'install', ...packages, ...TOOLS);
    return join(this.#folder, 'cache', 'archives');
  }

  /** Removes the downloaded packages, but not the lists. */
  async clean(): Promise<void> {
    rmSync(join(this.#folder, 'image'), { recursive: true, force: true });
    await this.#apt('apt-get', '-qq', 'clean');
  }

  async #depends(name: string): Promise<string[]> {
    const text = await this.#apt('apt-cache', 'depends', name);
    return [...text.matchAll(/^\s*\|?(?:Pre)?Depends: (\S+)$/gm)].map((match) => match[1]);
  }
}

/**
 * The names of the packages that hold a kernel of a flavour, the newest one first.
 * @param names names of packages of any kind.
 *
 * @example
 * ```ts
 * kernelsOf('686', ['linux-image-6.1.0-47-686', 'linux-image-6.1.0-50-686', 'linux-image-6.1.0-50-686-pae']);
 * // [ 'linux-image-6.1.0-50-686', 'linux-image-6.1.0-47-686' ]
 * ```
 */
export function kernelsOf(flavour: string, names: readonly string[]): string[] {
  const pattern = new RegExp(`^linux-image-[0-9][0-9a-z.+~]*(?:-[0-9]+)?-${flavour}$`);
  const collator = new Intl.Collator('en', { numeric: true });
  return names.filter((name) => pattern.test(name)).sort((a, b) => collator.compare(b, a));
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
