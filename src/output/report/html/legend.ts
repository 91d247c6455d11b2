import { code } from './markup.ts';

/** Each mark, as the picture draws it, and what it means. */
const KEY: readonly (readonly [mark: string, text: string])[] = [
  ['lane acts', 'the CPU that runs the step'],
  ['lane t-run b-run', 'a call in progress'],
  ['wire', 'leads to what the step used or changed'],
  ['entry t-held b-held touched', 'used or changed by the step'],
  ['entry t-held b-held', 'a translation: mapped, and seen to be used'],
  ['entry t-stale b-stale', 'unmapped, an old translation may linger'],
  ['entry t-overdue b-overdue', 'must be gone, and is not'],
  ['entry t-wrong b-wrong crossed', 'used, and must not be'],
  ['range t-live b-live', 'an area or VMA: mapped'],
  ['range t-ended b-ended', 'unmapped, not yet flushed'],
  ['range ghost', 'gone, and reached all the same'],
];

/** What the marks mean. */
export function legend(): string {
  const items = KEY.map(([mark, text]) => `<li><i class="${mark}"></i>${text}</li>`);
  return `<ul class="legend" aria-label="what the marks mean">${items.join('')}</ul>`;
}

const WORDS: readonly (readonly [string, string])[] = [
  ['@0', 'the step runs on CPU 0'],
  ['a0, v0', 'the address of a kernel area or a user VMA, named by the step that made it'],
  ['f0', 'page frame 0 of those that the program plays with'],
  ['o0', 'object 0, a file that VMAs map'],
  ['fault', 'the access faulted: nothing was reached'],
  ['other', 'memory was reached that is none of the program’s frames'],
  ['NOPAGE', 'VM_FAULT_NOPAGE: the page was inserted, or was there already'],
];

/** What a reader has to know before the first picture. */
export const howToRead = (): string =>
  `<details class="how" open><summary>how to read this</summary>
<p>Each violation is shown by a program, shortened as far as the search went. Time runs from top to bottom, a line for each step (two where calls overlap): the call, what it answered after ${code('=>')}, and what that did. To the left of the text are a lane per CPU, the translations that it was seen to use, and what is mapped. The red line broke the contract.</p>
<dl class="words">${WORDS.map(([word, text]) => `<div><dt>${code(word)}</dt><dd>${text}</dd></div>`).join('')}</dl>
</details>`;
