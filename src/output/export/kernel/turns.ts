/** The order in which the threads of a module run the steps. */

/** One step at a time, in the order of the program. */
export const TURNS = `
static void take_turns(unsigned int cpu)
{
	unsigned int i;

	for (i = 0; i < STEPS; i++) {
		if (steps[i].cpu != cpu)
			continue;
		while (smp_load_acquire(&turn) < i)
			relax();
		run_step(i);
		smp_store_release(&turn, i + 1);
	}
}
`.trim();

const RUN_HELD = `		if (steps[i].cpu == cpu) {
			if (forced)
				pass(cpu);
			run_timed(i);
		}
`;

/** The same, except that the CPUs of a parallel block run at the same time, or as their schedule says. */
export const turnsWithBlocks = (scheduled: boolean): string =>
  `
static atomic_t arrived, left, clock;
static int called[STEPS], returned[STEPS];

static void run_timed(unsigned int i)
{
	called[i] = atomic_inc_return(&clock);
	run_step(i);
	returned[i] = atomic_inc_return(&clock);
}

/* All CPUs wait for each other before a block and after it. */
static void meet(atomic_t *counter, unsigned int block)
{
	atomic_inc(counter);
	while (atomic_read(counter) < (int)(CPUS * block))
		relax();
}

static unsigned int run_block(unsigned int cpu, unsigned int first)
{
	unsigned int i, block = steps[first].block;

${scheduled ? '\tif (cpu == 0)\n\t\tbegin_schedule(block);\n' : ''}	meet(&arrived, block);
	WRITE_ONCE(overlapping[cpu], true);
${scheduled ? '\tif (!forced)\n\t\tdelay_lane(cpu);' : '\tdelay_lane(cpu);'}
	for (i = first; i < STEPS && steps[i].block == block; i++)
${scheduled ? RUN_HELD : '\t\tif (steps[i].cpu == cpu)\n\t\t\trun_timed(i);\n'}	WRITE_ONCE(overlapping[cpu], false);
${scheduled ? '\tif (forced)\n\t\tleave_schedule(cpu);\n' : ''}	meet(&left, block);
	if (cpu == 0)		/* one CPU only: a later store by another could set it back */
		smp_store_release(&turn, i);
	return i;
}

static void take_turns(unsigned int cpu)
{
	unsigned int i = 0;

	while (i < STEPS) {
		if (smp_load_acquire(&turn) < i) {
			relax();
		} else if (steps[i].block) {
			i = run_block(cpu, i);
		} else {
			if (steps[i].cpu == cpu) {
				run_step(i);
				smp_store_release(&turn, i + 1);
			}
			i++;
		}
	}
}
`.trim();

/** Runs a step and does nothing else. */
export const RUN_STEP = `
static void run_step(unsigned int i)
{
	steps[i].run(&seen[i]);
}
`.trim();
