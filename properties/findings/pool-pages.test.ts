import { describe, expect, test } from 'vitest';
import { VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { withPoolPages } from '../../src/findings/localise/pool-pages.ts';
import { agree } from '../../src/targets/agreement.ts';
import { embedded } from '../../src/targets/embedded/index.ts';

describe('frames of the pool in the place of pages of areas', () => {
  const { manifest } = embedded('lazy')!;
  const { traits, terms } = agree(manifest);
  const inPool = (frames: number, ...steps: readonly string[]): string[] | undefined => {
    const lines = ['@0 a0 = vmalloc 0x2000', '@0 v0 = mmap o0 3 mixedmap shared', ...steps];
    const text = `mmspec program 1\ncpus 3\nframes ${frames}\n${lines.join('\n')}\n`;
    const { program } = parse(text, VOCABULARY).entries[0].trace;
    const changed = withPoolPages(program, { manifest, traits, page: terms.page });
    return changed && printSteps(changed).trim().split('\n').slice(2);
  };

  test('are others than those that the program names, also in lists', () => {
    expect(inPool(8, '@0 vm_insert_page v0 v0 a0:1')).toEqual(['@0 vm_insert_page v0 v0 f0']);
    expect(inPool(8, '@0 vm_insert_pages v0 v0 a0:1 f0 a0:0')).toEqual(['@0 vm_insert_pages v0 v0 f1 f0 f2']);
  });

  test('are missing once the program names all frames', () => {
    expect(inPool(1, '@0 vm_insert_page v0 v0+0x2000 f0', '@0 vm_insert_page v0 v0 a0:1')).toBeUndefined();
    expect(inPool(2, '@0 vm_insert_pages v0 v0 a0:1 f0 a0:0')).toBeUndefined();
  });
});
