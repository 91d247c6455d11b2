import type { Clause } from '../../clauses/clause.ts';
import { printFrame } from '../../notation/frame.ts';
import type { Outcome } from '../../notation/outcome.ts';
import type { Origin } from '../known.ts';
import { frameAt, isReserved, type Life, printPage } from './life.ts';
import type { Lives } from './lives.ts';
import { livesAt, surelyLive } from './overlapping.ts';
import { settles, sparseAt } from './parts.ts';

/** What a look-up in the kernel's page tables is judged by. */
export interface Lookup {
  /** A page that is mapped is found. */
  readonly live: Clause;
  /** Nothing is found where nothing is mapped. */
  readonly none: Clause;
  /**
   * It reads memory: the value of the word is judged, bytes that are nobody's may be zeros, and areas of vm_map_ram and
   * sparse areas may be left out.
   */
  readonly reads?: boolean;
}

/** The areas that a call which reads memory may leave out. */
const LEFT_OUT: ReadonlySet<Origin> = new Set(['ram', 'sparse']);

/** Whether the answer is allowed because the call may leave the area out. */
const leavesOut = ({ reads }: Lookup, life: Life, { kind }: Outcome): boolean =>
  reads === true && LEFT_OUT.has(life.origin) && kind !== 'frame';

/**
 * Whether the frame may be that of any area of vm_map_ram, as the trait says. Where nothing is mapped, the address may
 * belong to such an area of other code, or of the program, since it was given back.
 * @param mapped the area that is surely mapped at the address, if any.
 */
function readsAnyRam({ reads }: Lookup, { model, named, mapping }: Lives, mapped: Life | undefined): boolean {
  const { outcome, called, traits } = model;
  if (!reads || outcome.kind !== 'frame' || traits.vread_ram !== 'undefined') return false;
  if (mapped !== undefined && mapped.origin !== 'ram') return false;
  const fits = (life: Life | undefined): boolean =>
    life?.origin === 'ram' && life.unmapped > called && life.frames.includes(outcome.value);
  return named.some(fits) || mapping.some(fits);
}

/** Judges what the page tables say about a page number, outside of parallel blocks. */
export function lookUp(lives: Lives, location: number, by: Lookup): void {
  const { model } = lives;
  const { outcome } = model;
  const { live, none, reads } = by;
  const life = lives.newest.at(location);
  const frame = life && frameAt(life, location);
  const isLive = life !== undefined && life.unmapped > model.now && !life.deferred;
  if (readsAnyRam(by, lives, isLive && frame !== undefined ? life : undefined)) return;
  if (life === undefined || frame === undefined) {
    const guard = isLive && !reads;
    const held = outcome.kind === 'null' || (!guard && outcome.kind === 'other');
    return model.expect(none, held, () => (guard ? 'null' : 'null, or other'));
  }
  const page = location - life.start;
  if (life.deferred) {
    const own = outcome.kind === 'frame' && outcome.value === frame;
    if (own && reads) model.touch(frame);
    const allowed = (): string => `${printFrame(frame)}, null, or other: a${life.name} is being freed`;
    return model.expect(life.removal!.tables, own || outcome.kind !== 'frame', allowed);
  }
  if (isLive) {
    const held = outcome.kind === 'frame' && outcome.value === frame;
    if (held) model.showEffect(life.mappedBy, life.cpu);
    if (held && reads) model.touch(frame);
    if (leavesOut(by, life, outcome)) return model.unarmed(live);
    if (!life.certain && settles(lives, life, outcome.kind === 'null')) return;
    return model.expect(live, held, () => `${printFrame(frame)}: ${printPage(life, page)}, which is mapped`);
  }
  if (outcome.kind === 'frame') {
    // Other look-ups show what the page tables have. A read may also compute the wrong page.
    const [broken, also] = reads ? [none, life.removal!.tables] : [life.removal!.tables, none];
    return model.violate(broken, `null, or other: a${life.name} was unmapped`, [also]);
  }
  if (outcome.kind === 'other' && !reads && isReserved(life, model.now))
    return model.violate(none, `null: nothing is mapped at ${printPage(life, page)}`);
  model.uphold(life.removal!.tables);
  model.uphold(none);
  if (outcome.kind === 'other' && !reads && !life.freedByWorker) lives.takenByOthers(life, page);
}

/** The same in a parallel block: the frame of any life is right that was mapped at some moment of the call. */
export function lookUpOverlapping(lives: Lives, location: number, by: Lookup): void {
  if (sparseAt(lives, location)) return lookUp(lives, location, by);
  const { model } = lives;
  const { live, none } = by;
  const { outcome } = model;
  const here = livesAt(lives, location);
  const surely = surelyLive(model, here);
  if (readsAnyRam(by, lives, surely)) return;
  if (surely) {
    const frame = frameAt(surely, location)!;
    if (leavesOut(by, surely, outcome)) return;
    const held = outcome.kind === 'frame' && outcome.value === frame;
    return model.expect(live, held, () => `${printFrame(frame)}: a${surely.name} is mapped there`);
  }
  if (outcome.kind !== 'frame') return;
  const mapped = here.filter((life) => frameAt(life, location) === outcome.value);
  if (mapped.some((life) => life.unmapped > model.called)) return;
  model.violate(by.reads ? none : (mapped[0]?.removal?.tables ?? none), 'null, or other');
}

/** What a look-up of the descriptor of an area is judged by. */
export interface DescriptorLookup {
  /** The area that starts at the address is found. */
  readonly finds: Clause;
  /** Nothing of the program is found where no live area starts. */
  readonly none: Clause;
}

/** True if an area of no pages is found that starts at a page number: it may have a descriptor. */
function findsEmptyArea({ model, named }: Lives, location: number): boolean {
  const { outcome, traits, now } = model;
  if (traits.zero_vmap !== 'address' || outcome.kind !== 'number' || outcome.value !== 0) return false;
  return named.some((life) => life?.pages === 0 && life.start === location && life.unmapped > now);
}

/** Judges what is found at the page number at which an area starts, or started. */
export function findDescriptor(lives: Lives, location: number, { finds, none }: DescriptorLookup): void {
  const { model } = lives;
  const { outcome, overlapping } = model;
  const newest = overlapping ? surelyLive(model, livesAt(lives, location)) : lives.newest.at(location);
  const life = sparseAt(lives, location) ?? newest;
  if (life === undefined || life.start !== location || life.unmapped <= model.now) {
    if (overlapping || findsEmptyArea(lives, location)) return;
    return model.expect(none, outcome.kind !== 'number', () => 'null, or other: no area starts there');
  }
  // An area that a worker frees may be gone, and its address that of an area of no pages.
  if (life.deferred && (outcome.kind !== 'number' || findsEmptyArea(lives, location))) return;
  // The areas of vm_map_ram are addresses alone, unless it is made of the same parts as vmap.
  if (life.origin === 'ram' && outcome.kind === 'null') return model.unarmed(finds);
  const held = outcome.kind === 'number' && outcome.value === life.pages;
  if (held) model.showEffect(life.mappedBy, life.cpu);
  model.expect(finds, held, () => `${life.pages}: a${life.name}, which is mapped`);
}
