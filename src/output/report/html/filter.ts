import { escaped } from './markup.ts';

/** Choices that a filter offers besides the text: the value of `data-outcome`, and its name. */
export type Choice = readonly [value: string, name: string];

/**
 * A form that hides what does not match. The script shows it, because without the script it would do nothing.
 * @param id a prefix for the ids of its fields.
 * @param items the CSS selector of what it filters.
 * @param what what the items are, in the plural.
 */
export function filterHtml(id: string, items: string, what: string, choices: readonly Choice[] = []): string {
  const options = choices.map(([value, name]) => `<option value="${value}">${escaped(name)}</option>`).join('');
  const select =
    choices.length === 0
      ? ''
      : `<label for="${id}-outcome">outcome</label> <select id="${id}-outcome"><option value="">all</option>${options}</select>`;
  return `<form class="filter" role="search" aria-label="filter the ${what}" data-items="${escaped(items)}" data-what="${what}" hidden>
<label for="${id}-text">filter ${what}</label> <input id="${id}-text" type="search" autocomplete="off" spellcheck="false" placeholder="a word or an id">
${select} <output aria-live="polite"></output></form>`;
}

/** The script of the filters. A link to something that is folded away or filtered out shows it. */
export const FILTER_SCRIPT = `
for (const form of document.querySelectorAll('.filter')) {
  const items = [...document.querySelectorAll(form.dataset.items)];
  const [input, select, output] = ['input', 'select', 'output'].map((name) => form.querySelector(name));
  const apply = () => {
    const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
    for (const item of items) {
      const text = item.textContent.toLowerCase();
      const wanted = !select || select.value === '' || item.dataset.outcome === select.value;
      item.hidden = !wanted || !words.every((word) => text.includes(word));
    }
    const shown = items.filter((item) => !item.hidden).length;
    output.textContent = shown === items.length ? '' : shown + ' of ' + items.length + ' ' + form.dataset.what;
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(apply));
  form.hidden = false;
}
const showTarget = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let at = target; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
  if (target.hidden) {
    for (const form of document.querySelectorAll('.filter')) {
      form.reset();
      for (const item of document.querySelectorAll(form.dataset.items)) item.hidden = false;
    }
  }
  target.scrollIntoView();
};
window.addEventListener('hashchange', showTarget);
showTarget();
`;
