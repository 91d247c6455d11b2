import { fileURLToPath } from 'node:url';
import type { Program } from '../../reference/calls/valid.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import { printOutcome } from '../../reference/notation/outcome.ts';
import type { Trace } from '../../reference/notation/program.ts';

/** A file of the adapters' folder. */
export const adapterFile = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/adapters/${name}`, import.meta.url));

/** A program of these steps, for 2 CPUs and 64 frames. */
export const programOf = (...steps: string[]): Program =>
  parse(`mmspec program 1\ncpus 2\nframes 64\n${steps.join('\n')}\n`, VOCABULARY).entries[0].trace.program as Program;

/** The outcomes of a trace as text. */
export const answersOf = (trace: Trace): string[] => trace.outcomes.map((outcome) => printOutcome(outcome));

/** The specification of the deliberately bad adapter. */
export const bad = (deed: string, ...more: string[]): string =>
  [`exec:${process.execPath}`, `'${adapterFile('bad.mjs')}'`, '--do', deed, ...more].join(' ');

/** True while a process is there. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Resolves as soon as a condition holds; the test's own time limit ends the wait. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
