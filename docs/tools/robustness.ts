import { BEHAVIOURS, type Behaviour, BUDGET_MS, MAX_MEMORY } from '../../properties/fire/behaviours.ts';
import {
  MACHINE_BUDGET_MS,
  MACHINE_MARGIN_MS,
  MACHINES,
  type MachineBehaviour,
} from '../../properties/fire/machines.ts';

/** Writes `docs/robustness.md`: the table of the tests in `properties/fire/`. */

const SAVES = { counterexample: 'a counterexample', programs: 'the programs that were running' };

const rowsOf = (behaviours: readonly (Behaviour | MachineBehaviour)[]): string =>
  behaviours
    .map(
      ({ summary, says, exit, saves }) =>
        `| ${summary} | \`${says}\` | ${exit.join(' or ')} | ${saves ? SAVES[saves] : ''} |`,
    )
    .join('\n');

/** The whole page. */
export function robustnessDocument(): string {
  return `<!-- Written by npm run docs from properties/fire/behaviours.ts. -->

# Robustness

What the kit does with targets that do harm. The tests in \`properties/fire/\` run each row with a time limit of
${BUDGET_MS / 1000} seconds, or more on a busy machine. A row passes if:

* the output contains the text, and the exit code is right;
* the counterexample, or the programs that were running, are saved;
* no escape sequence and no command of a CI system reaches the output;
* the kit uses less than ${MAX_MEMORY / 2 ** 20} MiB, ends within two seconds of the limit, and leaves no process.

| the target ... | the output says | exit code | saved |
| --- | --- | --- | --- |
${rowsOf(BEHAVIOURS)}

The time for starting Node.js itself comes on top.

## Virtual machines

The same for Linux kernels, with a time limit of ${MACHINE_BUDGET_MS / 1000} seconds that includes the start of the machine. The kit ends within
${MACHINE_MARGIN_MS / 1000} seconds of the limit, because it may have to stop a machine. These tests run where \`MMSPEC_KERNELS\` is set.

| the virtual machine ... | the output says | exit code | saved |
| --- | --- | --- | --- |
${rowsOf(MACHINES)}

## Processes

No process of a target outlives the kit, even if SIGKILL ends the kit. A target may hide behind a shell, ignore signals
or start processes in sessions of their own. This needs Linux with \`/proc\`, \`sh\` and \`grep\`, and no privileges. A process
that clears its environment, or runs as another user, is not found.

## Limits

| what | kept |
| --- | --- |
| the text of a crash or a warning | 2,000 characters |
| leaks of a program | 100, with 1,000 characters each |
| runs of a program (\`repeat=N\`) | 10,000 |
| the log of a target | the first and the last 200 lines, with 400 characters each |
| a line from a target | 1 MiB; the beginning of a longer one goes to the log |

A text that was cut says so.

## Time and signals

The commands \`run\`, \`explore\`, \`replay\`, \`shrink\`, \`explain\`, \`check-adapter\` and \`traits --infer\` take \`--time\`, and the gate takes
\`--budget\`. At the limit, and at SIGINT, SIGTERM and SIGHUP, they end with what they have. A second signal ends them at once.

## Files

A violation is printed before it is saved. Counterexamples and reports are written to a temporary file beside their
place, which then takes the place of the old file. If a file cannot be written, the program is in the output, and the run goes on.
`;
}
