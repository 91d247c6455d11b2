import { define } from '../define.ts';
import { IN } from '../spaces.ts';
import { tooFar } from './near.ts';

export const read = define({
  name: 'read',
  side: 'observe',
  summary: 'tells what the CPU reaches through its TLB at an address, mapped or unmapped',
  noun: 'read',
  example: { steps: ['@0 read null'], outcome: 'fault' },
  effect: 'none',
  sees: 'translations',
  parameters: [{ name: 'addr', type: 'address', where: 'anywhere' }, IN],
  outcomes: ['frame', 'fault', 'other'],
  clauses: [],
  effects: [],
  undefinedHere: tooFar,
  weight: 30,
  end: (model, step) => model.observe(step.args[0], -1),
});
