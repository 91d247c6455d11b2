import { type Exhibit, type Export, identifier } from '../exhibit.ts';
import { bodyOf } from './module.ts';

/** Runs of a program whose steps overlap in another way each time. */
const TIMES = 100_000;

function write(exhibit: Exhibit): string {
  const { comment, code, user, ram, blocks } = bodyOf(exhibit);
  const name = identifier(exhibit);
  return `// SPDX-License-Identifier: GPL-2.0
${comment}
/*
 * A module for Linux 5.10 and newer that runs this program and says "ok", or what is violated, in the kernel's log:
 *
 *	echo 'obj-m := ${name}.o' > Makefile
 *	make -C /lib/modules/$(uname -r)/build M=$PWD modules
 *	insmod ${name}.ko && dmesg | grep mmspec
 *
 * The parameter "times" runs it again and again until it fails. Meant for a virtual machine.
 */
${code}

static unsigned int times = ${blocks ? TIMES : 1};
module_param(times, uint, 0444);
MODULE_PARM_DESC(times, "how often the program runs, at most; it ends with the first violation");

static int __init program_init(void)
{
	unsigned int n;
	int ret = 0;

${user ? '\tmm = current->mm;\n\tret = open_objects();\n' : ''}	for (n = 0; n < times && !ret; n++) {
		ret = begin();
		if (ret)
			break;
${ram ? '\t\tatomic_set(&levelled, 0);\n' : ''}		ret = run_program(n > 0);
		undo();
		end();
	}
	if (n > 1)
		pr_info("%s after %u runs\\n", ret > 0 ? "violated" : "not violated", n);
${user ? '\tclose_objects();\n' : ''}	return ret < 0 ? ret : 0;
}
module_init(program_init);

static void __exit program_exit(void)
{
}
module_exit(program_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A program of vmap and paging calls, and what it must not show");
`;
}

/** `--as kmod`. */
export const KMOD: Export = {
  summary: 'a Linux kernel module in C that runs the program and says what is violated; needs nothing else',
  file: (exhibit) => `${identifier(exhibit)}.c`,
  write,
};
