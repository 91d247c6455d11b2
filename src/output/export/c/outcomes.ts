import { type FrameId, isPoolFrame, MAX_PAGES } from '../../../../reference/notation/frame.ts';
import type { Outcome, OutcomeKind } from '../../../../reference/notation/outcome.ts';

/** Outcomes as C: their kinds, and tests for a set of them. */

/** The owner of a frame: the pool, or the area or VMA that brought it. */
export function ownerOf(frame: FrameId): { kind: 'FRAME' | 'AREA_PAGE' | 'VMA_PAGE'; name: number; page: number } {
  if (isPoolFrame(frame)) return { kind: 'FRAME', name: 0, page: frame };
  const range = Math.floor(frame / MAX_PAGES) - 1;
  return { kind: range % 2 === 0 ? 'AREA_PAGE' : 'VMA_PAGE', name: Math.floor(range / 2), page: frame % MAX_PAGES };
}

/** The C constant for each kind of outcome; SKIPPED for kinds that say nothing about the implementation. */
const C_KINDS: Readonly<Record<Exclude<OutcomeKind, 'frame'>, string>> = {
  ok: 'OK',
  address: 'ADDRESS',
  null: 'NIL',
  fault: 'FAULT',
  other: 'OTHER',
  errno: 'ERRNO',
  number: 'NUMBER',
  vmfault: 'VMFAULT',
  skipped: 'SKIPPED',
  unsupported: 'SKIPPED',
  warn: 'SKIPPED',
  crash: 'SKIPPED',
  timeout: 'SKIPPED',
};

/** The C constant for the kind of an outcome: for a frame it says whose memory was reached. */
export const kindOf = ({ kind, value }: Outcome): string => (kind === 'frame' ? ownerOf(value).kind : C_KINDS[kind]);

/** Kinds of outcome without further data. */
const BARE: ReadonlySet<OutcomeKind> = new Set(['ok', 'null', 'fault', 'other']);

/** A C test for a set of numbers; consecutive numbers become one range. */
function numbers(values: readonly number[]): string {
  const sorted = values.toSorted((one, other) => one - other);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length; ) {
    let end = i;
    while (end + 1 < sorted.length && sorted[end + 1] === sorted[end] + 1) end++;
    const [from, to] = [sorted[i], sorted[end]];
    if (from === to) parts.push(`o->number == ${from}`);
    else {
      const above = from > -64 ? [`o->number >= ${from}`] : [];
      const below = to < 64 ? [`o->number <= ${to}`] : [];
      parts.push(above.length + below.length === 0 ? 'true' : [...above, ...below].join(' && '));
    }
    i = end + 1;
  }
  return parts.map((part) => (parts.length > 1 && part.includes('&&') ? `(${part})` : part)).join(' || ');
}

/** The `case` for frames of one kind of owner; none if no such frame is allowed. */
function memory(allowed: readonly Outcome[], kind: string): string[] {
  const here = allowed.filter((outcome) => outcome.kind === 'frame' && ownerOf(outcome.value).kind === kind);
  if (here.length === 0) return [];
  const tests = here.map(({ value, extra }) => {
    const { name, page } = ownerOf(value);
    const whose = kind === 'FRAME' ? '' : `o->name == ${name} && `;
    return `${whose}o->page == ${page} && o->value == ${extra}`;
  });
  const test = tests.map((one) => (tests.length > 1 ? `(${one})` : one)).join(' ||\n\t\t       ');
  return [`\tcase ${kind}:\n\t\treturn ${test};`];
}

/** The cases of a C `switch` over the kind of an answer that return whether it is one of `allowed`. */
export function casesOf(allowed: readonly Outcome[]): string {
  const cases: string[] = [];
  const simple = [...new Set(allowed.filter(({ kind }) => BARE.has(kind)).map(kindOf))];
  if (simple.length > 0) cases.push(`${simple.map((name) => `\tcase ${name}:\n`).join('')}\t\treturn true;`);
  for (const kind of ['FRAME', 'AREA_PAGE', 'VMA_PAGE']) cases.push(...memory(allowed, kind));
  const of = (kind: Outcome['kind']): Outcome[] => allowed.filter((outcome) => outcome.kind === kind);
  if (of('address').length > 0) cases.push('\tcase ADDRESS:\n\t\treturn apart(o);');
  const errnos = of('errno').map(({ text, note }) =>
    note < 0 ? `o->number == -${text}` : `(o->number == -${text} && o->left == ${note})`,
  );
  if (errnos.length > 0) cases.push(`\tcase ERRNO:\n\t\treturn ${errnos.join(' || ')};`);
  const counted = of('number').map((outcome) => outcome.value);
  if (counted.length > 0) cases.push(`\tcase NUMBER:\n\t\treturn ${numbers(counted)};`);
  const faults = of('vmfault').map((outcome) => `o->number == VM_FAULT_${outcome.text}`);
  if (faults.length > 0) cases.push(`\tcase VMFAULT:\n\t\treturn ${faults.join(' || ')};`);
  return cases.join('\n');
}
