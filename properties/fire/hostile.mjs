/*
 * A target that does harm in one way, for the tests in this folder: node hostile.mjs BEHAVIOUR [AFTER]. It conforms for
 * AFTER programs, except that it maps nothing: every call that would map something fails for want of memory.
 */
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [behaviour, after = '3'] = process.argv.slice(2);

const write = (file, text) => {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(file, bytes));
    } catch (error) {
      if (error.code !== 'EAGAIN') process.exit(9);
    }
  }
};
const say = (text) => write(1, text);
const spin = () => {
  for (;;);
};
const endlessly = (act) => {
  for (;;) act();
};
const stay = () => setInterval(() => {}, 1_000_000);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const CALLS =
  'vmap vunmap vm_map_ram vm_unmap_ram vm_unmap_aliases vmalloc vzalloc vfree vmalloc_to_page is_vmalloc_addr read write mmap munmap remap_pfn_range vm_insert_page vmf_insert_pfn zap_vma_ptes follow_pfn unmap_mapping_range break_cow';

function outcome(step) {
  const call = /^@\d+ (?:[av]\d+ = )?(\w+)/.exec(step)?.[1];
  if (/=v\d/.test(step)) return 'skipped';
  if (/ = /.test(step)) return call === 'mmap' ? '-ENOMEM' : 'null';
  if (/ [av]\d/.test(step)) return 'skipped';
  if (call === 'is_vmalloc_addr') return '0';
  if (call === 'vmalloc_to_page') return 'null';
  return ['read', 'write', 'break_cow'].includes(call) ? 'fault' : 'ok';
}

const isStep = (line) => line.startsWith('@');
const outcomes = (lines) =>
  lines
    .filter(isStep)
    .map((line) => `=> ${outcome(line)}\n`)
    .join('');
const trace = (id, lines) => `trace ${id}\n${outcomes(lines)}end ${id}\n`;

/** Starts a process that does nothing for hours, and that differs from other such processes by its number of seconds. */
const linger = (command) => spawn(command[0], command.slice(1), { stdio: 'ignore', detached: true }).unref();

/** What happens before the handshake. */
const AT_START = {
  'crash-at-start': () => process.exit(7),
  'flood-at-start': () => endlessly(() => say(`${'x'.repeat(65_535)}\n`)),
  'ignores-signals'() {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGPIPE']) process.on(signal, () => {});
    stay();
  },
  grandchild: () => linger(['sleep', after]),
  'grandchild-in-own-session': () => linger(['setsid', 'sleep', after]),
};

/** What happens instead of the answer to a program, once enough programs were answered. */
const INSTEAD = {
  'crash-in-a-program'(id, lines) {
    say(`trace ${id}\n${outcomes(lines.slice(0, lines.length / 2))}`);
    process.kill(process.pid, 'SIGSEGV');
    spin();
  },
  'crash-in-every-step': (id) => say(`trace ${id}\n=> crash "always"\nend ${id}\n`),
  'crash-between-programs'(id, lines) {
    say(trace(id, lines));
    process.exit(3);
  },
  'hang-with-cpu': spin,
  'hang-without-cpu': () => {},
  async drip(id, lines) {
    deaf = true;
    say(`trace ${id}\n`);
    for (const line of lines.filter(isStep)) {
      await pause(3000);
      say(`=> ${outcome(line)}\n`);
    }
    say(`end ${id}\n`);
  },
  'flood-on-stdout': () => endlessly(() => say(`${'z'.repeat(65_535)}\n`)),
  'flood-without-newline': () => endlessly(() => say('z'.repeat(65_535))),
  'flood-on-stderr': () => endlessly(() => write(2, `${'e'.repeat(65_535)}\n`)),
  'flood-of-leaks'(id) {
    say(`trace ${id}\n`);
    endlessly(() => say(`leak ${'L'.repeat(100)}\n`.repeat(600)));
  },
  'flood-of-logs'(id) {
    say(`trace ${id}\n`);
    endlessly(() => say('log something\n'.repeat(5000)));
  },
  'flood-of-outcomes'(id) {
    say(`trace ${id}\n`);
    endlessly(() => say('=> ok\n'.repeat(10_000)));
  },
  'half-a-line'(id) {
    deaf = true;
    say(`trace ${id}\n=> o`);
  },
  'wrong-id': (id, lines) => say(trace(Number(id) + 1000, lines)),
  'duplicate-id': (id, lines) => say(trace(id, lines).repeat(2)),
  'missing-outcomes': (id) => say(`trace ${id}\nend ${id}\n`),
  'escape-sequences': (id) => say(`trace ${id}\n=> \u001b]0;title\u0007\u001b[31mred\nend ${id}\n`),
  'error-line': () => say('error 1 \u001b[31m::error::injected\n'),
};

AT_START[behaviour]?.();

let answered = 0;
/** Programs that arrive while another one is answered are ignored, or their answers would follow at once. */
let deaf = false;
let header;
let lines = [];

function hello() {
  if (behaviour === 'silent-at-start') return stay();
  if (behaviour === 'half-a-handshake') return say('mmspec target 1\nname hostile\ncpus 2\nfra');
  say(`mmspec target 1\nname hostile 1\nprofile documented\ntrait memory=scarce\ncpus 2\nframes 64\n`);
  say('window kernel 0xffffc90000000000 0xffffe90000000000\nwindow user 0x200000000 0x300000000\n');
  say(`calls ${CALLS}\nlimit inflight 8\nlimit line 65536\nready\n`);
  if (behaviour === 'closed-stdin') {
    process.stdin.destroy();
    stay();
  }
}

const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  if (deaf) return;
  if (line.startsWith('hello ')) return hello();
  if (line.startsWith('program ')) {
    header = line.split(' ');
    lines = [];
  } else if (line === 'bye') {
    if (behaviour !== 'ignores-signals') process.exit(0);
  } else if (line === 'reset') say('ready\n');
  else if (header && line === `end ${header[1]}`) {
    const id = header[1];
    header = undefined;
    const instead = answered++ >= Number(after) && INSTEAD[behaviour];
    if (instead) instead(id, lines);
    else say(trace(id, lines));
  } else if (header) lines.push(line);
});
