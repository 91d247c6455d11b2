import { openAdapter } from '../../src/targets/process/index.ts';
import { programOf } from './wire.ts';

/** Opens a target that hangs, says its process id, and waits for it until it is killed itself. */
const before = new Set(children());
const target = await openAdapter(process.argv[2], { deadline: 600_000 });
const [pid] = children().filter((child) => !before.has(child));
console.log(pid);
await target.run([programOf('@0 write null 666')]);

function children(): string[] {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  return readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'latin1').trim().split(/\s+/);
}
