import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** `npm run test:long` runs only the tests that are tagged as long, `npm test` all others. */
const long = process.argv.some((argument) => argument === '--tags-filter=long');

/**
 * The tests run much code, each part of it briefly, so compiling and collecting garbage take much of the time. V8 compiles
 * a hot function together with functions that it calls, up to this size; in `bin/mmspec.mjs`, the size is larger. A larger
 * space for new objects is collected less often.
 */
const V8_OPTIONS = ['--max-inlined-bytecode-size-cumulative=60', '--max-semi-space-size=64'];

const { CI, MMSPEC_KERNELS: kernels, MMSPEC_VMALLOC: sources } = process.env;

/** Where CI finds the results, to count them at its end. Each run of CI has a file of its own. */
const results = kernels ? 'tests-kernels' : sources ? `tests-${basename(sources)}` : long ? 'tests-long' : 'tests';

export default defineConfig({
  resolve: { alias: { 'mmspec/vitest': here('./src/vitest.ts'), mmspec: here('./src/index.ts') } },
  test: {
    include: ['properties/**/*.test.ts'],
    tags: [{ name: 'long', description: 'takes more than a second, or is one of many; npm run test:long runs it' }],
    globalSetup: [here('./properties/support/temporary.ts')],
    pool: 'forks',
    isolate: false,
    execArgv: V8_OPTIONS,
    // Many quick tests wait for processes or time limits, so one more worker than cores keeps the cores busy. Virtual
    // machines need all cores.
    maxWorkers: kernels ? 1 : availableParallelism() + (long ? 0 : 1),
    // Long tests that take a minute on an idle machine need more beside other work.
    testTimeout: long ? 300_000 : 120_000,
    hookTimeout: 120_000,
    reporters: CI ? ['default', ['json', { outputFile: `.mmspec/${results}.json` }]] : ['default'],
  },
});
