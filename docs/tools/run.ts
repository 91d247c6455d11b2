import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, mmspec, ROOT } from '../../properties/support/cli.ts';
import { mmspecArguments } from './commands.ts';
import type { Code } from './markdown.ts';
import { type Command, shellCommands } from './shell.ts';

/** Runs commands of documents. */

/** What stays out of the folder that commands run in: they write there, and find nothing that an earlier run saved. */
const LEFT_OUT = new Set(['.git', '.mmspec', 'dist']);

/** Calls `use` with a folder that looks like the checkout, in which commands may write. */
export async function withSandbox<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'mmspec-docs-'));
  try {
    for (const name of readdirSync(ROOT)) if (!LEFT_OUT.has(name)) symlinkSync(join(ROOT, name), join(folder, name));
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a command of the kit in the folder. */
export const runIn = (command: Command, folder: string): Promise<Ended> =>
  mmspec(mmspecArguments(command)!, { cwd: folder, env: { COLUMNS: '100' } });

/** One command of a `console` block, and what the document says that it prints. */
export interface Example {
  readonly command: Command;
  readonly output: readonly string[];
}

/** The commands of a `console` block: each follows `$ `, its output follows it. */
export function examplesOf({ lines, line }: Code): Example[] {
  const starts = lines.flatMap((text, index) => (text.startsWith('$ ') ? [index] : []));
  return starts.map((start, n) => {
    const [command, ...more] = shellCommands([lines[start].slice(2)], line + start);
    if (!command || more.length > 0) throw new Error(`line ${line + start}: a console block has one command a line`);
    const output = lines.slice(start + 1, starts[n + 1] ?? lines.length);
    while (output.at(-1) === '') output.pop();
    return { command, output };
  });
}

/** The lines that a command prints, without white space at their ends. */
export function printed({ stdout }: Ended): string[] {
  const lines = stdout.split('\n').map((text) => text.trimEnd());
  while (lines.at(-1) === '') lines.pop();
  return lines;
}
