import { BEHAVIOURS, BUDGET_MS, MAX_MEMORY } from '../../properties/fire/behaviours.ts';

/** Writes `docs/robustness.md`: the table of the tests in `properties/fire/`. */

const SAVES = { counterexample: 'a counterexample', programs: 'the programs that were running' };

/** The whole page. */
export function robustnessDocument(): string {
  const rows = BEHAVIOURS.map(
    ({ summary, says, exit, saves }) =>
      `| ${summary} | \`${says}\` | ${exit.join(' or ')} | ${saves ? SAVES[saves] : ''} |`,
  );
  return `<!-- Written by npm run docs from properties/fire/behaviours.ts. -->

# Robustness

What the kit does with targets that do harm. The tests in \`properties/fire/\` run each row with a time limit
of ${BUDGET_MS / 1000} seconds, or more on a busy machine. A row passes if the output contains the text, the exit code is right, the programs are saved, no escape sequence reaches the
output, the kit uses less than ${MAX_MEMORY / 2 ** 20} MiB, it ends within two seconds of the limit, and no process is left.

| the target ... | the output says | exit code | saved |
| --- | --- | --- | --- |
${rows.join('\n')}

The limit does not include the start of a virtual machine. The time for starting Node.js itself comes on top.

No process of a target outlives the kit, also if the kit is ended by SIGKILL. A target may hide behind a shell, ignore signals
or start processes in sessions of their own. This needs Linux with \`/proc\`, \`sh\` and \`grep\`, and no privileges. A process
that clears its environment, or runs as another user, is not found.
`;
}
