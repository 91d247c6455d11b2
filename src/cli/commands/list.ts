import type { Command } from 'commander';
import { CALLS, CLAUSES } from '../../../reference/contract.ts';
import { PROFILES } from '../../../reference/profiles/profiles.ts';
import { unknownName } from '../../common/names.ts';
import { printOut } from '../../common/terminal.ts';
import { ALPHABETS } from '../../programs/enumerate/alphabets.ts';
import { GOALS } from '../../programs/states/goals.ts';
import { STATES } from '../../programs/states/vocabulary.ts';
import { TARGET_FORMS } from '../../targets/open.ts';

interface Row {
  readonly name: string;
  readonly [column: string]: unknown;
}

const LISTS: Readonly<Record<string, () => Promise<Row[]>>> = {
  targets: async () => {
    const { listUnusual } = await import('../../targets/embedded/index.ts');
    const [embedded, ...forms] = TARGET_FORMS.map(({ usage, summary }) => ({ name: usage, summary }));
    const unusual = listUnusual().map(({ name, summary }) => ({ name: `embedded:${name}`, summary }));
    return [embedded, ...unusual, ...forms];
  },
  mutants: async () => {
    const { listMutants, listUnusualMutants } = await import('../../targets/embedded/index.ts');
    const { listFaults } = await import('../../targets/linux/index.ts');
    return [...listMutants(), ...listUnusualMutants(), ...listFaults()].map((row) => ({ ...row }));
  },
  clauses: async () =>
    CLAUSES.map(({ id, level, of, sentence, source }) => ({ name: id, level, of, summary: sentence, source })),
  calls: async () => CALLS.map(({ name, side, summary }) => ({ name, side, summary })),
  goals: async () => GOALS.map(({ id, sentence, calls }) => ({ name: id, summary: sentence, calls })),
  states: async () => STATES.map(({ id, sentence, calls }) => ({ name: id, summary: sentence, calls })),
  alphabets: async () =>
    ALPHABETS.map(({ name, summary, calls }) => ({ name, summary, calls: calls.map((call) => call.name) })),
  profiles: async () => PROFILES.map(({ name, summary }) => ({ name, summary })),
};

/** What `mmspec list` takes. */
export const LIST_KINDS: readonly string[] = Object.keys(LISTS);

/** Registers `mmspec list`. */
export function registerList(program: Command): void {
  program
    .command('list')
    .summary('list targets, mutants, clauses, calls or profiles')
    .description('list what exists: targets, mutants, clauses, calls, goals, states, alphabets or profiles')
    .argument('<kind>', `one of ${LIST_KINDS.join(', ')}`)
    .option('--json', 'print JSON')
    .action(async (kind: string, options: { json?: boolean }) => {
      const make = Object.hasOwn(LISTS, kind) ? LISTS[kind] : undefined;
      if (!make) throw unknownName(`unknown kind ${kind}`, kind, LIST_KINDS);
      const rows = await make();
      if (options.json) printOut(`${JSON.stringify(rows, null, 2)}\n`);
      else printOut(`${rows.map(rowText(rows)).join('\n')}\n`);
    });
}

const rowText = (rows: readonly Row[]): ((row: Row) => string) => {
  const width = Math.min(34, Math.max(...rows.map((row) => row.name.length)));
  return (row) => {
    const breaks = row.breaks === undefined ? '' : `${String(row.breaks).padEnd(9)} `;
    return `${row.name.padEnd(width)}  ${breaks}${row.summary}`;
  };
};
