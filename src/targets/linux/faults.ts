import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unknownName } from '../../common/names.ts';
import { commandLine } from '../../common/shell.ts';
import { harnessFolder } from './harness.ts';

/** A fault that the harness can inject into a running kernel. */
export interface LinuxFault {
  readonly name: string;
  /** Id of the clause that it breaks. */
  readonly breaks: string;
  readonly summary: string;
}

/** All faults, as listed in the table of the harness (`faults.def`). */
export function listFaults(): LinuxFault[] {
  const text = readFileSync(join(harnessFolder(), 'faults.def'), 'utf8');
  const entry = /^FAULT\(\s*"([^"]+)",\s*"([^"]+)",\s*"((?:[^"]|"\s*")*)"/gm;
  return [...text.matchAll(entry)].map(([, name, breaks, summary]) => ({
    name,
    breaks,
    summary: summary.replace(/"\s*"/g, ''),
  }));
}

/**
 * Checks the name of a fault.
 * @throws UsageError if it is unknown; the message lists the known ones.
 */
export function checkFault(name: string): void {
  const names = listFaults().map((fault) => fault.name);
  if (!names.includes(name)) throw unknownName(`unknown fault ${name}`, name, names, commandLine('list', 'mutants'));
}
