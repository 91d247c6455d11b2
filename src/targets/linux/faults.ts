import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../common/errors.ts';
import { unknownName } from '../../common/names.ts';
import { commandLine } from '../../common/shell.ts';
import type { Arch } from './arch/index.ts';
import { harnessFolder } from './harness.ts';

/** A fault that the harness can inject into a running kernel. */
export interface LinuxFault {
  readonly name: string;
  /** Id of the clause that it breaks. */
  readonly breaks: string;
  readonly summary: string;
}

/** The faults of one of the harness's tables. */
function listed(table: string): LinuxFault[] {
  const text = readFileSync(join(harnessFolder(), table), 'utf8');
  const entry = /^FAULT\(\s*"([^"]+)",\s*"([^"]+)",\s*"((?:[^"]|"\s*")*)"/gm;
  return [...text.matchAll(entry)].map(([, name, breaks, summary]) => ({
    name,
    breaks,
    summary: summary.replace(/"\s*"/g, ''),
  }));
}

/** The faults that show only where calls overlap, as listed in `races.def`. */
export const listRaces = (): LinuxFault[] => listed('races.def');

/** All faults, as listed in the tables of the harness. */
export const listFaults = (): LinuxFault[] => [...listed('faults.def'), ...listRaces()];

/** The clause about forks that fail. Kernels make none fail unless they are asked to. */
const OF_FAILED_FORKS = 'FRK-5';

/**
 * Checks that programs can show a fault.
 * @throws UsageError if only a fork that fails shows it, and none will.
 */
export function checkFaultShows(name: string, kernel: string, failingForks: boolean): void {
  if (failingForks || listFaults().find((fault) => fault.name === name)?.breaks !== OF_FAILED_FORKS) return;
  throw new UsageError(`only forks that fail show the fault ${name}; use --target linux:${kernel},forks=fail`);
}

/**
 * Checks that a fault can be injected into kernels of an architecture.
 * @throws UsageError if it is unknown or cannot exist there; the message lists those that exist there.
 */
export function checkFault(name: string, arch: Arch): void {
  const names = listFaults().map((fault) => fault.name);
  if (!names.includes(name)) throw unknownName(`unknown fault ${name}`, name, names, commandLine('list', 'mutants'));
  const why = arch.withoutFaults[name];
  if (why === undefined) return;
  const there = names.filter((known) => !(known in arch.withoutFaults)).join(', ');
  throw new UsageError(`the fault ${name} cannot be injected on ${arch.name}: ${why}; there are: ${there}`);
}
