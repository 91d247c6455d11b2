import type { Command } from 'commander';
import pc from 'picocolors';
import type { Clause } from '../../../reference/clauses/clause.ts';
import { CALLS, CLAUSES } from '../../../reference/contract.ts';
import { printOut } from '../../common/terminal.ts';
import { wrap } from '../../common/words.ts';
import { selectClauses } from '../options.ts';

/** Registers `mmspec contract`. */
export function registerContract(program: Command): void {
  program
    .command('contract')
    .summary('print the clauses of the contract with their sources')
    .description('print the clauses of the contract, with their sources')
    .argument('[id...]', 'clauses: an id or a glob such as ALIAS-*')
    .action((ids: string[]) => {
      const clauses = ids.length > 0 ? selectClauses(ids) : CLAUSES;
      printOut(`${clauses.map(clauseText).join('\n\n')}\n`);
    });
}

function clauseText(clause: Clause): string {
  const indent = ' '.repeat(10);
  const calls = CALLS.filter((call) => call.clauses.includes(clause)).map((call) => call.name);
  const where = Object.entries(clause.where).map(([name, value]) => `${name}=${value}`);
  const about = [
    clause.level,
    clause.of === 'linux' ? 'Linux only' : '',
    where.length > 0 ? `where ${where.join(' ')}` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
  const lines = [`${pc.bold(clause.id.padEnd(10))}${wrap(clause.sentence, 90, indent)}`, `${indent}${pc.dim(about)}`];
  if (calls.length > 0) lines.push(`${indent}${pc.dim(`calls: ${calls.join(', ')}`)}`);
  lines.push(`${indent}${pc.dim(`source: ${wrap(clause.source, 82, `${indent}        `)}`)}`);
  return lines.join('\n');
}
