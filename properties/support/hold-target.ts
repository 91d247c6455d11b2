import { readFileSync } from 'node:fs';
import { openAdapter } from '../../src/targets/process/index.ts';
import { programOf } from './programs.ts';

/** A process that opens a target which hangs, prints the process id of the target, and waits until it is killed. */

const before = new Set(children());
const target = await openAdapter(process.argv[2], { deadline: 600_000 });
const [pid] = children().filter((child) => !before.has(child));
console.log(pid);
await target.run([programOf('@0 write null 666')]);

function children(): string[] {
  return readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'latin1').trim().split(/\s+/);
}
