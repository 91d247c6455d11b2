import { type Exhibit, type Export, identifier } from '../exhibit.ts';
import { bodyOf } from './module.ts';

const ONCE = `
 *
 * Some warnings appear only once after boot; "echo 1 > /sys/kernel/debug/clear_warn_once" enables them again.`;

function write(exhibit: Exhibit): string {
  const { comment, code, user, times } = bodyOf(exhibit);
  const name = identifier(exhibit);
  const once = exhibit.violation?.seen.kind === 'warn' ? ONCE : '';
  return `// SPDX-License-Identifier: GPL-2.0
${comment}
/*
 * A module for Linux 5.10 and newer that runs this program and logs "ok", or what is violated:
 *
 *	echo 'obj-m := ${name}.o' > Makefile
 *	make -C /lib/modules/$(uname -r)/build M=$PWD modules
 *	insmod ${name}.ko && dmesg | grep mmspec
 *
 * The parameter "times" repeats the program until it violates the contract. Run it in a virtual machine.${once}
 */
${code}

static unsigned int times = ${times};
module_param(times, uint, 0444);
MODULE_PARM_DESC(times, "maximum number of runs; the first violation ends them");

static int __init program_init(void)
{
	int ret${user ? '' : ' = repeat(times)'};

${user ? '\tmm = current->mm;\n\tret = open_objects();\n\tif (!ret)\n\t\tret = repeat(times);\n\tclose_objects();\n' : ''}	return ret < 0 ? ret : 0;
}
module_init(program_init);

static void __exit program_exit(void)
{
}
module_exit(program_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A program of vmap and paging calls that checks one answer");
`;
}

/** `--as kmod`. */
export const KMOD: Export = {
  summary: 'a Linux kernel module in C that runs the program and logs what is violated',
  file: (exhibit) => `${identifier(exhibit)}.c`,
  write,
};
