import type { Arch } from '../arch/index.ts';
import { debugOptions } from './debug.ts';
import type { KernelOption } from './option.ts';
import { optionsFor } from './options.ts';

/** An option that a configuration does not have as a target needs it. */
export interface WrongOption {
  readonly option: KernelOption;
  /** The options of the list that need this one. */
  readonly parentOf: readonly string[];
}

/** What a configuration sets: the value of each option, by its name without `CONFIG_`. */
export type Settings = ReadonlyMap<string, string>;

/** Reads a `.config`. Options that are not set are not in the result. */
export const parseConfiguration = (text: string): Settings =>
  new Map([...text.matchAll(/^CONFIG_(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

function isAsNeeded({ name, value }: KernelOption, settings: Settings): boolean {
  const found = settings.get(name);
  if (value === 'n') return found === undefined || found === 'n';
  return found === 'y' || (value === 'm' && found === 'm');
}

/**
 * What a configuration lacks to be that of a target, each option after its parents.
 * @param debug words such as `kasan`: their options are wanted, too.
 * @throws UsageError for an unknown word.
 *
 * @example
 * ```ts
 * const wrong = wrongOptions(parseConfiguration('CONFIG_64BIT=y\n'), HOST);
 * wrong.find(({ option }) => option.name === 'TTY')?.parentOf; // [ 'VIRTIO_CONSOLE', 'SERIAL_8250' ]
 * ```
 */
export function wrongOptions(settings: Settings, arch: Arch, debug: readonly string[] = []): WrongOption[] {
  const all = [...optionsFor(arch), ...debugOptions(debug)];
  return all
    .filter((option) => !isAsNeeded(option, settings))
    .map((option) => ({
      option,
      parentOf: all.filter(({ parents = [] }) => parents.includes(option.name)).map(({ name }) => name),
    }));
}
