import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { run } from '../../../src/run/run.ts';
import { openTarget } from '../../../src/targets/open.ts';
import type { Target } from '../../../src/targets/target.ts';
import { buildVmalloc } from '../../../src/targets/vmalloc/build.ts';
import { kernelTree } from '../../../src/targets/vmalloc/tree.ts';
import { folder, mmspec } from '../../support/cli.ts';
import { answersOf, programOf } from '../../support/programs.ts';
import { EditedTree, kernelSource } from '../../support/trees.ts';

const series = kernelSource && kernelTree(kernelSource).series;
/** Whether the file is that of 6.1, which newer ones differ from. */
const OLD = series === '6.1';

/** Builds take as long as the machine lets them. */
const PATIENCE = 1_200_000;

/** Two lanes at a block of vm_map_ram. The last read must fault. */
const BLOCK = [
  '@0 a0 = vm_map_ram f0',
  '@1 read a0',
  'par',
  '@0 vm_unmap_ram a0 1',
  '@1 vm_unmap_aliases',
  '@1 read a0',
  'end',
  '@0 vm_unmap_aliases',
  '@1 read a0',
];
const TWO_AREAS = ['par', '@0 a0 = vmap f0', '@1 a1 = vmap f1', 'end', '@0 read a0', '@1 read a1'];

/** The range to flush is known before the page-table entries are cleared, so another CPU may flush too early. */
const FLUSHED_TOO_EARLY = [
  [
    '	bitmap_clear(vb->used_map, offset, (1UL << order));\n',
    `	bitmap_clear(vb->used_map, offset, (1UL << order));
	vb->dirty_min = min(vb->dirty_min, offset);
	vb->dirty_max = max(vb->dirty_max, offset + (1UL << order));
`,
  ],
  [
    `	vb->dirty_min = min(vb->dirty_min, offset);
	vb->dirty_max = max(vb->dirty_max, offset + (1UL << order));

	WRITE_ONCE`,
    '	WRITE_ONCE',
  ],
] as const;

const TAKES_LOCK = 'preload_this_cpu_lock(&free_vmap_area_lock, gfp_mask, node);\n';
const SEARCHES = `&free_vmap_area_root, &free_vmap_area_list,\n\t\t${OLD ? '' : '\t'}size, align, vstart, vend);\n`;

/** The free addresses are searched without the lock. */
const WITHOUT_LOCK = [
  [TAKES_LOCK, `${TAKES_LOCK}		spin_unlock(&free_vmap_area_lock);\n`],
  [SEARCHES, `${SEARCHES}		spin_lock(&free_vmap_area_lock);\n`],
] as const;

/** Where vunmap() frees the descriptor of an area, what follows, and the names of the variable and of the function. */
const [FREES, END, AREA, FREEING] = OLD
  ? ['		kvfree(area->pages);\n	}\n\n	kfree(area);\n', '}', 'area', '__vunmap']
  : ['	kfree(vm);\n', '}\nEXPORT_SYMBOL(vunmap);', 'vm', 'vunmap'];

/** Puts a statement there. */
const afterFree = (statement: string) => [`${FREES}${END}`, `${FREES}	${statement}\n${END}`] as const;

const LAST_PAGE_NOT_FLUSHED = [
  [
    '				e = va_start + (vb->dirty_max << PAGE_SHIFT);',
    '				e = va_start + ((vb->dirty_max - 1) << PAGE_SHIFT);',
  ],
] as const;

describe.skipIf(!kernelSource)(`mm/vmalloc.c in ${kernelSource}`, { timeout: PATIENCE }, () => {
  const opened: { close(): Promise<void> }[] = [];
  const open = async (path = kernelSource!, cpus = 2): Promise<Pick<Target, 'run' | 'manifest'>> => {
    const target = await openTarget(`vmalloc:${path}`, { cpus });
    opened.push(target);
    return target;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((target) => target.close()));
  });

  const outcomes = async (...steps: string[]): Promise<string[]> => {
    const [trace] = await (await open()).run([programOf(...steps)]);
    return answersOf(trace);
  };

  const explore = (steps: readonly string[], tree: string, ...options: string[]) => {
    const file = join(folder(), 'program.mm');
    writeFileSync(file, `mmspec program 1\ncpus 2\nframes 64\nprogram 1\n${steps.join('\n')}\nend 1\n`);
    return mmspec(['explore', file, '--schedules', '--bail', '--target', `vmalloc:${tree}`, ...options]);
  };

  test('follows the protocol', async () => {
    const program = await buildVmalloc(kernelTree(kernelSource!));
    const ended = await mmspec(['check-adapter', `exec:${program}`]);
    expect(ended.stdout).not.toMatch(/^FAIL/m);
    expect(ended.code).toBe(0);
  });

  test('conforms in random programs, failed allocations included, except for what is known', async () => {
    const report = await run({ target: `vmalloc:${kernelSource}`, seed: 15, budget: { programs: 200 } });
    // Finding 1 of fixtures/linux/FINDINGS.md.
    expect(report.findings.map(({ key }) => key)).toEqual(OLD ? ['ALIAS-1 read frame'] : []);
    expect(report.steps).toBeGreaterThan(10_000);
  });

  const pickedOf = async (...lanes: string[]) => {
    const target = await open();
    const [answer] = await target.run([programOf('@0 a0 = vmap f0', ...lanes, 'end')]);
    return [...(answer.earlier ?? []), answer].map(({ program, courses }) => {
      const stops = courses![0].stops.filter(({ stuck }) => !stuck);
      return { schedule: program.blocks[0].attributes.get('schedule')!, stops };
    });
  };

  test('picked schedules stop lanes inside calls, and differ', async () => {
    const calls = ['@0 vunmap a0', '@0 vm_unmap_aliases', '@1 a1 = vmap f1', '@1 vm_unmap_aliases'];
    for (const schedule of ['0,1', '0,1,0', '1,0', '1,0,1']) {
      const runs = await pickedOf(`par schedule=${schedule} repeat=12 pick=5`, ...calls);
      expect(new Set(runs.map((run) => run.schedule)).size).toBe(runs.length);
      expect(runs.length).toBeGreaterThan(5);
      // A lane may end earlier than in the first run, as another one has done its work.
      const places = runs.flatMap(({ stops }) => stops.map(({ place }) => place));
      expect(places.length).toBeGreaterThan(runs.length / 2);
      expect(places.filter((place) => place.startsWith('step'))).toEqual([]);
    }
  });

  test('a lane that cannot stop inside a call changes places with the other one; if none can, one run is enough', async () => {
    const [first, ...others] = await pickedOf('par schedule=0,1 repeat=9 pick=5', '@0 read a0', '@1 vm_unmap_aliases');
    expect(first.stops).toEqual([]);
    expect(others.length).toBeGreaterThan(0);
    for (const { schedule } of others) expect(schedule).toMatch(/^1(:\d+)?,0$/);
    expect(await pickedOf('par schedule=0,1 repeat=9 pick=5', '@0 read a0', '@1 read a0')).toHaveLength(1);
  });

  test('an area above 2 MiB, whose array of pages mm/vmalloc.c reads through its own mapping', async () => {
    const answers = await outcomes(
      '@0 a0 = vzalloc 0x300000',
      '@1 read a0+0x2ff008',
      '@0 vfree a0',
      '@1 read a0+0x2ff008',
    );
    expect(answers[0]).toMatch(/^0x[0-9a-f]+$/);
    expect(answers.slice(1, 3)).toEqual(['a0:767', 'ok']);
  });

  test('each allocation of a call can fail, and the call then leaves nothing behind', async () => {
    const target = await open();
    const failing = (k: number) =>
      programOf(`@0 fail_after ${k}`, '@0 a0 = vmap f0..f3', '@0 fail_after 99', '@0 a1 = vmap f0');
    const traces = await target.run(Array.from({ length: 12 }, (_, k) => failing(k)));
    const first = traces.map((trace) => answersOf(trace)[1]);
    expect(first[0]).toBe('null');
    expect(first.at(-1)).toMatch(/^0x/);
    for (const trace of traces) expect(answersOf(trace)[3]).toMatch(/^0x/);
    expect(traces.flatMap((trace) => trace.leaks ?? [])).toEqual([]);
  });

  test('a stale translation stays on the CPU that loaded it until it is flushed', async () => {
    const answers = await outcomes(
      '@0 a0 = vm_map_ram f0..f3',
      '@1 read a0+0x3000',
      '@0 vm_unmap_ram a0 4',
      '@0 read a0+0x3000',
      '@1 read a0+0x3000',
      '@1 reread a0+0x3000',
      '@0 vm_unmap_aliases',
    );
    expect(answers.slice(1)).toEqual(['f3', 'ok', 'fault', 'f3', 'fault', 'ok']);
  });

  test('each program finds the same state', async () => {
    const target = await open();
    const program = programOf('@0 a0 = vmap f0', '@1 a1 = vm_map_ram f1', '@0 a2 = vmalloc 0x5000', '@1 vunmap a0');
    const traces = await target.run([program, program, program]);
    expect(new Set(traces.map((trace) => answersOf(trace).join()))).toHaveLength(1);
  });

  test.skipIf(OLD)('finding 4 of fixtures/linux/FINDINGS.md shows under one schedule, each time', async () => {
    const names = Array.from({ length: 16 }, (_, i) => `a${i}`);
    const others = names.slice(0, 15);
    const program = programOf(
      ...names.map((name) => `@0 ${name} = vm_map_ram f0..f63`),
      '@0 read a0',
      ...others.map((name) => `@0 vm_unmap_ram ${name} 64`),
      'par schedule=1:4,0',
      '@0 vm_unmap_aliases',
      '@1 vm_unmap_ram a15 64',
      'end',
      '@0 read a0',
    );
    const traces = await (await open()).run([program, program]);
    expect(traces.map((trace) => answersOf(trace).at(-1))).toEqual(['f0', 'f0']);
  });

  test('has as many CPUs as it is asked for', async () => {
    expect((await open(kernelSource, 8)).manifest.cpus).toBe(8);
  });

  describe('edited', () => {
    const tree = kernelSource ? new EditedTree(kernelSource, join(folder(), 'tree')) : undefined!;

    test('an off-by-one in a flush is found', async () => {
      tree.edit(...LAST_PAGE_NOT_FLUSHED);
      const report = await run({
        target: `vmalloc:${tree.folder}`,
        budget: { programs: 400 },
        bail: true,
      });
      expect(report.findings.map((finding) => finding.violation.clause.id)).toEqual(['ALIAS-1']);
    });

    // In 6.1 a range stays dirty after a flush, so a later one would still clear what came too early.
    test.skipIf(OLD)(
      'a flush that comes too early is found in the schedules of a program, and not without the edit',
      async () => {
        tree.edit(...FLUSHED_TOO_EARLY);
        const ended = await explore(BLOCK, tree.folder);
        expect(ended.stdout).toContain('violated ALIAS-1');
        expect(ended.code).toBe(1);
        tree.edit();
        expect((await explore(BLOCK, tree.folder)).code).toBe(0);
      },
    );

    test('a lock that is missing is found at the branches of the file', async () => {
      tree.edit(...WITHOUT_LOCK);
      const ended = await explore(TWO_AREAS, tree.folder, '--points', 'wide');
      expect(ended.stdout).toContain('@alloc_vmap_area');
      expect(ended.code).toBe(1);
    });

    test('an object that is freed twice is a crash of the step', async () => {
      tree.edit(afterFree(`kfree(${AREA});`));
      const [trace] = await (await open(tree.folder)).run([programOf('@0 a0 = vmap f0', '@0 vunmap a0')]);
      expect(answersOf(trace)[1]).toMatch(/^crash ".*an object of \d+ bytes is freed twice"$/);
    });

    test('memory that is used after it was freed is a crash of the step', async () => {
      tree.edit(afterFree(`${AREA}->flags = 0;`));
      const [trace] = await (await open(tree.folder)).run([programOf('@0 a0 = vmap f0', '@0 vunmap a0')]);
      expect(answersOf(trace)[1]).toMatch(new RegExp(`^crash ".*address sanitizer: .* in ${FREEING}"$`));
    });

    test('a symbol that the shim lacks is named, each time that the tree is opened', async () => {
      tree.edit(afterFree('extern void none(void);\n	none();'));
      for (let time = 0; time < 2; time++)
        await expect(open(tree.folder)).rejects.toThrow('needs symbols that the shim does not have: none');
    });

    test('what the compiler says about a mistake is shown', async () => {
      tree.edit(['EXPORT_SYMBOL(vunmap);', 'EXPORT_SYMBOL(vunmap)));']);
      await expect(open(tree.folder)).rejects.toThrow(/mm\/vmalloc\.c could not be compiled for Linux .*error: /s);
    });
  });
});
