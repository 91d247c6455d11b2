import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { openAdapter } from '../../src/targets/process/index.ts';
import type { OpenOptions } from '../../src/targets/wire/open.ts';
import type { WireTarget } from '../../src/targets/wire/target.ts';

/** The path of a file in fixtures/adapters. */
export const adapterFile = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/adapters/${name}`, import.meta.url));

/** The specification of the adapter that breaks the protocol on purpose. `deed` says how. */
export const bad = (deed: string, ...more: string[]): string =>
  [`exec:${process.execPath}`, `'${adapterFile('bad.mjs')}'`, '--do', deed, ...more].join(' ');

/** Returns a function that opens targets. They are closed after each test of the file. */
export function openingTargets(): {
  open(spec: string, options?: OpenOptions): Promise<WireTarget>;
  closeAfterTest(target: WireTarget): WireTarget;
} {
  const opened: WireTarget[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((target) => target.close()));
  });
  const closeAfterTest = (target: WireTarget): WireTarget => {
    opened.push(target);
    return target;
  };
  return {
    closeAfterTest,
    open: async (spec, options = {}) =>
      closeAfterTest(await openAdapter(spec, { deadline: 60_000, start: 60_000, ...options })),
  };
}
