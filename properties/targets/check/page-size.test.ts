import { expect, test } from 'vitest';
import { CALLS } from '../../../src/targets/check/calls.ts';
import type { Conversation } from '../../../src/targets/check/conversation.ts';

/** The lines that a check sends to a target with pages of 64 KiB. */
async function linesOf(name: string): Promise<string[]> {
  const lines: string[] = [];
  const talk: Partial<Conversation> = {
    needs: () => {},
    needsAbility: () => {},
    bytes: (pages) => `0x${(pages * 0x10000).toString(16)}`,
    expect: async (pairs) => {
      lines.push(...(pairs as readonly string[]));
      return [];
    },
  };
  await CALLS.find((check) => check.name === name)!.run(talk as Conversation);
  return lines;
}

test.each(['area_pages', 'area_page_lists'])('%s counts in pages of the target', async (name) => {
  const sizes = (await linesOf(name)).flatMap((line) => line.match(/(?<=\+|vmalloc )0x[0-9a-f]+/g) ?? []);
  expect(sizes.length).toBeGreaterThan(0);
  expect(sizes.filter((size) => Number(size) % 0x10000 !== 0)).toEqual([]);
});
