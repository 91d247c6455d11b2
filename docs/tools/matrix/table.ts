import { CLAUSES } from '../../../reference/contract.ts';
import type { Status } from '../../../src/run/report/coverage.ts';
import { ARCHES, labelOf } from '../../../src/targets/linux/arch/index.ts';
import { suiteOfTarget } from '../../../src/targets/linux/prepare/suites.ts';
import { findings } from './findings.ts';
import { type KernelRun, kernelOf } from './records.ts';

/** A kernel on an architecture. */
interface Kernel {
  readonly arch: string;
  readonly version: string;
}

/** A kernel with its runs. */
interface KernelRuns extends Kernel {
  readonly runs: readonly KernelRun[];
}

/** Kernels, in the order of the architectures and then of their versions. */
function kernelsOf(runs: readonly KernelRun[]): KernelRuns[] {
  const kernels = new Map<string, KernelRun[]>();
  for (const run of runs) {
    const key = `${run.target} ${run.kernel}`;
    kernels.set(key, [...(kernels.get(key) ?? []), run]);
  }
  const order = ARCHES.map(labelOf);
  return [...kernels.values()]
    .map((group) => {
      const arch = labelOf(suiteOfTarget(kernelOf(group[0].target))!.arch);
      return { arch, version: group[0].kernel.split(' ')[0], runs: group };
    })
    .sort(
      (a, b) =>
        order.indexOf(a.arch) - order.indexOf(b.arch) || a.version.localeCompare(b.version, 'en', { numeric: true }),
    );
}

/** From the strongest statement to the weakest: what several runs say together is the strongest that one of them says. */
const STRENGTH: readonly Status[] = ['violated', 'upheld', 'allowed', 'unarmed', 'unexercised', 'unobservable'];

/** What runs say about a clause together; undefined if it does not apply. */
export function together(runs: readonly KernelRun[], clause: string): Status | undefined {
  return STRENGTH.find((status) => runs.some((run) => run.clauses[clause] === status));
}

/** The groups of clauses, such as ALIAS, with the ids of their MUST clauses, in the order of the contract. */
const GROUPS = new Map<string, string[]>();
for (const { id, level } of CLAUSES) {
  const group = id.replace(/-\d+$/, '');
  if (level !== 'MAY') GROUPS.set(group, [...(GROUPS.get(group) ?? []), id]);
}

/** A violated clause, with the anchors of the findings about it. */
interface Violation {
  readonly clause: string;
  readonly findings: readonly string[];
}

/** What the runs of a kernel say about a group of clauses: the ids of the clauses. */
export interface Cell {
  readonly violated: readonly Violation[];
  readonly held: readonly string[];
  readonly notExercised: readonly string[];
  readonly notObservable: readonly string[];
}

/** How much was run on a kernel. */
interface Amount extends Kernel {
  readonly steps: number;
  readonly stepsPerSecond: number;
  readonly seeds: readonly number[];
  readonly dates: readonly string[];
}

/** What a run of a kernel with an injected fault found. */
interface FaultRun extends Kernel {
  readonly fault: string;
  /** The clauses that were found violated. */
  readonly found: readonly string[];
  readonly steps: number;
  readonly seed: number;
}

/** The matrix of kernels and groups of clauses. */
export interface Matrix {
  /** The columns. */
  readonly kernels: readonly Kernel[];
  readonly groups: readonly { readonly name: string; readonly cells: readonly Cell[] }[];
  readonly amounts: readonly Amount[];
  readonly faults: readonly FaultRun[];
}

const sum = (runs: readonly KernelRun[], of: (run: KernelRun) => number): number =>
  runs.reduce((total, run) => total + of(run), 0);

function amountOf({ arch, version, runs }: KernelRuns): Amount {
  const steps = sum(runs, (run) => run.steps);
  return {
    arch,
    version,
    steps,
    stepsPerSecond: (steps * 1000) / sum(runs, (run) => run.milliseconds),
    seeds: runs.map(({ seed }) => seed),
    dates: [...new Set(runs.map(({ date }) => date))].sort(),
  };
}

/** What the runs of a kernel say about a clause, with the anchors of the findings about it. */
interface OnKernel extends Kernel {
  readonly status: Status;
  readonly findings: readonly string[];
}

/** What the runs of stock kernels say about each clause, for each kernel on which it was judged. */
export function statusOnKernels(runs: readonly KernelRun[]): (clause: string) => OnKernel[] {
  const stock = kernelsOf(runs.filter(({ fault }) => fault === undefined));
  const findingsOf = findings();
  return (clause) =>
    stock.flatMap(({ arch, version, runs }) => {
      const status = together(runs, clause);
      if (status === undefined) return [];
      return [{ arch, version, status, findings: status === 'violated' ? findingsOf(clause, runs[0].kernel) : [] }];
    });
}

/** The matrix of some runs: of stock kernels in the table, of kernels with a fault below it. */
export function matrixOf(runs: readonly KernelRun[]): Matrix {
  const findingsOf = findings();
  const stock = kernelsOf(runs.filter(({ fault }) => fault === undefined));
  const faulty = kernelsOf(runs.filter(({ fault }) => fault !== undefined));
  const cellOf = ({ runs }: KernelRuns, ids: readonly string[]): Cell => {
    const having = (...wanted: readonly Status[]): string[] =>
      ids.filter((id) => wanted.includes(together(runs, id) as Status));
    return {
      violated: having('violated').map((clause) => ({ clause, findings: findingsOf(clause, runs[0].kernel) })),
      held: having('upheld'),
      notExercised: having('unarmed', 'unexercised'),
      notObservable: having('unobservable'),
    };
  };
  // A group that was added later says nothing about older runs.
  const known = [...GROUPS].filter(([, ids]) => stock.some(({ runs }) => ids.some((id) => together(runs, id))));
  return {
    kernels: stock.map(({ arch, version }) => ({ arch, version })),
    groups: known.map(([name, ids]) => ({ name, cells: stock.map((kernel) => cellOf(kernel, ids)) })),
    amounts: stock.map(amountOf),
    faults: faulty.flatMap(({ arch, version, runs }) =>
      runs.map(({ fault = '', clauses, steps, seed }) => {
        const found = Object.keys(clauses).filter((id) => clauses[id] === 'violated');
        return { arch, version, fault, found, steps, seed };
      }),
    ),
  };
}
