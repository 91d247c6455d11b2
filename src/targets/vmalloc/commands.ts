import { splitCommand } from '../process/words.ts';

/** What finds faults besides the contract: the sanitizers of the compiler. */
const SANITIZERS = ['-fsanitize=address', '-fsanitize=bounds,shift,integer-divide-by-zero,bool,enum'];
const ABORT_AT_FIRST = '-fno-sanitize-recover=all';

const DEBUGGING = ['-g', '-fno-omit-frame-pointer'];

/** Words of a saved command that are about one file: the source, the object, and the list of headers. */
const OF_THE_FILE = /^(?:-Wp,-MM?D,.*|-c|.*\.c|.*\.o|-o)$/;

/**
 * The command that compiles a file for the simulated kernel, without the names of the source and the object.
 * @param saved the command of the tree's build system for mm/vmalloc.c.
 * @param shim the folder of the shim.
 * @param source the folder of the tree; reports name its files as `mm/vmalloc.c`.
 *
 * @example
 * ```ts
 * kernelCompiler('gcc -nostdinc -I./include -mcmodel=large -c -o vmalloc.o vmalloc.c', '/kit/fixtures/vmalloc', '/linux');
 * // [ 'gcc', '-nostdinc', '-I/kit/fixtures/vmalloc/include', '-I./include', '-mcmodel=small', ... ]
 * ```
 */
export function kernelCompiler(saved: string, shim: string, source: string): string[] {
  const words = splitCommand(saved)
    .filter((word) => !OF_THE_FILE.test(word) && !/^-Werror/.test(word))
    .map((word) => word.replace('-mcmodel=large', '-mcmodel=small'));
  // The headers of the shim come before those of the tree.
  const first = words.findIndex((word) => word.startsWith('-I'));
  words.splice(first < 0 ? 1 : first, 0, `-I${shim}/include`);
  return [
    ...words,
    '-include',
    `${shim}/include/config.h`,
    '-ffunction-sections',
    `-fdebug-prefix-map=${source}/=`,
    ...SANITIZERS,
    ABORT_AT_FIRST,
    ...DEBUGGING,
  ];
}

/** What the file under test is compiled with, too: a function is called at each branch (fixtures/vmalloc/shim/wide.c). */
export const AT_BRANCHES = '-fsanitize-coverage=trace-pc';

/** The command that compiles a file of the process around the simulated kernel. */
export const hostCompiler = (compiler: string): string[] => [
  compiler,
  '-O2',
  '-Wall',
  '-Wextra',
  '-fno-pie',
  ...SANITIZERS,
  ...DEBUGGING,
];

/** The command that links objects to a program. */
export const linker = (compiler: string, script: string): string[] => [
  compiler,
  ...SANITIZERS,
  '-no-pie',
  '-Wl,--gc-sections',
  `-Wl,-T,${script}`,
];
