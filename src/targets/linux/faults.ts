import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../common/errors.ts';
import { harnessFolder } from './harness.ts';

/** A fault that the harness can inject into a live kernel. */
export interface LinuxFault {
  readonly name: string;
  /** The clauses of the contract that it breaks, the plainest first. */
  readonly breaks: string;
  readonly summary: string;
}

/** All faults, as the harness's own table (`faults.def`) lists them. */
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
 * Checks that there is a fault of a name.
 * @throws UsageError naming those that there are.
 */
export function checkFault(name: string): void {
  const names = listFaults().map((fault) => fault.name);
  if (!names.includes(name)) throw new UsageError(`unknown fault ${name}; there are: ${names.join(', ')}`);
}
