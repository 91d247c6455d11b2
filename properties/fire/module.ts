import type { Program } from '../../reference/calls/valid.ts';
import type { Outcome } from '../../reference/notation/outcome.ts';
import { parseOutcome } from '../../reference/notation/parse.ts';
import { printStep } from '../../reference/notation/print.ts';
import { Scanner } from '../../reference/notation/scanner.ts';
import type { DirectTarget } from '../../src/targets/target.ts';
import { HANDSHAKE, outcome } from './refusing.mjs';

/** A module target that maps nothing, and that does harm when it executes a program. */

const HARM: Readonly<Record<string, () => void>> = {
  'throws later'() {
    setTimeout(() => {
      throw new Error('thrown later');
    });
  },
  throws() {
    throw new Error('thrown at once');
  },
  'exits the process': () => process.exit(6),
  'blocks the event loop'() {
    for (;;);
  },
  'allocates without end'() {
    const kept: number[][] = [];
    for (;;) kept.push(new Array(100_000).fill(kept.length));
  },
};

export function hostileModule(harm: string): DirectTarget {
  const words = (line: string): string[] => new RegExp(`^${line} (.*)$`, 'm').exec(HANDSHAKE)![1].split(' ');
  const execute = ({ steps }: Program): Outcome[] => {
    HARM[harm]();
    return steps.map((step) => parseOutcome(new Scanner(outcome(printStep(step)), 1), 4096));
  };
  return {
    manifest: {
      name: `hostile module that ${harm}`,
      profile: 'documented',
      traits: new Map([['memory', 'scarce']]),
      cpus: 2,
      frames: 64,
      page: 4096,
      windows: new Map(),
      calls: new Set(words('calls')),
      can: new Set(),
      steps: Number.POSITIVE_INFINITY,
    },
    execute,
    executeTrace: (program) => ({ program, outcomes: execute(program) }),
  };
}
