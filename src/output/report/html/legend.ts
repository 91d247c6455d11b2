import { code } from './markup.ts';

/** Each mark of the picture and its meaning. */
const KEY: readonly (readonly [mark: string, text: string])[] = [
  ['lane acts', 'the CPU that runs the step'],
  ['lane t-run b-run', 'a call in progress'],
  ['wire', 'leads to what the step used or changed'],
  ['entry t-held b-held touched', 'used or changed by the step'],
  ['entry t-held b-held', 'a translation: mapped, and seen to be used'],
  ['entry t-stale b-stale', 'unmapped, but the old translation may linger'],
  ['entry t-overdue b-overdue', 'must be gone, but is not'],
  ['entry t-wrong b-wrong crossed', 'used, but must not be'],
  ['range t-live b-live', 'an area, or a VMA with mapped pages'],
  ['range t-empty b-empty', 'a VMA in which nothing is mapped'],
  ['range t-ended b-ended', 'unmapped, not yet flushed'],
  ['range ghost', 'gone, but still reached'],
];

/** What the marks mean. */
export function legend(): string {
  const items = KEY.map(([mark, text]) => `<li><i class="${mark}"></i>${text}</li>`);
  return `<ul class="legend" aria-label="what the marks mean">${items.join('')}</ul>`;
}

const WORDS: readonly (readonly [string, string])[] = [
  ['@0', 'the step runs on CPU 0'],
  ['a0, v0', 'the address of a kernel area or a user VMA, named by the step that made it'],
  ['f0', 'page frame 0 of those that the program uses'],
  ['o0', 'object 0, a file that VMAs map'],
  ['fault', 'the access faulted: nothing was reached'],
  ['other', 'memory was reached that is not one of the program’s frames'],
  ['NOPAGE', 'VM_FAULT_NOPAGE: the page was inserted, or was there already'],
];

/** What a reader must know before the first picture. */
export const howToRead = (): string =>
  `<details class="how"><summary>How to read the pictures</summary>
<p>A program shows each violation; the search made it as short as it could. Time runs from top to bottom, with one line for each step (two where calls overlap): the call, its outcome after ${code('=>')}, and its effect. To the left of the text are a lane per CPU, the translations that the CPU was seen to use, and the areas and VMAs. The red line broke the contract.</p>
<dl class="words">${WORDS.map(([word, text]) => `<div><dt>${code(word)}</dt><dd>${text}</dd></div>`).join('')}</dl>
</details>`;
