import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Order, Run } from './hunt.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));

/** Lets a process make one run. */
function ask(child: ChildProcess, order: Order): Promise<Run> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(new Error(`the run of ${order.mutant} from seed ${order.seed} ended with exit code ${code}`));
    child.once('exit', ended);
    child.once('message', (run) => {
      child.off('exit', ended);
      resolve(run as Run);
    });
    child.send(order);
  });
}

/** Makes runs in `jobs` processes, and calls `onRun` with each. Runs count processor time, so they may share a machine. */
export async function runAll(orders: readonly Order[], jobs: number, onRun: (run: Run) => void): Promise<void> {
  const left = orders.values();
  const children = Array.from({ length: Math.min(jobs, orders.length) }, () => fork(WORKER));
  const work = async (child: ChildProcess): Promise<void> => {
    for (const order of left) onRun(await ask(child, order));
  };
  try {
    await Promise.all(children.map(work));
  } finally {
    for (const child of children) child.disconnect();
  }
}
