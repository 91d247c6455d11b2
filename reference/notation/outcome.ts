import { type FrameId, printFrame } from './frame.ts';

/**
 * The kind of a step's outcome. `Outcome` says what comes with each kind.
 *
 * @example
 * ```ts
 * import type { OutcomeKind } from 'mmspec';
 *
 * const endsTrace: OutcomeKind[] = ['crash', 'timeout'];
 * ```
 */
export type OutcomeKind =
  | 'ok'
  | 'address'
  | 'null'
  | 'frame'
  | 'fault'
  | 'other'
  | 'errno'
  | 'number'
  | 'vmfault'
  | 'skipped'
  | 'unsupported'
  | 'warn'
  | 'crash'
  | 'timeout';

/**
 * What a target answered to one step. All kinds share one shape, which keeps the judge's hot path monomorphic:
 *
 * | kind | value | extra | text |
 * | --- | --- | --- | --- |
 * | `address` | page number (address / page size) | bytes into that page | |
 * | `frame` | frame id | value of the word that was read | |
 * | `number` | the number | | |
 * | `errno` | | | name without the sign: `EBUSY` |
 * | `vmfault` | | | `NOPAGE`, `SIGBUS`, `OOM` |
 * | `warn`, `crash` | | | what the log said |
 *
 * `note` is the second number of a compound outcome, or -1: the pages `left` undone after an errno, the first page that
 * is `dirty` (not all zero) after the address of a `vzalloc`, the first page that is `readonly` in the direct map after the
 * `ok` of a `vfree`.
 *
 * @example
 * ```ts
 * import { type Outcome, outcomes } from 'mmspec';
 *
 * const outcome: Outcome = outcomes.reached(3, 7);
 * console.log(outcome.kind, outcome.value, outcome.extra, outcomes.printOutcome(outcome)); // frame 3 7 f3:7
 * ```
 */
export interface Outcome {
  readonly kind: OutcomeKind;
  readonly value: number;
  readonly extra: number;
  readonly text: string;
  readonly note: number;
}

const make = (kind: OutcomeKind, value = 0, extra = 0, text = '', note = -1): Outcome => ({
  kind,
  value,
  extra,
  text,
  note,
});

export const OK = make('ok');
/** An unmapping call returned. `readonly`: the first page of the area that cannot be written to in the direct map. */
export const freed = (readonly = -1): Outcome => (readonly < 0 ? OK : make('ok', 0, 0, '', readonly));
export const NIL = make('null');
export const FAULT = make('fault');
export const OTHER = make('other');
export const SKIPPED = make('skipped');
export const UNSUPPORTED = make('unsupported');
export const TIMEOUT = make('timeout');

const frames: Outcome[] = Array.from({ length: 1024 }, (_, frame) => make('frame', frame));
const numbers: Outcome[] = Array.from({ length: 64 }, (_, value) => make('number', value));
const errnos = new Map<string, Outcome>();
const vmfaults = new Map<string, Outcome>();

/** An access reached a frame; `value` is that of the word. */
export const reached = (frame: FrameId, value = 0): Outcome =>
  value === 0 && frame < frames.length ? frames[frame] : make('frame', frame, value);
/**
 * A mapping call returned an address: its page number, and the bytes into that page. `dirty`: the first page that is not
 * all zero, for `vzalloc`.
 */
export const address = (page: number, offset = 0, dirty = -1): Outcome => make('address', page, offset, '', dirty);
/** A call returned a number. */
export const number = (value: number): Outcome => numbers[value] ?? make('number', value);
/** A call returned an errno: its name without the sign (`EBUSY`). `left`: the number of pages that were not done. */
export function errno(name: string, left = -1): Outcome {
  if (left >= 0) return make('errno', 0, 0, name, left);
  let known = errnos.get(name);
  if (!known) errnos.set(name, (known = make('errno', 0, 0, name)));
  return known;
}
/** A call returned a `vm_fault_t`: its name without `VM_FAULT_` (`NOPAGE`). */
export function vmfault(name: string): Outcome {
  let known = vmfaults.get(name);
  if (!known) vmfaults.set(name, (known = make('vmfault', 0, 0, name)));
  return known;
}
/** The implementation crashed in this step. */
export const crash = (text: string): Outcome => make('crash', 0, 0, text);
/** The implementation went on, but its log has a warning about this step. */
export const warn = (text: string): Outcome => make('warn', 0, 0, text);

/** Prints an address from its page number and the offset in that page. `pageSize` is in bytes. */
export function printLocation(page: number, offset: number, pageSize: number): string {
  return `0x${(BigInt(page) * BigInt(pageSize) + BigInt(offset)).toString(16)}`;
}

/** A JSON string in plain ASCII. A log can contain anything, the wire and saved files must not. */
export const quote = (text: string): string =>
  JSON.stringify(text).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Prints an outcome. `pageSize` is in bytes. */
export function printOutcome(outcome: Outcome, pageSize = 4096): string {
  switch (outcome.kind) {
    case 'address': {
      const at = printLocation(outcome.value, outcome.extra, pageSize);
      return outcome.note < 0 ? at : `${at} dirty ${outcome.note}`;
    }
    case 'ok':
      return outcome.note < 0 ? 'ok' : `ok readonly ${outcome.note}`;
    case 'frame':
      return outcome.extra === 0 ? printFrame(outcome.value) : `${printFrame(outcome.value)}:${outcome.extra}`;
    case 'number':
      return String(outcome.value);
    case 'errno':
      return outcome.note < 0 ? `-${outcome.text}` : `-${outcome.text} left ${outcome.note}`;
    case 'vmfault':
      return outcome.text;
    case 'crash':
    case 'warn':
      return `${outcome.kind} ${quote(outcome.text)}`;
    default:
      return outcome.kind;
  }
}

/** Whether two outcomes are equal. */
export const sameOutcome = (a: Outcome, b: Outcome): boolean =>
  a === b ||
  (a.kind === b.kind && a.value === b.value && a.extra === b.extra && a.text === b.text && a.note === b.note);
