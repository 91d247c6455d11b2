import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import { printSteps, printTraceSteps } from '../../reference/notation/print.ts';
import { UsageError } from '../../src/common/errors.ts';
import { showsDirectMap } from '../../src/output/export/exhibit.ts';
import { EXPORTS, type Exhibit } from '../../src/output/export/index.ts';
import { SHIPPED } from '../../src/run/directed.ts';
import { command, type Ended, folder, mmspec, ROOT } from '../support/cli.ts';
import { exhibitOfText, exhibits, heldOf, NOT_IN_MODULES } from '../support/exhibits.ts';
import { longUnless } from '../support/sizes.ts';
import { FULL_BLOCK } from '../support/traces.ts';

const all = exhibits();
const written = (form: string, exhibit: Exhibit): string => EXPORTS.get(form)!.write(exhibit);
/** A leak shows after the program only, so C forms refuse it. */
const isLeak = ({ violation }: Exhibit): boolean => violation?.clause.id === 'SAFE-3';
const sequential = all.filter(
  (exhibit) => exhibit.trace.program.blocks.length === 0 && !isLeak(exhibit) && !showsDirectMap(exhibit),
);

/** The exported C programs that were compiled, by their text. */
const compiled = new Map<string, string>();

/** Compiles an exported C program with the stub implementation, and returns the path of the program. */
async function compile(exhibit: Exhibit, where: string): Promise<string> {
  const text = written('c', exhibit);
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const program = join(where, `${compiled.size}`);
  const source = `${program}-${EXPORTS.get('c')!.file(exhibit)}`;
  writeFileSync(source, text);
  const stub = join(ROOT, 'properties/support/stub.c');
  const { stderr } = await command('gcc', [
    ...['-std=c99', '-O1', '-Wall', '-Wextra', '-Werror', `-DPROGRAM="${source}"`],
    ...['-o', program, stub],
  ]);
  expect(stderr).toBe('');
  compiled.set(text, program);
  return program;
}

/** Runs an exported C program; `env` changes the implementation: see stub.c. */
const runPlain = async (exhibit: Exhibit, where: string, env: Readonly<Record<string, string>> = {}) =>
  command(await compile(exhibit, where), [], { env });

describe('plain C', () => {
  const where = folder();

  // A compiler runs for each of them, so `npm test` takes one in forty.
  for (const [i, exhibit] of sequential.entries())
    test(`of ${exhibit.name} compiles, and a conforming implementation passes`, longUnless(i % 40 === 0), async () => {
      const { code, stdout } = await runPlain(exhibit, where);
      // Another implementation makes other allocations, so an injected failure may make the run inconclusive.
      const injected = exhibit.trace.program.steps.some(({ call }) => call.name === 'fail_after');
      expect([0, injected ? 2 : 0], stdout).toContain(code);
    });

  test('finds the violation in an implementation that has the bug', async () => {
    const { code, stdout } = await runPlain(exhibitOfText('full_block', FULL_BLOCK), where, { KEEPS: '1' });
    expect(code).toBe(1);
    expect(stdout).toContain('violated: @1 read a0 => f0; allowed: fault, or other');
    expect(stdout).toContain('ALIAS-1: After vm_unmap_aliases has returned');
  });

  test('of a program that held also finds the violation', async () => {
    const { code, stdout } = await runPlain(heldOf(exhibitOfText('full_block_held', FULL_BLOCK)), where, {
      KEEPS: '1',
    });
    expect(code).toBe(1);
    expect(stdout).toContain('violated: @1 read a0 => f0; allowed: fault, or other');
    expect(stdout).toContain('ALIAS-1: After vm_unmap_aliases has returned');
  });

  test.each([
    ['trailing', '0', 1],
    ['trailing', '1', 0],
    ['leading', '0', 1],
    ['leading', '1', 0],
    ['none', '0', 0],
  ])(
    'of overlapping areas, judged with guard=%s and run with GUARD=%s, exits with %i',
    async (guard, GUARD, expected) => {
      const text = `mmspec trace 1\nprofile documented\ntrait guard=${guard}\ncpus 1\nframes 2\n@0 a0 = vmap f0 => 0xffffc90000400000\n@0 a1 = vmap f1 => 0xffffc90000400000\n`;
      const { code, stdout } = await runPlain(exhibitOfText(`overlap_${guard}`, text), where, { GUARD });
      expect(code, stdout).toBe(expected);
    },
  );

  test('of a program in which no answer can be wrong is refused', () => {
    const text = 'mmspec trace 1\ncpus 1\nframes 1\nprogram 1\n@0 vm_unmap_aliases => ok\nend 1\n';
    for (const form of ['c', 'kmod', 'kunit'])
      expect(() => written(form, exhibitOfText('nothing', text))).toThrow(/add a step that looks/);
  });

  test.each(['SAFE-3.good', 'a block'])(
    'of %s, where no answer can be wrong and a step binds a name, is refused too',
    (name) => {
      const block =
        'mmspec trace 1\ntrait memory=scarce\ncpus 2\nframes 1\npar\n@0 a0 = vmap f0 => 0xffffc90000400000 [1 2]\n@0 vunmap a0 => ok [3 4]\n@1 vm_unmap_aliases => ok [5 6]\nend\n';
      // With ample memory the mapping call must not return NULL, which would be a wrong answer to check.
      const gold = (): string =>
        readFileSync(join(ROOT, `fixtures/gold/${name}.mm`), 'utf8').replace(
          /^profile .*$/m,
          '$&\ntrait memory=scarce',
        );
      const text = name === 'a block' ? block : gold();
      expect(() => written('kmod', exhibitOfText('nothing', text))).toThrow(/add a step that looks/);
    },
  );

  test('of a leak is refused, since no answer of a step shows a leak', () => {
    const leak = exhibitOfText('leak', readFileSync(join(ROOT, 'fixtures/gold/SAFE-3.bad.mm'), 'utf8'));
    for (const form of ['c', 'kmod', 'kunit'])
      expect(() => written(form, leak)).toThrow(/SAFE-3 is about what is left over after the program/);
  });

  test('of a leak that a step shows works as C, and a module cannot show it', async () => {
    const text = `mmspec trace 1
@0 a0 = vmalloc 0x1000 => 0x1000000
@0 vfree a0 => ok
@0 vm_unmap_aliases => ok
@0 allocated_pages => 1
`;
    const leak = exhibitOfText('leak-inside', text);
    expect(leak.violation?.clause.id).toBe('SAFE-3');
    expect((await runPlain(leak, where)).code).toBe(0);
    const { code, stdout } = await runPlain(leak, where, { KEEPS: '1' });
    expect(stdout).toContain('SAFE-3');
    expect(code).toBe(1);
    expect(() => written('kmod', leak)).toThrow(/allocated_pages/);
  });

  test('of a program with a parallel block is refused', () => {
    const parallel = all.find(({ trace }) => trace.program.blocks.length > 0)!;
    expect(() => written('c', parallel)).toThrow(UsageError);
  });
});

describe('a warning where calls overlap', () => {
  const file = join(SHIPPED, 'SAFE-2-816e2452.mm');
  const warns = exhibitOfText('warns', readFileSync(file, 'utf8'));

  test('as a module, is watched for in the log of many runs', () => {
    for (const form of ['kmod', 'kunit']) {
      const text = written(form, warns);
      expect(text).toContain('.symbol_name = "vprintk_emit"');
      expect(text).toContain('{ 0, 1, step_2, "@0 remap_pfn_range v0 v0 f0 0x1000", false },');
      expect(text).toContain('allowed: no warning');
      expect(text).toMatch(/repeat\(10000\)|times = 10000/);
    }
  });

  test('as a vitest test, runs many times', () => {
    expect(written('vitest', warns)).toContain('target.run(new Array(100).fill(program))');
    expect(written('vitest', sequential[0])).toContain('target.run([program])');
  });

  test('as Markdown, shows the block', () => {
    expect(written('markdown', warns)).toContain('SAFE-2: `unmap_mapping_range o1 0xa000 flags=even_cows` on CPU 1');
    expect(written('markdown', warns)).toContain('\npar\n');
  });

  test('as plain C, is refused with the forms that can express it', async () => {
    const { code, stderr } = await mmspec(['export', file, '--as', 'c']);
    expect(code).toBe(2);
    expect(stderr).toContain('--as kmod, kunit and vitest run it');
  });
});

// There are many, so `npm test` takes one in four.
for (const [i, exhibit] of all.entries())
  describe(exhibit.name, longUnless(i % 4 === 0), () => {
    test('as a trace and as a program, keeps its steps and outcomes', () => {
      const { trace, header } = exhibit;
      const back = parse(written('trace', exhibit), VOCABULARY);
      expect(printTraceSteps(back.entries[0].trace, header.page)).toBe(printTraceSteps(trace, header.page));
      expect(back.header).toEqual(header);
      const program = parse(written('program', exhibit), VOCABULARY);
      expect(printSteps(program.entries[0].trace.program)).toBe(printSteps(trace.program));
    });

    test('as Markdown, has everything that a bug report needs', () => {
      const text = written('markdown', exhibit);
      const { violation } = exhibit;
      expect(text).toContain(violation!.clause.id);
      expect(text).toContain('### Environment');
      expect(text.match(/^```/gm)!.length % 2).toBe(0);
      const again = /<<'END'\n([\s\S]*?\n)END\n/.exec(text)![1];
      expect(parse(again, VOCABULARY).entries[0].trace.program.steps.length).toBeGreaterThan(violation!.step);
    });

    test('as a mail, has the sentence, the answer and the module', () => {
      const { violation } = exhibit;
      const text = written('mail', exhibit);
      expect(text).toMatch(/^Subject: \[BUG\] mm: /);
      const words = text.replace(/\s+/g, ' ');
      expect(words).toContain(violation!.clause.sentence.replace(/\s+/g, ' '));
      expect(words).toContain(`The contract allows: ${violation!.allowed}`.replace(/\s+/g, ' '));
      expect(text).toMatch(/^(-- \S+\.c --|This program cannot be written as a kernel module: )/m);
      const again = /<<'END'\n([\s\S]*?\n) {4}END\n/.exec(text)![1].replace(/^ {4}/gm, '');
      expect(parse(again, VOCABULARY).entries[0].trace.program.steps.length).toBeGreaterThan(violation!.step);
    });

    test('as a module, has a function for every step', () => {
      const impossible = exhibit.trace.program.steps.find(({ call }) => NOT_IN_MODULES.has(call.name));
      if (impossible) return expect(() => written('kmod', exhibit)).toThrow(NOT_IN_MODULES.get(impossible.call.name)!);
      if (isLeak(exhibit)) return expect(() => written('kmod', exhibit)).toThrow(/SAFE-3 is about what is left over/);
      if (showsDirectMap(exhibit)) return expect(() => written('kmod', exhibit)).toThrow(/look at the direct map/);
      for (const form of ['kmod', 'kunit']) {
        const text = written(form, exhibit);
        const steps = exhibit.violation!.step + 1;
        for (let i = 1; i <= steps; i++) expect(text).toContain(`static void step_${i}(struct outcome *o)`);
        expect(text).toContain('MODULE_LICENSE("GPL");');
      }
    });
  });

describe('vitest', () => {
  const inside = join(ROOT, '.mmspec', `exported-${process.pid}`);

  beforeAll(async () => {
    mkdirSync(inside, { recursive: true });
    const { currentBundle } = await import(join(ROOT, 'bin/bundle.mjs'));
    const kit = join(await currentBundle(), 'src/index.js');
    writeFileSync(
      join(inside, 'vitest.config.ts'),
      `export default { resolve: { alias: { mmspec: '${kit}' } }, test: { include: ['*.test.ts'], isolate: false, maxWorkers: 1, testTimeout: 120_000 } };\n`,
    );
    return () => rmSync(inside, { recursive: true, force: true });
  });

  const vitest = (target: string) =>
    command(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', inside], {
      cwd: inside,
      env: { MMSPEC_TARGET: target },
    });

  const [broken] = sequential;
  const exported = [broken, ...all.filter((exhibit) => exhibit !== broken)];

  const write = (exhibits: readonly Exhibit[]): void => {
    for (const exhibit of exhibits)
      writeFileSync(join(inside, EXPORTS.get('vitest')!.file(exhibit)), written('vitest', exhibit));
  };

  async function failsOnTheMutant(): Promise<Ended> {
    const failed = await vitest(`mutant:${broken.name}`);
    expect(failed.code).toBe(1);
    expect(failed.stdout + failed.stderr).toContain(`breaks ${broken.violation!.clause.id}: allowed`);
    return failed;
  }

  // Vitest takes long to start, so one run shows both: on the mutant, one program fails and the other one passes.
  test('passes on a conforming implementation, and fails on a mutant', async () => {
    write(exported.slice(0, 2));
    const { stdout } = await failsOnTheMutant();
    expect(stdout).toMatch(/Tests .*\D1 failed.*\D1 passed/);
  });

  test('passes on a conforming implementation, and fails on a mutant, at full size', { tags: ['long'] }, async () => {
    write(exported);
    const held = await vitest('embedded');
    expect(held.code, held.stdout + held.stderr).toBe(0);
    expect(held.stdout).toMatch(new RegExp(`Tests .*\\D${exported.length} passed`));
    await failsOnTheMutant();
  });
});
