import type { Story } from '../../picture/story.ts';
import { graph, whyHtml } from './graph.ts';
import { legend } from './legend.ts';
import { panel } from './panel.ts';

/** Draw at most this many moments, the last ones; the text of the program has all. */
const MAX_MOMENTS = 200;

/**
 * The picture of a story, with buttons to step through it and the state after each step.
 * @param steps how many steps the program has.
 * @param culprit the id for the line that breaks the contract.
 */
export function player(story: Story, steps: number, culprit: string): string {
  const from = Math.max(0, story.moments.length - MAX_MOMENTS);
  const shown = story.moments.findIndex(({ offending }) => offending);
  const states = story.moments.slice(from).map((_, n) => panel(story, from + n, from + n === Math.max(shown, from)));
  return `<div class="player" data-lines="${story.moments.length}" data-steps="${steps}">
<div class="controls" role="group" aria-label="steps of the program" hidden>
<button type="button" data-go="first" aria-label="first step">&#171;</button><button type="button" data-go="back" aria-label="previous step">&#8249;</button><output aria-live="off"><span></span><span class="said"></span></output><button type="button" data-go="on" aria-label="next step">&#8250;</button><button type="button" data-go="last" aria-label="last step">&#187;</button>
<small class="hint mouse">or click a step, then use the arrow keys, Home and End</small><small class="hint touch">or tap a step</small></div>
<div class="stage">
${graph(story, from, culprit)}
<div class="states" tabindex="0" role="group" aria-label="the state after the step">${states.join('\n')}</div>
</div>
${legend()}
${whyHtml(story)}
</div>`;
}
