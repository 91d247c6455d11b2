import type { Call, Step } from '../../../reference/calls/call.ts';
import type { Trial } from './trial.ts';
import { aboutNames } from './words.ts';

/** Which steps matter, and on which CPU: found by leaving steps out and moving them to other CPUs. */

/** Whether the program still fails without the step and those that depend on it. */
export async function presenceRemark(trial: Trial, index: number): Promise<string | undefined> {
  const { noun } = trial.program.steps[index].call;
  const [without] = await trial.fails([trial.with(index, undefined)]);
  if (without === true) return `the ${noun} is not needed`;
  return without === false ? `the ${noun} is needed` : undefined;
}

/** Which other calls would do: those that take the same arguments and bind the same kind of name. */
export async function callRemark(trial: Trial, index: number): Promise<string | undefined> {
  const step = trial.program.steps[index];
  const shape = (call: Call): string =>
    `${call.side} ${call.binds} ${call.parameters.filter((one) => !one.optional).map((one) => one.type)}`;
  if (step.call.binds === undefined) return undefined;
  const others = trial.options.calls.filter((call) => call !== step.call && shape(call) === shape(step.call));
  const made = others.map((call): Step => ({ ...step, call, args: call.parameters.map((_, i) => step.args[i]) }));
  const fails = await trial.fails(made.map((other) => trial.with(index, other)));
  return aboutNames(
    step.call.name,
    others.flatMap((call, i) => (fails[i] === undefined ? [] : [{ name: call.name, fails: fails[i] }])),
  );
}

/** The CPUs on which the program fails with this step; undefined when some of them could not be tried. */
async function failingCpus(trial: Trial, index: number): Promise<ReadonlySet<number> | undefined> {
  const { cpus, steps } = trial.program;
  if (cpus < 2) return undefined;
  const all = Array.from({ length: cpus }, (_, cpu) => cpu);
  const fails = await trial.fails(all.map((cpu) => trial.with(index, { ...steps[index], cpu })));
  if (fails.some((one) => one === undefined)) return undefined;
  return new Set(all.filter((cpu) => fails[cpu]));
}

/** For each step whether its CPU is free, must be that of another step, or must differ from it. */
export async function cpuRemarks(trial: Trial): Promise<(string | undefined)[]> {
  const { steps, cpus } = trial.program;
  const failing: (ReadonlySet<number> | undefined)[] = [];
  for (let index = 0; index < steps.length; index++) failing.push(await failingCpus(trial, index));
  const bound = steps.map((_, index) => (failing[index] ? failing[index].size < cpus : false));
  return steps.map((step, index) => {
    const own = failing[index];
    if (!own) return undefined;
    if (!bound[index]) return cpus === 2 ? 'on either CPU' : 'on any CPU';
    const others = steps.flatMap((other, i) => (i !== index && bound[i] ? [{ i, cpu: other.cpu }] : []));
    const sameCpu = others.filter(({ cpu }) => cpu === step.cpu);
    if (own.size === 1 && sameCpu.length > 0) return `on the CPU of step ${sameCpu[0].i + 1}`;
    const excluded = Array.from({ length: cpus }, (_, cpu) => cpu).filter((cpu) => !own.has(cpu));
    const there = excluded.map((cpu) => others.find((other) => other.cpu === cpu));
    if (there.length > 0 && there.every((one) => one !== undefined))
      return `on any CPU but that of step ${there.map((one) => one!.i + 1).join(' and ')}`;
    return own.size === 1 ? `on CPU ${step.cpu} only` : `on CPU ${[...own].join(' or ')}`;
  });
}
