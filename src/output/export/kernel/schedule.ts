import type { Program } from '../../../../reference/calls/valid.ts';
import { parseSchedule } from '../../../targets/embedded/schedule.ts';

/** Runs in which a module forces the schedule before it leaves the overlap to chance. */
export const FORCED_RUNS = 20;

/** The choices of all blocks, as rows of a table: block and CPU. */
function rows({ blocks }: Program): string {
  const choices = blocks.flatMap(({ attributes }, number) =>
    parseSchedule(attributes.get('schedule') ?? '-').map((cpu) => `\t{ ${number + 1}, ${cpu} },`),
  );
  // C has no empty tables.
  return [...choices, '\t{ 0, 0 },'].join('\n');
}

/** Whether a block of the program has a schedule. */
export const hasSchedule = ({ blocks }: Program): boolean =>
  blocks.some(({ attributes }) => attributes.has('schedule'));

/** Forces the schedules of a program's blocks: in the same way as the harness, without what only reports need. */
export const scheduler = (program: Program): string =>
  `
/*
 * In the first runs exactly one CPU runs in a block; the others are held where they begin a step or enter a function of
 * points[]. A choice says which CPU goes on, and is used up where more than one could. A CPU that makes no progress,
 * because a held one has a lock, lets a held one go on.
 */
#define FORCED_RUNS	${FORCED_RUNS}
#define PATIENCE	100000	/* how many PAUSE instructions to wait for a CPU that makes no progress */
#define SETTLING	1000	/* how many to wait at each place for a CPU that may have got its lock */
#define NOBODY		(-1)

static const struct choice {
	unsigned int block, cpu;
} choices[] = {
${rows(program)}
};

enum held { ABSENT, HELD, CHOSEN, RUNNING, STUCK, DONE };

static bool forced;
static DEFINE_RAW_SPINLOCK(schedule_lock);	/* protects everything below */
static enum held lane_state[CPUS];
static int runner;
static unsigned int changes, not_arrived, next_choice, current_block;

static int choose(int last)
{
	unsigned int cpu, held = 0;
	int first = NOBODY;

	for (cpu = 0; cpu < CPUS; cpu++) {
		if (lane_state[cpu] != HELD)
			continue;
		if (first == NOBODY)
			first = cpu;
		held++;
	}
	if (held > 1 && choices[next_choice].block == current_block) {
		cpu = choices[next_choice++].cpu;
		if (cpu < CPUS && lane_state[cpu] == HELD)
			return cpu;
	}
	return last != NOBODY && lane_state[last] == HELD ? last : first;
}

static void hand_over(int last)
{
	runner = choose(last);
	if (runner != NOBODY)
		lane_state[runner] = CHOSEN;
	changes++;
}

static bool any(enum held wanted, unsigned int below)
{
	unsigned int cpu;

	for (cpu = 0; cpu < below; cpu++)
		if (lane_state[cpu] == wanted)
			return true;
	return false;
}

static void settle(void)
{
	unsigned int rounds;

	for (rounds = 0; rounds < SETTLING && any(STUCK, CPUS); rounds++) {
		raw_spin_unlock(&schedule_lock);
		cpu_relax();
		raw_spin_lock(&schedule_lock);
	}
}

/* The CPU can be held here. Returns when it may go on. */
static void pass(unsigned int cpu)
{
	unsigned int rounds = 0, seen;

	raw_spin_lock(&schedule_lock);
	if (lane_state[cpu] == ABSENT) {
		lane_state[cpu] = HELD;
		if (--not_arrived == 0)
			hand_over(NOBODY);
	} else {
		lane_state[cpu] = HELD;
		if (runner == cpu || runner == NOBODY) {
			runner = cpu;
			settle();
			hand_over(cpu);
		}
	}
	seen = ++changes;
	while (lane_state[cpu] != CHOSEN) {
		raw_spin_unlock(&schedule_lock);
		cpu_relax();
		raw_spin_lock(&schedule_lock);
		if (changes != seen) {
			seen = changes;
			rounds = 0;
		} else if (runner != NOBODY && lane_state[runner] == RUNNING && ++rounds >= PATIENCE && !any(HELD, cpu)) {
			lane_state[runner] = STUCK;
			hand_over(runner);
		}
	}
	lane_state[cpu] = RUNNING;
	changes++;
	raw_spin_unlock(&schedule_lock);
}

static void begin_schedule(unsigned int block)
{
	unsigned int cpu, i;
	bool here[CPUS] = {};

	for (i = 0; i < STEPS; i++)
		if (steps[i].block == block)
			here[steps[i].cpu] = true;
	not_arrived = 0;
	for (cpu = 0; cpu < CPUS; cpu++) {
		lane_state[cpu] = ABSENT;
		not_arrived += here[cpu];
	}
	runner = NOBODY;
	current_block = block;
	for (next_choice = 0; next_choice < ARRAY_SIZE(choices) - 1; next_choice++)
		if (choices[next_choice].block == block)
			break;
}

static void leave_schedule(unsigned int cpu)
{
	raw_spin_lock(&schedule_lock);
	if (lane_state[cpu] != ABSENT) {
		lane_state[cpu] = DONE;
		changes++;
		if (runner == cpu) {
			settle();
			hand_over(cpu);
		}
	}
	raw_spin_unlock(&schedule_lock);
}
`.trim();
