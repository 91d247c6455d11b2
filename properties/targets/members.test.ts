import { expect, test } from 'vitest';
import { limited } from '../../src/targets/limited.ts';
import { membersOf, type Target } from '../../src/targets/target.ts';
import { programOf } from '../support/programs.ts';

/** The compiler complains if a member is missing here. */
const NAMES: Readonly<Record<keyof Target, true>> = {
  manifest: true,
  run: true,
  entered: true,
  definition: true,
  spent: true,
  fresh: true,
  close: true,
};

/** A target with all members. They are methods of a class and use its private fields, so a spread would lose them. */
class Whole implements Required<Target> {
  readonly manifest = { name: 'whole' } as Target['manifest'];
  readonly #entered = new Set<string>();
  #closed = false;

  async run() {
    this.#entered.add('vunmap');
    return [];
  }
  entered() {
    if (this.#closed) throw new Error('closed');
    return new Set(this.#entered);
  }
  definition(name: string) {
    if (this.#closed) throw new Error('closed');
    return `mm/vmalloc.c:${name.length}`;
  }
  async spent() {
    return { programs: this.#entered.size, steps: 0, microseconds: new Map() };
  }
  async fresh() {
    this.#entered.clear();
  }
  async close() {
    this.#closed = true;
  }
}

test('a target made from another one keeps all of its members', () => {
  expect(Object.keys(membersOf(new Whole())).sort()).toEqual(Object.keys(NAMES).sort());
});

test('members that a target lacks stay undefined', () => {
  const { manifest, run, close }: Target = new Whole();
  expect(Object.keys(membersOf({ manifest, run, close })).sort()).toEqual(['close', 'manifest', 'run']);
});

test('a target made from another one acts on it, also when it is limited in time', async () => {
  const target = limited({ ...membersOf(new Whole()), spec: 'whole' }, new AbortController().signal);
  expect([...target.entered!()]).toEqual([]);
  await target.run([programOf('@0 vm_unmap_aliases')]);
  expect([...target.entered!()]).toEqual(['vunmap']);
  expect(target.definition!('vunmap')).toBe('mm/vmalloc.c:6');
  await target.fresh!();
  expect([...target.entered!()]).toEqual([]);
  await target.close();
  expect(() => target.entered!()).toThrow('closed');
});
