import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VOCABULARY } from '../../../reference/contract.ts';
import { type Document, parse, print } from '../../../reference/notation/document.ts';
import { NotationError } from '../../../reference/notation/scanner.ts';
import { document } from '../../support/documents.ts';
import { testInTwoSizes } from '../../support/sizes.ts';

/** A document as plain values: maps become lists. */
const plain = ({ kind, header, entries }: Document): unknown => ({
  kind,
  header: { ...header, traits: [...header.traits].sort(), windows: [...header.windows].sort() },
  entries: entries.map(({ id, trace: { program, outcomes, times } }) => ({
    id,
    steps: program.steps.map(({ cpu, call, binds, args }) => ({ cpu, call: call.name, binds, args })),
    size: [program.cpus, program.frames],
    blocks: program.blocks.map(({ start, end, attributes }) => ({ start, end, attributes: [...attributes] })),
    outcomes,
    times,
  })),
});

const read = (text: string): Document => parse(text, VOCABULARY);

describe('printing and parsing', () => {
  testInTwoSizes('parse(print(document)) equals the document', { small: 25, full: 500 }, (numRuns) => {
    fc.assert(
      fc.property(document, (written) => {
        expect(plain(read(print(written)))).toEqual(plain(written));
      }),
      { numRuns },
    );
  });

  testInTwoSizes('print writes plain ASCII, one item per line', { small: 40, full: 150 }, (numRuns) => {
    fc.assert(
      fc.property(document, (written) => {
        expect(print(written)).toMatch(/^(?:[\x20-\x7e]*\n)+$/);
      }),
      { numRuns },
    );
  });

  const canonical = 'print(parse(text)) is canonical: without extra blanks and comments, lists in short form';
  testInTwoSizes(canonical, { small: 40, full: 200 }, (numRuns) => {
    const noise = fc.array(fc.constantFrom('', '  ', '\t', '# a comment', '\r'), { maxLength: 40 });
    fc.assert(
      fc.property(document, noise, (written, blanks) => {
        const text = print(written);
        const loose = text
          .split('\n')
          .flatMap((line, i) => {
            const blank = blanks[i] ?? '';
            const ends = line.startsWith('target') || blank === '' ? '' : blank === '\r' ? '\r' : ` ${blank}`;
            return i === 0 ? [line] : [...(blank === '\r' ? [] : [blank]), ` ${line}${ends}`];
          })
          .join('\n');
        expect(print(read(loose))).toBe(text);
      }),
      { numRuns },
    );
    const ended =
      'mmspec program 1\r\r\nprofile linux-6.1\r\r \r\ncpus 2\t\r\r\nframes 64\r\r\n@0 vm_unmap_aliases\r\r\n';
    expect(print(read(ended))).toBe('mmspec program 1\nprofile linux-6.1\ncpus 2\nframes 64\n@0 vm_unmap_aliases\n');
    const inside = 'mmspec program 1\nprofile linux-6.1\r # a comment\ncpus 2\nframes 64\n@0\rvm_unmap_aliases\n';
    expect(print(read(inside))).toBe(print(read(ended)));
    const spelled = 'mmspec program 1\n@0 a0 = vmap f0 f1 f2 f3 f9 f9 f9 f5 f6\n';
    expect(print(read(spelled))).toBe('mmspec program 1\ncpus 2\nframes 64\n@0 a0 = vmap f0..f3 f9x3 f5 f6\n');
    const pages = 'mmspec program 1\n@0 vm_insert_pages v0 v0 f7 a0:1 a0:2 a0:3 a1:0 a1:0 a1:0 f0 a2:5\n';
    expect(print(read(pages))).toBe(
      'mmspec program 1\ncpus 2\nframes 64\n@0 vm_insert_pages v0 v0 f7 a0:1..a0:3 a1:0x3 f0 a2:5\n',
    );
  });
});

/** Malformed texts: the lines after the first one, and the message. */
const MALFORMED: readonly (readonly [title: string, lines: string, message: string])[] = [
  [
    'an unknown header line',
    'size 3',
    'line 2, column 1: expected a header line (target, profile, trait, cpus, frames, page, window, memory) or a step (@0 CALL ...), found "size"',
  ],
  ['no CPUs', 'cpus 0', 'line 2, column 6: expected a number of CPUs (1 to 64), found "0"'],
  [
    'too many frames',
    'frames 1048577',
    'line 2, column 8: expected a number of frames (1 to 1048576), found "1048577"',
  ],
  [
    'a page size that is not a power of two',
    'page 5000',
    'line 2, column 6: expected a page size in bytes (a power of two, 4096 to 1048576), found "5000"',
  ],
  [
    'a page size after a window',
    'window user 0x1000 0x2000\npage 8192',
    'line 3, column 6: expected the page size before the windows, found "8192"',
  ],
  [
    'a window of an unknown side',
    'window both 0x1000 0x2000',
    'line 2, column 8: expected kernel or user, found "both"',
  ],
  [
    'a window that is not page aligned',
    'window user 0x1000 0x2008',
    'line 2, column 20: expected the address of a page (0xffffc90000000000), found "0x2008"',
  ],
  [
    'an empty window',
    'window user 0x2000 0x2000',
    'line 2, column 20: expected an end of the window beyond its start, found "0x2000"',
  ],
  ['a trait without value', 'trait tlb', 'line 2, column 7: expected a trait (tlb=lazy), found "tlb"'],
  ['a trait line without a trait', 'trait', 'line 2, column 6: expected a trait (tlb=lazy), found the end of the line'],
  [
    'a step without a CPU',
    'vmap f0',
    'line 2, column 1: expected a header line (target, profile, trait, cpus, frames, page, window, memory) or a step (@0 CALL ...), found "vmap"',
  ],
  ['a CPU that is not a number', '@x read a0', 'line 2, column 1: expected a step (@0 CALL ...), found "@x"'],
  [
    'a CPU beyond the header',
    '  @2 read a0',
    'line 2, column 3: expected a CPU below 2 (header line cpus), found "@2"',
  ],
  [
    'an argument too few',
    '@0 vm_unmap_ram a0',
    'line 2, column 19: expected count: a number of pages (4), found the end of the line',
  ],
  [
    'an argument too many',
    '@0 vm_unmap_aliases a0',
    'line 2, column 21: expected => OUTCOME or the end of the line, found "a0"',
  ],
  ['a frame for an area', '@0 vunmap f0', 'line 2, column 11: expected area: an area (a0, hole, null), found "f0"'],
  [
    'a VMA with an offset',
    '@0 munmap v0+0x1000',
    'line 2, column 11: expected vma: a VMA without offset (v0), found "v0+0x1000"',
  ],
  [
    'an address without 0x',
    '@0 read a0+1000',
    'line 2, column 9: expected addr: an address (a0+0x1000, v0, hole, null), found "a0+1000"',
  ],
  [
    'a number with a leading zero',
    '@0 vm_unmap_ram a0 04',
    'line 2, column 20: expected count: a number of pages (4), found "04"',
  ],
  [
    'decimal bytes',
    '@0 a0 = vmalloc 4096',
    'line 2, column 17: expected size: a number of bytes (0x1000), found "4096"',
  ],
  [
    'bytes that would lose bits',
    '@0 a0 = vmalloc 0xffffffffffffffff',
    'line 2, column 17: expected a number of bytes below 2^53, or of whole pages, found "0xffffffffffffffff"',
  ],
  [
    'too many frames in all',
    '@0 a0 = vmap f0x1048576 f0',
    'line 2, column 25: expected at most 1048576 frames, found "f0"',
  ],
  [
    'a value too large',
    '@0 write a0 1048576',
    'line 2, column 13: expected value: a number up to 1048575, found "1048576"',
  ],
  [
    'a range that descends',
    '@0 a0 = vmap f3..f1',
    'line 2, column 14: expected an ascending range of frames, found "f3..f1"',
  ],
  [
    'a range of pages of an area that descends',
    '@0 vm_insert_pages v0 v0 a0:3..a0:1',
    'line 2, column 26: expected an ascending range of frames, found "a0:3..a0:1"',
  ],
  [
    'a range from one area to another',
    '@0 vm_insert_pages v0 v0 a0:0..a1:1',
    'line 2, column 26: expected => OUTCOME or the end of the line, found "a0:0..a1:1"',
  ],
  [
    'a page of an area where only frames can be',
    '@0 a0 = vmap f0 a0:1',
    'line 2, column 17: expected => OUTCOME or the end of the line, found "a0:1"',
  ],
  ['a step that does not bind its name', '@0 vmap f0', 'line 2, column 4: expected a0 = vmap ..., found "vmap"'],
  [
    'a name for a call that binds none',
    '@0 a0 = vunmap a1',
    'line 2, column 4: expected vunmap without a name before it, found "a0"',
  ],
  ['a name of the wrong kind', '@0 v0 = vmap f0', 'line 2, column 4: expected a0 = vmap ..., found "v0"'],
  ['an object as a name', '@0 o0 = vmap f0', 'line 2, column 4: expected a name to bind (a0, v0, m0), found "o0"'],
  [
    'an unknown flag',
    '@0 a0 = vmap f0 flags=no_guard',
    'line 2, column 23: expected flags: of put_pages, read_only, null, found "no_guard"',
  ],
  ['an unknown option', '@0 a0 = vmap f0 node=1', 'line 2, column 17: expected flags=, found "node=1"'],
  [
    'an option given twice',
    '@0 a0 = vmap f0 flags=put_pages flags=put_pages',
    'line 2, column 33: expected no further argument of vmap, found "flags=put_pages"',
  ],
  [
    'an unknown kind',
    '@0 v0 = mmap o0 1 anon shared',
    'line 2, column 19: expected kind: one of plain, pfnmap, mixedmap, found "anon"',
  ],
  [
    'no outcome after the arrow',
    '@0 vm_unmap_aliases =>',
    'line 2, column 23: expected an outcome (ok, null, fault, other, skipped, unsupported, timeout, f3, a0:2, 0xffff..., -EBUSY, 12, NOPAGE, crash "..."), found the end of the line',
  ],
  [
    'an unknown outcome',
    '@0 vm_unmap_aliases => done',
    'line 2, column 24: expected an outcome (ok, null, fault, other, skipped, unsupported, timeout, f3, a0:2, 0xffff..., -EBUSY, 12, NOPAGE, crash "..."), found "done"',
  ],
  [
    'a crash without its text',
    '@0 vm_unmap_aliases => crash oops',
    'line 2, column 30: expected a text in double quotes, found "oops"',
  ],
  [
    'an outcome after a step without',
    '@0 vm_unmap_aliases\n@0 vm_unmap_aliases => ok',
    'line 3, column 21: expected no outcome, because the steps before have none, found "=>"',
  ],
  [
    'times outside a block',
    '@0 vm_unmap_aliases => ok [1 2]',
    'line 2, column 30: expected no times outside a par block, found "2]"',
  ],
  [
    'a return before the call',
    'par\n@0 vm_unmap_aliases => ok [2 2]\nend',
    'line 3, column 30: expected a time of return after the time of call ([3 8]), found "2]"',
  ],
  ['an empty block', 'par\nend', 'line 3, column 1: expected a step in the par block, found "end"'],
  [
    'a block in a block',
    'par\n@0 vm_unmap_aliases\npar',
    'line 4, column 1: expected end of the block before, found "par"',
  ],
  [
    'a block that does not end',
    'par\n@0 vm_unmap_aliases',
    'line 3, column 1: expected end of the par block, found the end of the text',
  ],
  [
    'an end of nothing',
    '@0 vm_unmap_aliases\nend',
    'line 3, column 1: expected end NUMBER, since no par block is open, found "end"',
  ],
  [
    'an end of no program',
    '@0 vm_unmap_aliases\nend 1',
    'line 3, column 5: expected no end: no `program NUMBER` is open, found "1"',
  ],
  ['the end of another program', 'program 1\nend 2', 'line 3, column 5: expected end 1, found "2"'],
  [
    'a program that does not end',
    'program 1\n@0 vm_unmap_aliases',
    'line 3, column 1: expected end 1, found the end of the text',
  ],
  [
    'a program in a program',
    'program 1\n@0 vm_unmap_aliases\nprogram 2',
    'line 4, column 1: expected end 1 before the next program, found "program"',
  ],
  [
    'a program after bare steps',
    '@0 vm_unmap_aliases\nprogram 2',
    'line 3, column 1: expected every step inside a program ... end pair, found "program"',
  ],
  [
    'bare steps after a program',
    'program 1\nend 1\n@0 vm_unmap_aliases',
    'line 4, column 1: expected program NUMBER before further steps, found "@0"',
  ],
  [
    'a header after a program',
    'program 1\nend 1\ncpus 4',
    'line 4, column 1: expected program NUMBER, or the end of the text, found "cpus"',
  ],
  ['words after an end', 'program 1\nend 1 2', 'line 3, column 7: expected the end of the line, found "2"'],
];

describe('parse refuses, and says where, what was expected and what was found:', () => {
  const failure = (text: string): NotationError => {
    try {
      read(text);
    } catch (error) {
      if (error instanceof NotationError) return error;
      throw error;
    }
    throw new Error('the text was accepted');
  };

  for (const [title, lines, message] of MALFORMED) {
    test(title, () => {
      const error = failure(`mmspec trace 1\n${lines}`);
      expect(error.message).toBe(message);
      expect(error.message).toContain(`line ${error.line}, column ${error.column}: expected ${error.expected}, found`);
    });
  }

  test('an unknown call, with a list of all calls', () => {
    const { message } = failure('mmspec trace 1\n@0 vmapp f0');
    expect(message).toBe(`line 2, column 4: expected a call (${[...VOCABULARY.keys()].join(', ')}), found "vmapp"`);
  });

  test('an outcome in a program', () => {
    expect(failure('mmspec program 1\n@0 vm_unmap_aliases => ok').message).toBe(
      'line 2, column 21: expected no outcome in a program (the first line of a trace is `mmspec trace 1`), found "=>"',
    );
  });

  test('a wrong first line', () => {
    const expected = 'expected `mmspec program 1` or `mmspec trace 1` as the first line, found';
    expect(failure('').message).toBe(`line 1, column 1: ${expected} the end of the text`);
    expect(failure('@0 vm_unmap_aliases').message).toBe(`line 1, column 1: ${expected} "@0"`);
    expect(failure('# only a comment\nmmspec history 1').message).toBe(`line 2, column 8: ${expected} "history"`);
    expect(failure('mmspec trace 2').message).toBe('line 1, column 14: expected version 1 of the notation, found "2"');
  });

  const changed = 'any changed text, or accepts it: it never fails in another way';
  testInTwoSizes(changed, { small: 25, full: 500 }, (numRuns) => {
    const piece = fc.constantFrom('', ' ', '@', '=>', 'a0', 'f1..', '0x', 'end', '"', '\n', '#', '-', '9'.repeat(20));
    fc.assert(
      fc.property(document, fc.nat(), fc.nat({ max: 4 }), piece, (written, at, cut, added) => {
        const text = print(written);
        const start = at % text.length;
        try {
          const again = read(text.slice(0, start) + added + text.slice(start + cut));
          expect(plain(read(print(again)))).toEqual(plain(again));
        } catch (error) {
          expect(error).toBeInstanceOf(NotationError);
        }
      }),
      { numRuns },
    );
  });
});
