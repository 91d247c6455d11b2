import { type ClauseOutcome, OUTCOME_OF, type Status } from '../../../run/report/coverage.ts';
import type { Report } from '../../../run/report/report.ts';
import { STATUS_TEXT } from '../words.ts';
import { type Bar, chart, type Part } from './chart.ts';
import { code, escaped } from './markup.ts';

/** What a run reached and what it did not, as charts. */

const KIND: Readonly<Record<ClauseOutcome, Part['kind']>> = { held: 'good', violated: 'bad', untested: 'open' };

const STATUSES = Object.keys(STATUS_TEXT) as Status[];

const clauseParts = ({ coverage }: Report): Part[] =>
  STATUSES.map((status) => ({
    kind: KIND[OUTCOME_OF[status]],
    count: coverage.filter((line) => line.status === status).length,
    text: STATUS_TEXT[status].toLowerCase(),
  }));

/** A bar of what was reached, and of what was not. */
function reachedOf<T>(label: string, all: readonly T[], isReached: (one: T) => boolean, words: [string, string]): Bar {
  const count = all.filter(isReached).length;
  const parts: Part[] = [
    { kind: 'good', count, text: words[0] },
    { kind: 'open', count: all.length - count, text: words[1] },
  ];
  return { label, parts };
}

const seen = ({ programs }: { readonly programs: number }): boolean => programs > 0;
const REACHED: [string, string] = ['reached', 'not reached'];

function bars(report: Report): Bar[] {
  const { calls, states, goals, functions, phases } = report;
  const effects: [string, string] = ['showed an effect', 'showed none'];
  const never = new Set(functions?.never);
  const ran = phases.map(({ name, done, left, unfit }): Bar => {
    const parts: Part[] = [
      { kind: 'good', count: done, text: 'run' },
      { kind: 'open', count: left, text: 'left' },
      { kind: 'open', count: unfit, text: 'not defined on this target' },
    ];
    return { label: `programs: ${name}`, parts };
  });
  const entered: Part[] = [
    { kind: 'good', count: (functions?.watched ?? 0) - never.size, text: 'entered' },
    { kind: 'open', count: never.size, text: 'never entered' },
  ];
  return [
    { label: 'clauses', parts: clauseParts(report) },
    reachedOf('calls', calls, ({ effects }) => effects > 0, effects),
    reachedOf('states', states, seen, REACHED),
    reachedOf('goals', goals, seen, REACHED),
    { label: 'functions', parts: entered },
    ...ran,
  ];
}

/** The states of each structure, and those that no program reached. */
function statesHtml({ states }: Report): string {
  if (states.length === 0) return '';
  const structureOf = ({ state }: (typeof states)[number]): string => state.id.split('-')[0];
  const each = [...new Set(states.map(structureOf))].map((name) =>
    reachedOf(
      name,
      states.filter((one) => structureOf(one) === name),
      seen,
      REACHED,
    ),
  );
  const missing = states.filter((one) => !seen(one));
  const items = missing.map(({ state }) => `<li>${code(state.id)} ${escaped(state.sentence)}</li>`);
  const list = items.length === 0 ? '' : `<h3>States that no program reached</h3><ul>${items.join('')}</ul>`;
  return `<details><summary>States of each structure</summary>${chart('States of each structure that programs reached', each)}${list}</details>`;
}

/** The charts of a report. */
export const reachedHtml = (report: Report): string => `${chart('What the run reached', bars(report))}
${statesHtml(report)}`;
