import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../properties/support/cli.ts';
import type { Status } from '../../../src/run/report/coverage.ts';
import type { ReportData } from '../../../src/run/report/data.ts';
import { suiteOfTarget } from '../../../src/targets/linux/prepare/suites.ts';

/** One run of one kernel. */
export interface KernelRun {
  /** The target as `--target` names it, without settings: `linux:bookworm-i386`. */
  readonly target: string;
  /** Version and machine, as the kernel names itself: `6.1.176 i686`. */
  readonly kernel: string;
  /** The injected fault; undefined for a stock kernel. */
  readonly fault?: string;
  /** Day of the run, as `2026-11-26`. */
  readonly date: string;
  readonly seed: number;
  readonly steps: number;
  readonly programs: number;
  readonly milliseconds: number;
  /** Status by clause. */
  readonly clauses: Readonly<Record<string, Status>>;
}

const FOLDER = 'docs/matrix';

/** The name of the kernel of a target: `bookworm-i386`. */
export const kernelOf = (target: string): string => target.replace(/^linux:/, '');

/**
 * The record of a JSON report.
 * @param date the day of the run.
 * @throws Error if the target is not the kernel of a suite, or if the target failed.
 */
export function recordOf(report: ReportData, date: string): KernelRun {
  const target = report.target.spec.split(',')[0];
  const name = /^linux (\S+ \S+)(?: fault=(\S+))?$/.exec(report.target.name);
  if (!name || !suiteOfTarget(kernelOf(target)))
    throw new Error(`${report.target.spec} (${report.target.name}) is not the kernel of a suite`);
  if (report.targetFailures) throw new Error(`${target} failed ${report.targetFailures} times in this run`);
  return {
    target,
    kernel: name[1],
    ...(name[2] ? { fault: name[2] } : {}),
    date,
    seed: report.seed,
    steps: report.steps,
    programs: report.programs,
    milliseconds: Math.round(report.time.milliseconds),
    clauses: Object.fromEntries(report.clauses.map(({ id, status }) => [id, status])),
  };
}

/** All records, in the order of their files. */
export function readRuns(): KernelRun[] {
  const folder = join(ROOT, FOLDER);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as KernelRun);
}

/** Adds the runs of JSON reports. */
export function addRuns(paths: readonly string[]): void {
  const folder = join(ROOT, FOLDER);
  mkdirSync(folder, { recursive: true });
  for (const path of paths) {
    const report = JSON.parse(readFileSync(path, 'utf8')) as ReportData;
    const run = recordOf(report, new Date().toISOString().slice(0, 10));
    const name = [kernelOf(run.target), run.fault, run.seed].filter((part) => part !== undefined).join('-');
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(run, undefined, 2)}\n`);
  }
}
