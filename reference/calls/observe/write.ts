import { SAME_MEMORY } from '../../clauses/common.ts';
import { define } from '../define.ts';
import { IN } from '../spaces.ts';
import { tooFar } from './near.ts';

export const write = define({
  name: 'write',
  side: 'observe',
  summary: 'writes a word at an address, mapped or unmapped, and tells which frame it reached',
  noun: 'write',
  example: { steps: ['@0 write null 7'], outcome: 'fault' },
  effect: 'writes',
  sees: 'translations',
  parameters: [{ name: 'addr', type: 'address', where: 'anywhere' }, { name: 'value', type: 'value' }, IN],
  outcomes: ['frame', 'fault', 'other'],
  clauses: [],
  effects: [SAME_MEMORY],
  undefinedHere: tooFar,
  weight: 4,
  end: (model, step) => model.observe(step.args[0], step.args[1]),
});
