import { type Command, Option } from 'commander';
import { textColumns } from '../common/terminal.ts';
import type { TextForm } from '../output/report/text/form.ts';

/** The options that say how much a command prints for people. */
export interface DetailOptions {
  readonly verbose?: boolean;
  readonly quiet?: boolean;
}

/** Adds `--verbose` and `--quiet` to a command that ends with a report. */
export const addDetail = (command: Command): Command =>
  command
    .option('--verbose', 'print the table of all clauses, the rarest states and every declared trait')
    .addOption(new Option('-q, --quiet', 'print nothing while it runs, and only the summary').conflicts('verbose'));

/** How the text report looks on standard output. */
export const textForm = ({ verbose, quiet }: DetailOptions): TextForm => ({
  width: textColumns(),
  detail: verbose ? 'verbose' : quiet ? 'quiet' : 'usual',
});
