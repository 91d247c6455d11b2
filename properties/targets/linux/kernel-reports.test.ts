import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOST } from '../../../src/targets/linux/arch/index.ts';
import { harnessFolder } from '../../../src/targets/linux/harness.ts';
import { Console } from '../../../src/targets/linux/machine/console.ts';
import { runCommand } from '../../../src/targets/process/command.ts';

/** Prints the line that the harness keeps of the messages in its arguments. */
const MAIN = `
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "report.h"

int main(int argc, char **argv)
{
	struct report report = { 0 };
	char line[1000] = "";

	for (int i = 1; i < argc; i++) {
		unsigned int length;

		if (report_begins(&report, argv[i]))
			strcpy(line, argv[i]);
		else if ((length = report_adds(&report, argv[i])))
			sprintf(line + strlen(line), ", %.*s", (int)length, argv[i]);
	}
	report_strip_offsets(line);
	puts(line);
	return 0;
}
`;

const scratch = mkdtempSync(join(tmpdir(), 'mmspec-reports-'));
const program = join(scratch, 'report');
afterAll(() => rmSync(scratch, { recursive: true }));
beforeAll(async () => {
  writeFileSync(`${program}.c`, MAIN);
  await runCommand(['gcc', '-Wall', '-Wextra', '-Werror', `-I${harnessFolder()}`, '-o', program, `${program}.c`]);
});

test.each([
  [
    'a report by KASAN',
    [
      'BUG: KASAN: slab-use-after-free in vm_unmap_aliases+0x1b2/0x2c0',
      'Read of size 8 at addr ffff888003c1a018 by task init/71',
      'CPU: 0 PID: 71 Comm: init Not tainted 6.12.0 #3',
      'Read of size 4 at addr ffff888003c1a018 by task init/71',
    ],
    'BUG: KASAN: slab-use-after-free in vm_unmap_aliases, Read of size 8',
  ],
  [
    'a report by KASAN of memory that is freed twice',
    ['BUG: KASAN: double-free in kfree+0x80/0x100', 'Free of addr ffff888003c1a000 by task init/71'],
    'BUG: KASAN: double-free in kfree, Free',
  ],
  [
    'a report by lockdep',
    [
      'WARNING: possible circular locking dependency detected',
      '6.12.0 #3 Not tainted',
      '------------------------------------------------------',
      'init/71 is trying to acquire lock:',
      'ffff888003c1a018',
      ' (',
      '&vb->lock',
      '){+.+.}-{2:2}',
      ', at: _vm_unmap_aliases+0x6b/0x2b0',
      'but task is already holding lock:',
      'ffffffff82a3b0a0',
      ' (',
      'vmap_purge_lock',
      '){+.+.}-{3:3}',
      ', at: _vm_unmap_aliases+0x24/0x2b0',
      'which lock already depends on the new lock.',
      'the existing dependency chain (in reverse order) is:',
      'init/71 is trying to release lock:',
      ' (',
      'a third lock',
    ],
    'WARNING: possible circular locking dependency detected, &vb->lock, vmap_purge_lock',
  ],
  [
    'a report by RCU',
    [
      'WARNING: suspicious RCU usage',
      '-----------------------------',
      'mm/vmalloc.c:2710 RCU-list traversed in non-reader section!! usage!',
    ],
    'WARNING: suspicious RCU usage, mm/vmalloc.c:2710 RCU-list traversed in non-reader section!! usage',
  ],
  [
    'a report of a call that sleeps where it must not',
    ['BUG: sleeping function called from invalid context at mm/vmalloc.c:2841', 'in_atomic(): 1, irqs_disabled(): 0'],
    'BUG: sleeping function called from invalid context at mm/vmalloc.c:2841',
  ],
  ['other messages', ['Read of size 8 at addr 0', 'init/71 is trying to acquire lock:'], ''],
])('what is kept of %s', async (_, messages, line) => {
  expect(await runCommand([program, ...messages])).toBe(`${line}\n`);
});

test('a failed check of DEBUG_VM is part of the reason of a crash', () => {
  const console = new Console(HOST.place);
  const lines = [
    '[    5.000001] page dumped because: VM_BUG_ON_FOLIO(folio_ref_count(folio) <= 0)',
    '[    5.000002] kernel BUG at include/linux/mm.h:1486!',
    '[    5.000003] RIP: 0010:vm_insert_page+0x20/0x40',
  ];
  console.push(Buffer.from(`${lines.join('\r\n')}\r\n`));
  expect(console.reason).toBe(
    'kernel BUG at include/linux/mm.h:1486!: VM_BUG_ON_FOLIO(folio_ref_count(folio) <= 0) in vm_insert_page',
  );
});
