import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { type Block, lanesOf } from '../../../reference/notation/program.ts';

/** Attributes of a block whose words are CPUs, with a number behind them. */
const BY_CPU = ['schedule', 'delay'];

/** Such an attribute with its CPUs renamed; those that no lane is on are left out. */
function rescheduled(schedule: string, cpus: ReadonlySet<number>, rename: (cpu: number) => number): string {
  const words = schedule.split(',').flatMap((word) => {
    const [cpu, ...rest] = word.split(':');
    return cpus.has(Number(cpu)) ? [[rename(Number(cpu)), ...rest].join(':')] : [];
  });
  return words.length > 0 ? words.join(',') : '-';
}

function renamedBlock({ steps }: Program, block: Block, rename: (cpu: number) => number): Block {
  const cpus = new Set(lanesOf(steps, block));
  const renamed = [...block.attributes].map(([name, value]): [string, string] =>
    BY_CPU.includes(name) && value !== '-' ? [name, rescheduled(value, cpus, rename)] : [name, value],
  );
  return { ...block, attributes: new Map(renamed) };
}

/**
 * A program with its CPUs renamed, in its steps and in the attributes of its blocks, whose lanes stand in order then; or
 * those of one block alone.
 */
export function withCpus(
  program: Program,
  rename: (cpu: number) => number,
  only?: Block,
): Pick<Program, 'steps' | 'blocks'> {
  const steps: Step[] = program.steps.map((step, at) =>
    only && (at < only.start || at >= only.end) ? step : { ...step, cpu: rename(step.cpu) },
  );
  const blocks = program.blocks.map((block) => (only && block !== only ? block : renamedBlock(program, block, rename)));
  for (const { start, end } of blocks) {
    const lanes = steps.slice(start, end).sort((a, b) => a.cpu - b.cpu);
    steps.splice(start, end - start, ...lanes);
  }
  return { steps, blocks };
}
