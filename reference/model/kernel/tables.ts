import type { Clause } from '../../clauses/clause.ts';
import { printFrame } from '../../notation/frame.ts';
import { frameAt } from './life.ts';
import type { Lives } from './lives.ts';
import { livesAt, surelyLive } from './overlapping.ts';

/** What a look-up in the kernel's page tables is judged by. */
export interface Lookup {
  /** A page that is mapped is found. */
  readonly live: Clause;
  /** Nothing is found where nothing is mapped. */
  readonly none: Clause;
}

/** Judges what the page tables say about a page number, outside of parallel blocks. */
export function lookUp(lives: Lives, location: number, { live, none }: Lookup): void {
  const { model } = lives;
  const { outcome } = model;
  const life = lives.newest.at(location);
  const frame = life && frameAt(life, location);
  if (life === undefined || frame === undefined) {
    const guard = life !== undefined && life.unmapped > model.now;
    const held = outcome.kind === 'null' || (!guard && outcome.kind === 'other');
    return model.expect(none, held, () => (guard ? 'null' : 'null, or other'));
  }
  const page = location - life.start;
  if (life.unmapped > model.now) {
    const held = outcome.kind === 'frame' && outcome.value === frame;
    if (held) model.showEffect(life.mappedBy, life.cpu);
    return model.expect(live, held, () => `${printFrame(frame)}: page ${page} of a${life.name}, which is mapped`);
  }
  if (outcome.kind === 'frame')
    return model.violate(life.removal!.tables, `null, or other: a${life.name} was unmapped`, [none]);
  model.uphold(life.removal!.tables);
  model.uphold(none);
  if (outcome.kind === 'other') lives.takenByOthers(life, page);
}

/** The same in a parallel block: the frame of any life is right that was mapped at some moment of the call. */
export function lookUpOverlapping(lives: Lives, location: number, { live, none }: Lookup): void {
  const { model } = lives;
  const { outcome } = model;
  const here = livesAt(lives, location);
  const surely = surelyLive(model, here);
  if (surely) {
    const frame = frameAt(surely, location)!;
    const held = outcome.kind === 'frame' && outcome.value === frame;
    return model.expect(live, held, () => `${printFrame(frame)}: a${surely.name} is mapped there`);
  }
  if (outcome.kind !== 'frame') return;
  const mapped = here.filter((life) => frameAt(life, location) === outcome.value);
  if (mapped.some((life) => life.unmapped > model.called)) return;
  model.violate(mapped[0]?.removal?.tables ?? none, 'null, or other');
}
