import type { Step } from '../reference/calls/call.ts';
import type { Program } from '../reference/calls/valid.ts';
import { Tally } from '../reference/clauses/tally.ts';
import { VOCABULARY } from '../reference/contract.ts';
import { judge } from '../reference/judge/judge.ts';
import { inArea, inObject, inVma } from '../reference/notation/address.ts';
import type { CallName } from '../reference/notation/names.ts';
import { Random } from '../src/programs/generate/random.ts';
import { agree } from '../src/targets/agreement.ts';
import { embedded } from '../src/targets/embedded/index.ts';
import { processorMs } from './clock.ts';

/** What it costs to judge one execution of a parallel block. */
export interface BlockCost {
  readonly lanes: number;
  /** Steps of each lane. */
  readonly steps: number;
  /** Processor time: the median and the maximum over all executions. */
  readonly milliseconds: number;
  readonly maxMilliseconds: number;
  /** Verdicts that the judge left open because the search for an order was too long. */
  readonly unknown: number;
}

/** Blocks that are measured: lanes, and steps of each lane. */
export const BLOCKS: readonly (readonly [lanes: number, steps: number])[] = [
  [2, 100],
  [4, 25],
  [4, 50],
  [4, 100],
  [4, 200],
  [8, 100],
];

/** Executions of each block, with different steps and schedules. */
export const EXECUTIONS = 60;
/** Pages of the VMA that all lanes fill, read and empty. */
const PAGES = 8;

const call = (name: CallName): Step['call'] => VOCABULARY.get(name)!;

/** Lanes that map, read and unmap areas of their own, flush, and fill, read and empty pages of one VMA. */
function program(lanes: number, steps: number, random: Random): Program {
  const v = inVma(0, 0);
  const page = () => inVma(0, random.below(PAGES) * 4096);
  const all: Step[] = [
    { cpu: 0, call: call('mmap'), binds: 0, args: [inObject(0, 0), PAGES, 'pfnmap', 'shared', undefined, undefined] },
  ];
  for (let cpu = 0; cpu < lanes; cpu++) {
    let mine = -1;
    for (let n = 0; n < steps; n++) {
      const step = (name: CallName, args: Step['args'], binds = -1): number =>
        all.push({ cpu, call: call(name), binds, args });
      const kind = random.below(7);
      if (kind === 0 && mine < 0) step('vmap', [[random.below(64)], undefined], (mine = cpu * steps + n));
      else if (kind === 1 && mine >= 0) {
        step('vunmap', [inArea(mine, 0)]);
        mine = -1;
      } else if (kind === 2 && mine >= 0) step('read', [inArea(mine, 0)]);
      else if (kind === 3) step('vm_unmap_aliases', []);
      else if (kind === 4) step('zap_vma_ptes', [v, page(), 4096]);
      else if (kind === 5) step('vmf_insert_pfn', [v, page(), random.below(64)]);
      else step('read', [page()]);
    }
  }
  const words = Array.from({ length: lanes * steps }, () => `${random.below(lanes)}:${random.between(1, 4)}`);
  const attributes = new Map([['schedule', words.join(',')]]);
  return { cpus: lanes, frames: 64, steps: all, blocks: [{ start: 1, end: all.length, attributes }] };
}

/** Measures what it costs to judge blocks with `lanes` lanes of `steps` steps. Only the judge is measured. */
export function blockCost(lanes: number, steps: number): BlockCost {
  const target = embedded('lazy')!;
  const { terms } = agree(target.manifest);
  const tally = new Tally();
  const times: number[] = [];
  for (let execution = 0; execution < EXECUTIONS; execution++) {
    const trace = target.executeTrace(program(lanes, steps, new Random(1, execution)));
    const from = processorMs();
    const violation = judge(trace, terms, tally);
    times.push(processorMs() - from);
    if (violation) throw new Error(`the conforming implementation broke ${violation.clause.id}`);
  }
  times.sort((a, b) => a - b);
  const [milliseconds, maxMilliseconds] = [times[EXECUTIONS >> 1], times[EXECUTIONS - 1]];
  return { lanes, steps, milliseconds, maxMilliseconds, unknown: tally.unknown };
}
