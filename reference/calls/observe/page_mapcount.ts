import { define } from '../define.ts';

export const pageMapcount = define({
  name: 'page_mapcount',
  side: 'observe',
  summary: "tells a frame's map count, as the difference from the start of the program",
  noun: 'count',
  example: { steps: ['@0 page_mapcount f0'], outcome: '0' },
  effect: 'none',
  sees: 'counts',
  parameters: [{ name: 'page', type: 'frame' }],
  outcomes: ['number'],
  clauses: [],
  effects: [],
  ability: 'counts',
  weight: 2,
  end: (model, step, outcome) => model.expectCount(step.args[0], true, outcome.value),
});
