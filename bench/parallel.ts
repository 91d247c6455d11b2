import type { Step } from '../reference/calls/call.ts';
import type { Program } from '../reference/calls/valid.ts';
import { Tally } from '../reference/clauses/tally.ts';
import { VOCABULARY } from '../reference/contract.ts';
import { judge } from '../reference/judge/judge.ts';
import { inArea, inObject, inVma } from '../reference/notation/address.ts';
import { Random } from '../src/programs/generate/random.ts';
import { agree } from '../src/targets/agreement.ts';
import { embedded } from '../src/targets/embedded/index.ts';

/** What judging the history of one parallel block costs. */
export interface BlockCost {
  readonly lanes: number;
  /** Steps of each lane. */
  readonly steps: number;
  /** Of one history: the median over many, and the worst. */
  readonly milliseconds: number;
  readonly most: number;
  /** Histories whose verdict was left open. */
  readonly unknown: number;
}

const HISTORIES = 60;
/** Pages that all lanes insert into, look at and empty. */
const PAGES = 8;

const call = (name: string): Step['call'] => VOCABULARY.get(name)!;

/** Lanes that map, look and unmap areas of their own, flush, and fill, look at and empty pages of one VMA. */
function program(lanes: number, steps: number, random: Random): Program {
  const v = inVma(0, 0);
  const page = () => inVma(0, random.below(PAGES) * 4096);
  const all: Step[] = [
    { cpu: 0, call: call('mmap'), binds: 0, args: [inObject(0, 0), PAGES, 'pfnmap', 'shared', undefined, undefined] },
  ];
  for (let cpu = 0; cpu < lanes; cpu++) {
    let mine = -1;
    for (let n = 0; n < steps; n++) {
      const step = (name: string, args: Step['args'], binds = -1): number =>
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

/** The cost of judging histories of so many lanes, of so many steps each; the judge alone. */
export function blockCost(lanes: number, steps: number): BlockCost {
  const target = embedded('lazy')!;
  const { terms } = agree(target.manifest);
  const tally = new Tally();
  const times: number[] = [];
  for (let history = 0; history < HISTORIES; history++) {
    const trace = target.executeTrace(program(lanes, steps, new Random(1, history)));
    const from = performance.now();
    const violation = judge(trace, terms, tally);
    times.push(performance.now() - from);
    if (violation) throw new Error(`a conforming implementation: ${violation.clause.id}`);
  }
  times.sort((a, b) => a - b);
  return { lanes, steps, milliseconds: times[HISTORIES >> 1], most: times[HISTORIES - 1], unknown: tally.unknown };
}

/** Lanes and steps of each lane that are measured. */
export const BLOCKS: readonly (readonly [lanes: number, steps: number])[] = [
  [2, 100],
  [4, 25],
  [4, 50],
  [4, 100],
  [4, 200],
  [8, 100],
];
