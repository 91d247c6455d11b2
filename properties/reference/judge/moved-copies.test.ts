import { expect, test } from 'vitest';
import { Tally } from '../../../reference/clauses/tally.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import { judge } from '../../../reference/judge/judge.ts';
import { parse } from '../../../reference/notation/document.ts';
import { profileNamed } from '../../../reference/profiles/profiles.ts';

const violationOf = (steps: string) =>
  judge(
    parse(`mmspec trace 1\ncpus 2\nframes 8\n${steps}`, VOCABULARY).entries[0].trace,
    { traits: profileNamed('documented').traits, page: 4096, windows: new Map() },
    new Tally(),
  );

const MOVED = `@0 v0 = mmap o0 1 pfnmap private remap=f0 => 0x200000000
@0 break_cow v0 => ok
@0 v1 = mremap v0 1 => 0x200008000
`;

test('a private copy keeps its name when its VMA moves, also in a parallel block', () => {
  const block = `par\n@0 break_cow v1 => ok [1 2]\n@1 page_count f0 => 0 [3 4]\nend\n`;
  expect(violationOf(`${MOVED}@0 read v1 => v0:0\n`)).toBeUndefined();
  expect(violationOf(`${MOVED}${block}@0 read v1 => v0:0\n`)).toBeUndefined();
  expect(violationOf(`${MOVED}${block}@0 read v1 => f0\n`)?.step).toBe(5);
});
