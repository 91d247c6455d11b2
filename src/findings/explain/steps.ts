import type { Call, Step } from '../../../reference/calls/call.ts';
import type { Trial } from './trial.ts';
import { aboutNames } from './words.ts';

/** Which steps matter, and on which CPU, found by leaving them out and moving them. */

/** Whether the program still fails without the step, and what depends on it. */
export async function explainPresence(trial: Trial, index: number): Promise<string | undefined> {
  const { steps } = trial.program;
  const step = steps[index];
  const { noun } = step.call;
  const [without] = await trial.fails([trial.with(index, undefined)]);
  if (without === true) return `the ${noun} is not needed`;
  return without === false ? `the ${noun} is needed` : undefined;
}

/** Other calls that take the same arguments and make the same sort of name. */
export async function explainCall(trial: Trial, index: number): Promise<string | undefined> {
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

/** On which CPUs a step may run; a step whose CPU alone decides nothing is free. */
export async function cpusOf(trial: Trial, index: number): Promise<ReadonlySet<number> | undefined> {
  const { cpus, steps } = trial.program;
  if (cpus < 2) return undefined;
  const all = Array.from({ length: cpus }, (_, cpu) => cpu);
  const fails = await trial.fails(all.map((cpu) => trial.with(index, { ...steps[index], cpu })));
  if (fails.some((one) => one === undefined)) return undefined;
  return new Set(all.filter((cpu) => fails[cpu]));
}

/** What is said about the CPUs of all steps: which are free, which are the same, which must differ. */
export async function explainCpus(trial: Trial): Promise<(string | undefined)[]> {
  const { steps, cpus } = trial.program;
  const allowed: (ReadonlySet<number> | undefined)[] = [];
  for (let index = 0; index < steps.length; index++) allowed.push(await cpusOf(trial, index));
  const tied = steps.map((_, index) => (allowed[index] ? allowed[index].size < cpus : false));
  return steps.map((step, index) => {
    const own = allowed[index];
    if (!own) return undefined;
    if (!tied[index]) return cpus === 2 ? 'on either CPU' : 'on any CPU';
    const others = steps.flatMap((other, i) => (i !== index && tied[i] ? [{ i, cpu: other.cpu }] : []));
    const fellows = others.filter(({ cpu }) => cpu === step.cpu);
    if (own.size === 1 && fellows.length > 0) return `on the CPU of step ${fellows[0].i + 1}`;
    const barred = Array.from({ length: cpus }, (_, cpu) => cpu).filter((cpu) => !own.has(cpu));
    const strangers = barred.map((cpu) => others.find((other) => other.cpu === cpu));
    if (strangers.length > 0 && strangers.every((one) => one !== undefined))
      return `on any CPU but that of step ${strangers.map((one) => one!.i + 1).join(' and ')}`;
    return own.size === 1 ? `on CPU ${step.cpu} only` : `on CPU ${[...own].join(' or ')}`;
  });
}
