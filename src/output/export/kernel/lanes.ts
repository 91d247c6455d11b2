import type { Parts } from './parts.ts';
import { RUN_STEP, TURNS, TURNS_WITH_BLOCKS } from './turns.ts';
import { WATCHING } from './warnings.ts';

/** The threads that run the steps: one on each CPU. */

const LEVEL_ALL = `	level();
	if (atomic_inc_return(&levelled) == CPUS) {
		vm_unmap_aliases();
		atomic_set(&levelled, 2 * CPUS);
	}
	while (atomic_read(&levelled) < 2 * CPUS)
		cond_resched();
`;

const LEVELLED = `static atomic_t levelled;

/* Blocks of vm_map_ram() are levelled on every CPU, and what that left behind is gone before the first step. */
`;

/** What each thread does before its first step and after its last one. */
export const entering = ({
  vmas,
  fromBlocks,
}: Parts): string => `${fromBlocks ? LEVELLED : ''}static void enter_lane(void)
{
${vmas ? '\tkthread_use_mm(mm);\n' : ''}${fromBlocks ? LEVEL_ALL : ''}}

static void leave_lane(void)
{
${vmas ? '\tkthread_unuse_mm(mm);\n' : ''}}`;

const RESET = '\tatomic_set(&arrived, 0);\n\tatomic_set(&left, 0);\n\tatomic_set(&clock, 0);\n';

/** Turns are taken by one thread on each CPU: nothing else runs there that could change what its TLB holds. */
export const lanes = ({ overlap, log }: Parts): string =>
  String.raw`
static unsigned int turn;
static atomic_t lanes;
static DECLARE_COMPLETION(finished);

static void relax(void)
{
	cpu_relax();
	cond_resched();
}

${log ? WATCHING : RUN_STEP}

${overlap ? TURNS_WITH_BLOCKS : TURNS}

static int lane(void *arg)
{
	enter_lane();
	take_turns((unsigned long)arg);
	leave_lane();
	if (atomic_dec_and_test(&lanes))
		complete(&finished);
	return 0;
}

/* A thread is known until it has ended: the module must not go before. */
static void reap(unsigned long cpu)
{
	kthread_stop(task[cpu]);
	put_task_struct(task[cpu]);
}

static int run_lanes(void)
{
	unsigned long cpu;
	long ret;

	turn = 0;
${overlap ? RESET : ''}	atomic_set(&lanes, CPUS);
	reinit_completion(&finished);
	for (cpu = 0; cpu < CPUS; cpu++) {
		task[cpu] = cpu_online(cpu) ? kthread_create(lane, (void *)cpu, "mmspec/%lu", cpu) : ERR_PTR(-ENODEV);
		if (IS_ERR(task[cpu])) {
			ret = PTR_ERR(task[cpu]);
			pr_err("nothing known: the program needs a thread on CPU %lu, error %ld\n", cpu, ret);
			while (cpu--)
				reap(cpu);
			memset(task, 0, sizeof(task));
			return ret;
		}
		get_task_struct(task[cpu]);
		kthread_bind(task[cpu], cpu);
	}
	for (cpu = 0; cpu < CPUS; cpu++)
		wake_up_process(task[cpu]);
	wait_for_completion(&finished);
	for (cpu = 0; cpu < CPUS; cpu++)
		reap(cpu);
	memset(task, 0, sizeof(task));
	return 0;
}
`.trim();
