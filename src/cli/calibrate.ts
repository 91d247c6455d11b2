import { existsSync } from 'node:fs';
import { UsageError } from '../common/errors.ts';
import { EXIT } from '../common/exit.ts';
import { writeNamed } from '../common/files.ts';
import { readText } from '../common/read.ts';
import { commandLine } from '../common/shell.ts';
import { printError, printOut } from '../common/terminal.ts';
import { duration, grouped } from '../common/words.ts';
import { fitting, withCalibrated } from '../run/gate/calibrate.ts';
import type { GatePlan } from '../run/gate/plan.ts';
import { exitCode } from '../run/report/exit-code.ts';
import type { Report } from '../run/report/report.ts';
import { isMachine } from '../targets/open.ts';

/**
 * Writes into a configuration file how many programs fit into the time budget of a gate.
 * @param report that of a calibrating gate.
 * @param budget the time budget of the gate, in milliseconds.
 * @returns the exit code: 1 if the calibrating gate found a violation; then nothing is written.
 * @throws UsageError if the budget is too short for any random program, or if the file cannot be written.
 */
export function writeCalibration(report: Report, budget: number, file: string): number {
  if (report.findings.length > 0) {
    printError('not calibrated: shrinking what was found took time; calibrate on a target without violations\n');
    return EXIT.violated;
  }
  if (report.targetFailures > 0) {
    printError('not calibrated: the target failed\n');
    return exitCode(report);
  }
  const programs = fitting(report);
  if (programs === 0)
    throw new UsageError(
      `the budget of ${duration(budget)} is over before the first random program; give more time with --budget, or leave out small programs with --no-explore`,
    );
  writeNamed(file, withCalibrated(existsSync(file) ? readText(file) : '', { programs, budget }));
  printOut(
    `${file}: ${grouped(programs)} random programs fit into ${duration(budget)} here, with a quarter of it left\n`,
  );
  return EXIT.held;
}

/** Says so if a gate on a kernel leaves most of its time budget, and nobody chose the number of programs. */
export function hintAtCalibration(plan: GatePlan, report: Report, chosen: boolean): void {
  const { spec } = plan.target;
  if (chosen || !isMachine(spec) || report.interrupted || report.findings.length > 0) return;
  if (report.milliseconds * 2 > plan.budget) return;
  const calibrate = commandLine('gate', '--target', spec, '--budget', `${plan.budget / 1000}s`, '--calibrate');
  printError(
    `the gate used ${duration(report.milliseconds)} of its budget of ${duration(plan.budget)}; to run as many programs as fit, type once: ${calibrate}\n`,
  );
}
