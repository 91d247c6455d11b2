import type { Export } from './exhibit.ts';
import { KMOD } from './kernel/kmod.ts';
import { KUNIT } from './kernel/kunit.ts';
import { MAIL } from './mail.ts';
import { MARKDOWN } from './markdown.ts';
import { PLAIN_C } from './plain/program.ts';
import { PROGRAM, TRACE } from './trace.ts';
import { VITEST } from './vitest.ts';

export type { Exhibit, Export } from './exhibit.ts';

/** Every form of export, by its name on the command line. */
export const EXPORTS: ReadonlyMap<string, Export> = new Map([
  ['kmod', KMOD],
  ['kunit', KUNIT],
  ['c', PLAIN_C],
  ['vitest', VITEST],
  ['trace', TRACE],
  ['program', PROGRAM],
  ['markdown', MARKDOWN],
  ['mail', MAIL],
]);
