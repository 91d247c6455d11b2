/** In which order the threads of a module run the steps. */

/** One CPU after the other, each step when its turn has come. */
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

/** The same with blocks, whose steps run at once. */
export const TURNS_WITH_BLOCKS = `
static atomic_t arrived, left, clock;
static int called[STEPS], returned[STEPS];

static void run_timed(unsigned int i)
{
	called[i] = atomic_inc_return(&clock);
	run_step(i);
	returned[i] = atomic_inc_return(&clock);
}

/* All CPUs that take part meet before a block and after it. */
static void meet(atomic_t *counter, unsigned int block)
{
	atomic_inc(counter);
	while (atomic_read(counter) < (int)(CPUS * block))
		relax();
}

static unsigned int run_block(unsigned int cpu, unsigned int first)
{
	unsigned int i, block = steps[first].block;

	meet(&arrived, block);
	WRITE_ONCE(overlapping[cpu], true);
	dwell(cpu);
	for (i = first; i < STEPS && steps[i].block == block; i++)
		if (steps[i].cpu == cpu)
			run_timed(i);
	WRITE_ONCE(overlapping[cpu], false);
	meet(&left, block);
	if (cpu == 0)		/* only one may: the others may be late */
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

/** A step is run, and that is all. */
export const RUN_STEP = `
static void run_step(unsigned int i)
{
	steps[i].run(&seen[i]);
}
`.trim();
