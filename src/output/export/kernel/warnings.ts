import { quoted } from '../c/text.ts';

/** Watches the kernel's log, for a violation that is a warning. */

/** Records the warnings of each step, by the same rules as the kernel harness of the kit. */
export const WATCHING = String.raw`
#ifndef CONFIG_KPROBES
#error "watching the log takes kprobes: set CONFIG_KPROBES"
#endif

static unsigned int running[CPUS];
static char warning[STEPS + 1][160];	/* of each step, and of the clean-up after the last one */
static struct task_struct *loader;

static void run_step(unsigned int i)
{
	WRITE_ONCE(running[steps[i].cpu], i);
	steps[i].run(&seen[i]);
}

/* vprintk_emit(facility, level, dev_info, fmt, args) */
static int printed(struct kprobe *probe, struct pt_regs *regs)
{
	const char *fmt = (const char *)regs_get_kernel_argument(regs, 3);
	va_list *args = (va_list *)regs_get_kernel_argument(regs, 4), copy;
	unsigned int cpu = raw_smp_processor_id(), step = STEPS;
	char text[160], *start = text, *place;

	if (in_lane(cpu))
		step = running[cpu];
	else if (current != loader)
		return 0;
	va_copy(copy, *args);
	vscnprintf(text, sizeof(text), fmt, copy);
	va_end(copy);
	if (text[0] == KERN_SOH_ASCII && text[1])
		start += 2;
	start[strcspn(start, "\n")] = 0;
	if (warning[step][0])
		return 0;
	place = strstr(start, " at ");
	if (!strncmp(start, "WARNING: ", 9) && place)
		snprintf(warning[step], sizeof(warning[step]), "WARNING%s", place);
	else if (!strncmp(start, "BUG: ", 5) || !strncmp(start, "x86/PAT: ", 9))
		strscpy(warning[step], start, sizeof(warning[step]));
	return 0;
}

static struct kprobe log_probe = { .symbol_name = "vprintk_emit", .pre_handler = printed };

static int watch(void)
{
	memset(warning, 0, sizeof(warning));
	loader = current;
	return register_kprobe(&log_probe);
}

static void unwatch(void)
{
	unregister_kprobe(&log_probe);
}
`.trim();

/** `warned()`: the verdict on the warnings of a run. */
export const warned = (sentence: string): string => `/* Returns 1 if a step warned that must not, else 0. */
static int warned(bool quiet)
{
	unsigned int i;

	for (i = 0; i <= STEPS; i++) {
		if (!warning[i][0] || (i < STEPS && steps[i].warns))
			continue;
		pr_err("violated: %s => warn \\"%s\\"; allowed: no warning\\n",
		       i < STEPS ? steps[i].text : "the clean-up", warning[i]);
		pr_err("%s\\n", ${quoted(sentence)});
		return 1;
	}
	if (!quiet)
		pr_info("ok\\n");
	return 0;
}`;
