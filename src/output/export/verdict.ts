import type { Trace } from '../../../reference/judge/judge.ts';
import { type FrameId, isPoolFrame, MAX_PAGES } from '../../../reference/notation/frame.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';

/** What the contract allows, as cases of a C `switch` over the kind of an answer. */

/** What a frame id says: whose memory it is. */
export function ownerOf(frame: FrameId): { kind: 'FRAME' | 'AREA_PAGE' | 'VMA_PAGE'; name: number; page: number } {
  if (isPoolFrame(frame)) return { kind: 'FRAME', name: 0, page: frame };
  const range = Math.floor(frame / MAX_PAGES) - 1;
  return { kind: range % 2 === 0 ? 'AREA_PAGE' : 'VMA_PAGE', name: Math.floor(range / 2), page: frame % MAX_PAGES };
}

const SIMPLE: Readonly<Record<string, string>> = { ok: 'OK', null: 'NIL', fault: 'FAULT', other: 'OTHER' };

/** C for a text, in double quotes. */
export const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;

/** Numbers in a row are a range. */
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

/** The body of the switch: everything that is allowed, the rest is not. */
export function casesOf(allowed: readonly Outcome[]): string {
  const cases: string[] = [];
  const simple = [...new Set(allowed.map((outcome) => SIMPLE[outcome.kind]).filter((name) => name !== undefined))];
  if (simple.length > 0) cases.push(`${simple.map((name) => `\tcase ${name}:\n`).join('')}\t\treturn true;`);
  for (const kind of ['FRAME', 'AREA_PAGE', 'VMA_PAGE']) cases.push(...memory(allowed, kind));
  const of = (kind: Outcome['kind']): Outcome[] => allowed.filter((outcome) => outcome.kind === kind);
  if (of('address').length > 0) cases.push('\tcase ADDRESS:\n\t\treturn apart(o);');
  const errnos = of('errno').map((outcome) => `o->number == -${outcome.text}`);
  if (errnos.length > 0) cases.push(`\tcase ERRNO:\n\t\treturn ${errnos.join(' || ')};`);
  const counted = of('number').map((outcome) => outcome.value);
  if (counted.length > 0) cases.push(`\tcase NUMBER:\n\t\treturn ${numbers(counted)};`);
  const faults = of('vmfault').map((outcome) => `o->number == VM_FAULT_${outcome.text}`);
  if (faults.length > 0) cases.push(`\tcase VMFAULT:\n\t\treturn ${faults.join(' || ')};`);
  return cases.join('\n');
}

const KINDS: Readonly<Partial<Record<Outcome['kind'], string>>> = {
  ...SIMPLE,
  address: 'ADDRESS',
  errno: 'ERRNO',
  number: 'NUMBER',
  vmfault: 'VMFAULT',
};

/**
 * What the steps before the offending one answered, as far as it must be so again for its answer to mean the same.
 * SKIPPED stands for anything: where the contract says nothing of what a call returns.
 */
export function tracedKinds({ program, outcomes }: Trace, judged: number): string[] {
  return outcomes.slice(0, judged).map((outcome, i) => {
    if (program.steps[i].call.returnsAnything) return 'SKIPPED';
    if (outcome.kind === 'frame') return ownerOf(outcome.value).kind;
    return KINDS[outcome.kind] ?? 'SKIPPED';
  });
}

/** What a step answered, as a C initialiser; an address is the kernel's own choice each time. */
function initialiser({ kind, value, extra, text }: Outcome): string {
  switch (kind) {
    case 'frame': {
      const { kind: whose, name, page } = ownerOf(value);
      return `{ .kind = ${whose}, .name = ${name}, .page = ${page}, .value = ${extra} }`;
    }
    case 'errno':
      return `{ .kind = ERRNO, .number = -${text} }`;
    case 'vmfault':
      return `{ .kind = VMFAULT, .number = VM_FAULT_${text} }`;
    case 'number':
      return `{ .kind = NUMBER, .number = ${value} }`;
    default:
      return `{ .kind = ${KINDS[kind] ?? 'SKIPPED'} }`;
  }
}

/** Where steps overlap, what is allowed depends on every answer of the others, those of later lines too. */
export function asTracedInBlocks({ program, outcomes }: Trace, judged: number): string {
  const rows = outcomes.map((outcome, i) =>
    i === judged || program.steps[i].call.returnsAnything ? '{ .kind = SKIPPED }' : initialiser(outcome),
  );
  return `/* What the other steps answered; SKIPPED: whatever. */
static const struct outcome traced[STEPS] = {
${rows.map((row) => `\t${row},`).join('\n')}
};

/* Whether they answered so again: only then what is not allowed breaks the contract. */
static bool as_traced(void)
{
	unsigned int i;

	for (i = 0; i < STEPS; i++) {
		const struct outcome *was = &traced[i], *is = &seen[i];

		if (was->kind == SKIPPED || (was->kind == ADDRESS && is->kind == ADDRESS))
			continue;
		if (is->kind != was->kind || is->number != was->number || is->name != was->name ||
		    is->page != was->page || is->value != was->value)
			return false;
	}
	return true;
}`;
}

/** The array of these, and the function that compares. */
export const asTraced = (
  kinds: readonly string[],
  byte: string,
): string => `/* What the steps before it answered; SKIPPED: whatever. */
static const ${byte} traced[JUDGED + 1] = {
${kinds.map((kind) => `\t${kind},`).join('\n')}${kinds.length > 0 ? '\n' : ''}\tSKIPPED
};

/* Whether they answered so again: only then what is not allowed breaks the contract. */
static bool as_traced(void)
{
	unsigned int i;

	for (i = 0; i <= JUDGED; i++)
		if (traced[i] != SKIPPED && traced[i] != seen[i].kind)
			return false;
	return true;
}`;
