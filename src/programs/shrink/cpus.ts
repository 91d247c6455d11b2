import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { type Block, lanesOf } from '../../../reference/notation/program.ts';

/** Attributes of a block that name CPUs: words of the form `cpu` or `cpu:number`. */
const ATTRIBUTES_WITH_CPUS = ['schedule', 'delay', 'at'];

/** The value of such an attribute with CPUs renamed, without the words of CPUs that have no lane. */
function renamedValue(value: string, cpus: ReadonlySet<number>, rename: (cpu: number) => number): string {
  const words = value.split(',').flatMap((word) => {
    const [cpu, ...rest] = word.split(':');
    return cpus.has(Number(cpu)) ? [[rename(Number(cpu)), ...rest].join(':')] : [];
  });
  return words.length > 0 ? words.join(',') : '-';
}

function renamedBlock({ steps }: Program, block: Block, rename: (cpu: number) => number): Block {
  const cpus = new Set(lanesOf(steps, block));
  const renamed = [...block.attributes].map(([name, value]): [string, string] =>
    ATTRIBUTES_WITH_CPUS.includes(name) && value !== '-' ? [name, renamedValue(value, cpus, rename)] : [name, value],
  );
  return { ...block, attributes: new Map(renamed) };
}

/**
 * A program with its CPUs renamed, in its steps and in the attributes of its blocks, or only those of the block `only`.
 * The lanes of all blocks are then in the order of their CPUs.
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
