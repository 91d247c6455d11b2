import { expect, test } from 'vitest';
import { HOST } from '../../../src/targets/linux/arch/index.ts';
import { Console } from '../../../src/targets/linux/machine/console.ts';

const consoleOf = (...lines: string[]): Console => {
  const console = new Console(HOST.place);
  console.push(Buffer.from(`${lines.join('\r\n')}\r\n`));
  return console;
};

test('the reason of a crash is one line, without anything that differs between runs', () => {
  const { reason, hung } = consoleOf(
    '[    5.000001] BUG: unable to handle page fault for address: ffffc90000400000',
    '[    5.000002] Oops: 0002 [#1] PREEMPT SMP NOPTI',
    '[    5.000003] RIP: 0010:vunmap_range_noflush+0x20/0x40',
    '[    5.000004] Kernel panic - not syncing: Fatal exception',
  );
  expect(reason).toBe('BUG: unable to handle page fault for address: ADDRESS in vunmap_range_noflush');
  expect(hung).toBe(false);
});

test('a step that hangs is recognised', () => {
  expect(consoleOf('[    6.676977] mmspec: a step hangs').hung).toBe(true);
});
