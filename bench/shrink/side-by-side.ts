import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Order } from './measure.ts';
import type { Row } from './table.ts';

const MEASURE = fileURLToPath(new URL('measure.ts', import.meta.url));

/** Lets a process carry out one order. */
function ask(child: ChildProcess, order: Order): Promise<Row> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`measuring ${order.name} ended with exit code ${code}`));
    child.once('exit', ended);
    child.once('message', (row) => {
      child.off('exit', ended);
      resolve(row as Row);
    });
    child.send(order);
  });
}

/**
 * Measures mutants in `jobs` processes. Calls `onRow` for each row when it is complete, and returns the rows in the
 * order of the orders. Figures are counted in programs, so the processes do not disturb each other.
 */
export async function sideBySide(
  orders: readonly Order[],
  jobs: number,
  onRow: (row: Row) => void,
): Promise<readonly Row[]> {
  const left = orders.entries();
  const rows: Row[] = [];
  const children = Array.from({ length: Math.min(jobs, orders.length) }, () => fork(MEASURE));
  const work = async (child: ChildProcess): Promise<void> => {
    for (const [at, order] of left) {
      rows[at] = await ask(child, order);
      onRow(rows[at]);
    }
  };
  try {
    await Promise.all(children.map(work));
    return rows;
  } finally {
    for (const child of children) child.disconnect();
  }
}
