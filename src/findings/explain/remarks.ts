import { argumentRemarks } from './argument-remarks.ts';
import { callRemark, cpuRemarks, presenceRemark } from './step-remarks.ts';
import type { Trial } from './trial.ts';

/** What is known about one step: whether it is needed, its CPU, its call, its arguments. */
export type Remarks = readonly string[];

/** Tries which steps, CPUs, calls and arguments of a counterexample matter. */
export async function findRemarks(trial: Trial): Promise<Remarks[]> {
  const cpus = await cpuRemarks(trial);
  const remarks: Remarks[] = [];
  for (let index = 0; index < trial.program.steps.length; index++) {
    const all = [
      await presenceRemark(trial, index),
      cpus[index],
      await callRemark(trial, index),
      ...(await argumentRemarks(trial, index)),
    ];
    remarks.push([...new Set(all.filter((remark) => remark !== undefined))]);
  }
  return remarks;
}
