import type { Call, Sees } from '../../reference/calls/call.ts';

const AT_AN_ADDRESS: ReadonlySet<Sees> = new Set(['translations', 'tables', 'window']);

/** Whether a call looks at an address: a step of it shows what earlier steps did there, and unmaps or maps nothing. */
export const isLook = (call: Call): boolean => AT_AN_ADDRESS.has(call.sees) && call.effect !== 'fills';

/** Whether a call reads through the TLB of a CPU and changes nothing, not even the contents of a frame. */
export const isRead = (call: Call): boolean => call.sees === 'translations' && call.effect === 'none';
