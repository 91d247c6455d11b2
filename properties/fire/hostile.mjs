/*
 * A target that does harm in one way, for the tests in this folder: node hostile.mjs BEHAVIOUR [AFTER]. It conforms for
 * AFTER programs, except that it maps nothing.
 */
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { HANDSHAKE, isStep, outcome, outcomes, trace } from './refusing.mjs';

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

/** Starts a process that does nothing for hours, and that differs from other such processes by its number of seconds. */
const linger = (command) => spawn(command[0], command.slice(1), { stdio: 'ignore', detached: true }).unref();

/** Names that try to act on what shows them. */
const NAMES = { 'hostile-name': 'x \u001b[2J\u001b]0;title\u0007 <b> @a ::error::injected' };

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
  'hostile-name': (id) => say(`trace ${id}\n=> crash "\\u001b[2J\\n::error::injected"\nend ${id}\n`),
  'last-words'(id) {
    say(`trace ${id}\n`);
    write(2, '\u001b[2J\n::error::injected\n::stop-commands::x\n');
    process.kill(process.pid, 'SIGSEGV');
    spin();
  },
  'wrong-id': (id, lines) => say(trace(Number(id) + 1000, lines)),
  'duplicate-id': (id, lines) => say(trace(id, lines).repeat(2)),
  'late-id': (id, lines) => say(trace(Number(id) - 1, lines)),
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
  say(NAMES[behaviour] === undefined ? HANDSHAKE : HANDSHAKE.replace('hostile 1', NAMES[behaviour]));
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
