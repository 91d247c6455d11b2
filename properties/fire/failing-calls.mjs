/*
 * Loaded into the kit before anything else (node --import): the call number FAILING_CALL of those that write files, start
 * processes or connect fails, once. The names of all such calls go to the file FAILING_CALLS_LOG.
 */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const failing = Number(process.env.FAILING_CALL);
const log = fs.openSync(process.env.FAILING_CALLS_LOG, 'a');
const { writeSync } = fs;
let calls = 0;

const error = (code, name) => Object.assign(new Error(`${code}: made to fail, ${name}`), { code });

/** Replaces a function by one that counts, and that fails when its turn comes. */
function count(
  module,
  name,
  code,
  fail = () => {
    throw error(code, name);
  },
) {
  const act = module[name];
  module[name] = function (...args) {
    // Node's own loader reads and writes, too.
    if (String(args[0]).includes('node_modules')) return act.apply(this, args);
    const number = ++calls;
    writeSync(log, `${number} ${name} ${String(args[0]).slice(-60)}\n`);
    return number === failing ? fail(act, args) : act.apply(this, args);
  };
}

for (const name of ['writeFileSync', 'appendFileSync', 'mkdirSync', 'renameSync']) count(fs, name, 'ENOSPC');
count(childProcess, 'spawn', 'ENOMEM');
// A connection fails later, with an event.
count(net, 'connect', 'ECONNREFUSED', (act) => act.call(net, { path: '/nonexistent' }));
syncBuiltinESMExports();
