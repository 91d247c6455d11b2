#!/usr/bin/env node
// The packed kit is plain JavaScript in dist/; a checkout runs a bundle of its current sources.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// V8 compiles a hot function together with the functions that it calls, up to this many bytes of bytecode, and each
// thread compiles its own. Its default of 920 bytes takes a third more processor time to compile, and gains nothing here.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=150');

const source = new URL('../src/cli/main.ts', import.meta.url);

/** The bundle of the current sources; undefined if it cannot be made. Then the sources run, more slowly. */
async function bundled() {
  try {
    const { currentBundle } = await import('./bundle.mjs');
    return pathToFileURL(join(await currentBundle(), 'src/cli/main.js'));
  } catch {
    return undefined;
  }
}

if (!existsSync(source)) {
  await import(new URL('../dist/src/cli/main.js', import.meta.url).href);
} else {
  const main = await bundled();
  if (!main) (await import('tsx/esm/api')).register();
  await import((main ?? source).href);
}
