import { describe, expect, test } from 'vitest';
import { kernelCompiler } from '../../../src/targets/vmalloc/commands.ts';
import { OPTIONS, savedCommand } from '../../../src/targets/vmalloc/configure.ts';
import { filesOfRule } from '../../../src/targets/vmalloc/objects.ts';

/** As the build system of 6.12 writes it, shortened. */
const COMMAND =
  'gcc -Wp,-MMD,mm/.vmalloc.o.d -nostdinc -I/t/arch/um/include -I./include -include /t/include/linux/kconfig.h ' +
  '-D__KERNEL__ -mcmodel=large -fno-builtin -Werror=date-time ' +
  `-DKBUILD_BASENAME='"vmalloc"' -c -o mm/vmalloc.o /t/mm/vmalloc.c`;

describe('the command that compiles mm/vmalloc.c', () => {
  test.each([
    ['6.12', `savedcmd_mm/vmalloc.o := ${COMMAND}  \n\nsource_mm/vmalloc.o := /t/mm/vmalloc.c\n`],
    ['6.1', `cmd_mm/vmalloc.o := ${COMMAND}\n\nsource_mm/vmalloc.o := /t/mm/vmalloc.c\n`],
  ])('is found in the file beside the object, as %s writes it', (_, text) => {
    expect(savedCommand(text)?.trim()).toBe(COMMAND);
  });

  test('is not found in other files', () => {
    expect(savedCommand('source_mm/vmalloc.o := /t/mm/vmalloc.c\n')).toBeUndefined();
  });

  const words = kernelCompiler(COMMAND, '/kit/fixtures/vmalloc', '/t');

  test('names no file, so that it can compile any', () => {
    expect(words.filter((word) => /vmalloc\.[co]/.test(word))).toEqual([]);
    expect(words).not.toContain('-c');
    expect(words).not.toContain('-o');
  });

  test('finds the headers of the shim before those of the tree', () => {
    expect(words.filter((word) => word.startsWith('-I'))).toEqual([
      '-I/kit/fixtures/vmalloc/include',
      '-I/t/arch/um/include',
      '-I./include',
    ]);
  });

  test('includes the configuration of the shim after that of the tree', () => {
    const included = words.filter((_, i) => words[i - 1] === '-include');
    expect(included).toEqual(['/t/include/linux/kconfig.h', '/kit/fixtures/vmalloc/include/config.h']);
  });

  test('keeps the definitions, and turns the sanitizers on', () => {
    expect(words).toContain('-DKBUILD_BASENAME="vmalloc"');
    expect(words).toContain('-mcmodel=small');
    expect(words).not.toContain('-mcmodel=large');
    expect(words).toContain('-fsanitize=address');
  });
});

test('the files of a rule that the compiler wrote', () => {
  expect(filesOfRule('vmalloc.o: /t/mm/vmalloc.c \\\n /t/include/a.h \\\n  include/b.h\n')).toEqual([
    '/t/mm/vmalloc.c',
    '/t/include/a.h',
    'include/b.h',
  ]);
});

test('locks are functions that the shim can provide', () => {
  expect(OPTIONS).toContain('CONFIG_DEBUG_SPINLOCK=y');
});
