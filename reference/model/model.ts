import * as common from '../clauses/common.ts';
import type { Address } from '../notation/address.ts';
import type { Outcome } from '../notation/outcome.ts';
import { Judgement } from './judgement.ts';
import { KernelSpace } from './kernel.ts';
import { UserSpace } from './user.ts';

/** What the judge knows while it reads one trace: the kernel's side and the user's side. */
export class Model extends Judgement {
  readonly kernel = new KernelSpace(this);
  readonly user = new UserSpace(this);

  /** A read, a `reread` or a `write` at an address: judges what the CPU reached. `write` is its value, else -1. */
  observe(cpu: number, address: Address, outcome: Outcome, write: number): void {
    const word = Math.floor((((address.offset % this.page) + this.page) % this.page) / 8);
    const page = Math.floor(address.offset / this.page);
    if (address.base === 'a') this.kernel.observe(cpu, address.index, page, word, outcome, write);
    else if (address.base === 'v') this.user.observe(cpu, address.index, page, word, outcome, write);
    else this.expect(common.READ_NOTHING, outcome.kind === 'fault', () => 'fault');
  }
}
