import type { Clause } from '../../clauses/clause.ts';
import type { Judgement } from '../judgement.ts';
import { seenBy } from '../seen.ts';
import { type Life, LOADED, type Permissions } from './life.ts';

/** The permissions of kernel areas, and the judging of writes where they matter. */

/** What a call that forbids writing promises. */
export interface Forbidding {
  /** No CPU can write. */
  readonly denies: Clause;
  /** No old translation allows it either. */
  readonly flushes: Clause;
}

/** A call has made an area read-only. */
export function forbidWriting(life: Life, { denies, flushes }: Forbidding): void {
  if (life.readOnly !== undefined) return;
  life.readOnly = denies;
  life.permissions = { writable: undefined, flushes, unknown: false, denied: new Set() };
}

/** A call has made an area writable. `writable`: the clause that promises it. */
export function allowWriting(life: Life, writable: Clause): void {
  life.readOnly = undefined;
  life.permissions = { writable, flushes: undefined, unknown: false, denied: new Set() };
}

/** A call that makes an area read-only has failed half way. */
export function failToForbid(life: Life): void {
  if (life.readOnly !== undefined) return;
  life.permissions = { writable: undefined, flushes: undefined, unknown: true, denied: new Set() };
}

/** Judges a write to a page that is mapped read-only. */
export function judgeForbiddenWrite(model: Judgement, life: Life, denies: Clause, page: number): void {
  const { permissions } = life;
  const flushes = permissions?.flushes;
  // A CPU that used the page before may have a translation that allows writing.
  const loaded = seenBy(life, model.tlb, page) === LOADED;
  if (model.outcome.kind === 'fault') {
    model.uphold(denies);
    if (permissions === undefined || flushes === undefined) return;
    if (loaded) model.uphold(flushes);
    else model.unarmed(flushes);
    permissions.denied.add(page);
    return;
  }
  const allowed = `fault: a${life.name} is mapped read-only`;
  if (flushes === undefined) return model.violate(denies, allowed);
  const stale = loaded || permissions!.denied.has(page);
  model.violate(stale ? flushes : denies, allowed, [stale ? denies : flushes]);
}

/** Judges a write that faulted at a page that is mapped and not read-only. Returns whether this decides the matter. */
export function mayFault(model: Judgement, { unknown, writable }: Permissions): boolean {
  if (model.outcome.kind !== 'fault') return false;
  if (writable !== undefined) model.violate(writable, 'a frame: CPUs can write to the area again');
  return unknown || writable !== undefined;
}
