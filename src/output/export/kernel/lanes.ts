import type { Parts } from './parts.ts';
import { RUN_STEP, TURNS, turnsWithBlocks } from './turns.ts';
import { WATCHING } from './warnings.ts';

/** The threads that run the steps: one on each CPU. */

const START_FRESH = `	use_up_block();
	if (atomic_inc_return(&fresh_blocks) == CPUS) {
		vm_unmap_aliases();
		atomic_set(&fresh_blocks, 2 * CPUS);
	}
	while (atomic_read(&fresh_blocks) < 2 * CPUS)
		cond_resched();
`;

const FRESH_BLOCKS = `static atomic_t fresh_blocks;

/* Every CPU gets a new vm_map_ram() block, and a flush removes what that leaves behind, before the first step. */
`;

/** What each thread does before its first step and after its last one. */
export const entering = ({
  vmas,
  fromBlocks,
}: Parts): string => `${fromBlocks ? FRESH_BLOCKS : ''}static void enter_lane(void)
{
${vmas ? '\tkthread_use_mm(mm);\n' : ''}${fromBlocks ? START_FRESH : ''}}

static void leave_lane(void)
{
${vmas ? '\tkthread_unuse_mm(mm);\n' : ''}}`;

const RESET = '\tatomic_set(&arrived, 0);\n\tatomic_set(&left, 0);\n\tatomic_set(&clock, 0);\n';

/** Each CPU has one thread of its own, so that as little else as possible changes what its TLB holds. */
export const lanes = ({ overlap, scheduled, log }: Parts): string =>
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

${overlap ? turnsWithBlocks(scheduled) : TURNS}

static int lane(void *arg)
{
	enter_lane();
	take_turns((unsigned long)arg);
	leave_lane();
	if (atomic_dec_and_test(&lanes))
		complete(&finished);
	return 0;
}

/* Waits until a thread has ended: the module's code must stay loaded until then. */
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
			pr_err("inconclusive: the program needs a thread on CPU %lu, error %ld\n", cpu, ret);
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
