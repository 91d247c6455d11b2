import { define } from '../define.ts';

export const pageCount = define({
  name: 'page_count',
  side: 'observe',
  summary: "tells a frame's reference count, as the difference from the start of the program",
  noun: 'count',
  example: { steps: ['@0 page_count f0'], outcome: '0' },
  effect: 'none',
  sees: 'counts',
  parameters: [{ name: 'page', type: 'frame' }],
  outcomes: ['number'],
  clauses: [],
  effects: [],
  ability: 'counts',
  weight: 4,
  end: (model, step, outcome) => model.expectCount(step.args[0], false, outcome.value),
});
