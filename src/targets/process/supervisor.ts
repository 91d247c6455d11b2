import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';

/*
 * Nothing that a target started may outlive the kit, however the kit ends. A process can leave its process group and its
 * session, but not its environment: all targets have a variable whose value is unique, and so has everything that they
 * start. A supervisor notices when the kit ends, as a pipe closes then, and kills every process with that value. It needs
 * no privileges, and it reaches only processes of the same user.
 */

const VARIABLE = 'MMSPEC_OWNER';
const ID = randomUUID();

/** Looks again until nothing is found, as a process may start another one just before it is killed. */
const SCRIPT = `
cat >/dev/null
for round in 1 2 3 4 5 6 7 8 9 10; do
  found=$(grep -lsF -e "$1" /proc/[0-9]*/environ)
  [ -n "$found" ] || exit 0
  for file in $found; do pid=\${file#/proc/}; kill -9 "\${pid%/environ}"; done
done`;

let supervisor: ChildProcess | undefined;

/** Starts the supervisor, once. It needs /proc, so only Linux gets one. */
function supervise(): void {
  if (supervisor || process.platform !== 'linux') return;
  try {
    supervisor = spawn('sh', ['-c', SCRIPT, 'mmspec-supervisor', ID], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  } catch {
    // The next target tries again. Until then, only process groups and `setpriv` end what is left.
    return;
  }
  supervisor.on('error', () => {});
  supervisor.stdin?.on('error', () => {});
  // The kit may end while the supervisor runs: that is what it waits for.
  supervisor.unref();
  (supervisor.stdin as Socket | null)?.unref();
}

/** The environment for a process that must not outlive this one. */
export function ownedEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  supervise();
  // If this kit is itself a target of another one, both find the process.
  const outer = env[VARIABLE];
  return { ...env, [VARIABLE]: outer === undefined ? ID : `${outer} ${ID}` };
}
