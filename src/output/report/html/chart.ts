import { grouped } from '../../../common/words.ts';
import { escaped } from './markup.ts';

/** A part of a bar: how many, and of what. Kinds differ in colour and in pattern. */
export interface Part {
  readonly kind: 'good' | 'bad' | 'open';
  readonly count: number;
  /** What they are: `held`, `not exercised`. */
  readonly text: string;
}

/** A bar of a chart, and what it is about. */
export interface Bar {
  readonly label: string;
  readonly parts: readonly Part[];
}

function row({ label, parts }: Bar): string {
  const there = parts.filter(({ count }) => count > 0);
  const total = there.reduce((sum, { count }) => sum + count, 0);
  const spans = there.map(
    ({ kind, count }) => `<span class="${kind}" style="width:${((100 * count) / total).toFixed(2)}%"></span>`,
  );
  const texts = there.map(({ kind, count, text }) => `<span class="${kind}">${grouped(count)} ${escaped(text)}</span>`);
  return `<tr role="row"><th scope="row" role="rowheader">${escaped(label)}</th><td role="cell"><div class="bar" aria-hidden="true">${spans.join('')}</div><div class="parts">${texts.join(', ') || 'none'}</div></td></tr>`;
}

/**
 * Bars below one another, each with its figures as text. The caption names the chart. Bars without parts are left out.
 * Roles are explicit because rows become blocks on a phone and would lose their role.
 */
export function chart(caption: string, bars: readonly Bar[]): string {
  const drawn = bars.filter(({ parts }) => parts.some(({ count }) => count > 0));
  if (drawn.length === 0) return '';
  return `<table class="chart" role="table"><caption>${escaped(caption)}</caption><tbody role="rowgroup">
${drawn.map(row).join('\n')}
</tbody></table>`;
}
