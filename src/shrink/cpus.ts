import type { Step } from '../../reference/calls/call.ts';
import type { Program } from '../../reference/model/valid.ts';
import type { Block } from '../../reference/notation/program.ts';

/** A schedule with its CPUs renamed; those that no lane is on are left out. */
function rescheduled(schedule: string, cpus: ReadonlySet<number>, rename: (cpu: number) => number): string {
  const words = schedule.split(',').flatMap((word) => {
    const [cpu, ...rest] = word.split(':');
    return cpus.has(Number(cpu)) ? [[rename(Number(cpu)), ...rest].join(':')] : [];
  });
  return words.length > 0 ? words.join(',') : '-';
}

function renamedBlock({ steps }: Program, block: Block, rename: (cpu: number) => number): Block {
  const schedule = block.attributes.get('schedule');
  if (schedule === undefined || schedule === '-') return block;
  const cpus = new Set(steps.slice(block.start, block.end).map(({ cpu }) => cpu));
  return { ...block, attributes: new Map(block.attributes).set('schedule', rescheduled(schedule, cpus, rename)) };
}

/** A program with its CPUs renamed, in its steps and in the schedules of its blocks, whose lanes stand in order then. */
export function withCpus(program: Program, rename: (cpu: number) => number): Pick<Program, 'steps' | 'blocks'> {
  const steps: Step[] = program.steps.map((step) => ({ ...step, cpu: rename(step.cpu) }));
  const blocks = program.blocks.map((block) => renamedBlock(program, block, rename));
  for (const { start, end } of blocks) {
    const lanes = steps.slice(start, end).sort((a, b) => a.cpu - b.cpu);
    steps.splice(start, end - start, ...lanes);
  }
  return { steps, blocks };
}
