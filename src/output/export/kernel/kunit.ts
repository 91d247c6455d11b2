import { type Exhibit, type Export, identifier } from '../exhibit.ts';
import { bodyOf } from './module.ts';

/** A KUnit test has no address space of its own; a mapping made through KUnit gives it one. */
const ATTACH = `#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
	kunit_vm_mmap(test, NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, 0);
	mm = current->mm;
#endif
	if (!mm) {
		kunit_info(test, "not run: a test has no address space on this kernel");
		return;
	}
	ret = open_objects();
	KUNIT_ASSERT_EQ(test, ret, 0);
`;

function write(exhibit: Exhibit): string {
  const { comment, code, user, times } = bodyOf(exhibit);
  const name = identifier(exhibit);
  return `// SPDX-License-Identifier: GPL-2.0
${comment}
/* A KUnit test for the kernel tree: mm/${name}_test.c, for example with "obj-$(CONFIG_KUNIT) += ${name}_test.o". */
${code}

#include <kunit/test.h>

static void program_holds(struct kunit *test)
{
	int ret;

${user ? ATTACH : ''}	ret = repeat(${times});
${user ? '\tclose_objects();\n' : ''}	KUNIT_EXPECT_EQ_MSG(test, ret, 0, "violated, or not run: see the log");
}

static struct kunit_case program_cases[] = {
	KUNIT_CASE(program_holds),
	{}
};

static struct kunit_suite program_suite = {
	.name = "mmspec_${name}",
	.test_cases = program_cases,
};
kunit_test_suite(program_suite);

MODULE_LICENSE("GPL");
`;
}

/** `--as kunit`. */
export const KUNIT: Export = {
  summary: 'a KUnit test in C for the kernel tree',
  file: (exhibit) => `${identifier(exhibit)}_test.c`,
  write,
};
