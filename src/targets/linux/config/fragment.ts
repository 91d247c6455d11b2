import { type Arch, labelOf } from '../arch/index.ts';
import { debugOptions } from './debug.ts';
import type { KernelOption } from './option.ts';
import { optionsFor } from './options.ts';

/** Settings that cost a target nothing and make it faster, where the version of the kernel has them. */
const FASTER: readonly string[] = [
  '# An emulated CPU unpacks a kernel that gzip packed much faster than others.',
  'CONFIG_KERNEL_GZIP=y',
];

const lineOf = ({ name, value }: KernelOption): string =>
  value === 'n' ? `# CONFIG_${name} is not set` : `CONFIG_${name}=y`;

/**
 * A fragment for `scripts/kconfig/merge_config.sh`. Merged into any configuration of the architecture, followed by
 * `make olddefconfig`, it gives a kernel that is a target.
 * @param debug words such as `kasan`, for kernels that check themselves.
 * @throws UsageError for an unknown word.
 *
 * @example
 * ```ts
 * fragmentFor(HOST, ['kasan']).includes('CONFIG_KASAN_VMALLOC=y'); // true
 * ```
 */
export function fragmentFor(arch: Arch, debug: readonly string[] = []): string {
  const debugging = debugOptions(debug);
  const lines = [
    `# What mmspec needs of a kernel for ${labelOf(arch)}${debug.length > 0 ? `, with ${debug.join(', ')}` : ''}.`,
    ...optionsFor(arch).map(lineOf),
    ...FASTER,
    ...(debugging.length > 0 ? ['# The kernel checks itself.', ...debugging.map(lineOf)] : []),
  ];
  return `${lines.join('\n')}\n`;
}
