import type { Answers, Asker } from './ask.ts';

/** What a probe concludes from the answers. */
export interface Guess {
  readonly choice: string;
  /** False where another choice could have given the same answers. */
  readonly sure: boolean;
  /** The reason on the first line, then the program that shows it. */
  readonly reason: string;
}

/**
 * Finds out one trait. Resolves to undefined if no outcome shows it: the target lacks the calls, or supports them with none
 * of the arguments that the probe tries. A probe concludes only from steps that were executed.
 */
export type Probe = (asker: Asker) => Promise<Guess | undefined>;

/** Whether the step was not executed, so that its outcome tells nothing. */
export const untold = (outcome: string): boolean => outcome === 'unsupported' || outcome === 'skipped';

/** Whether an unmapping call returned, with a warning or without. */
export const returned = (outcome: string): boolean => outcome === 'ok' || outcome.startsWith('warn');

export const guess = (choice: string, sure: boolean, reason: string, { text }: Answers): Guess => ({
  choice,
  sure,
  reason: `${reason}\n${text}`,
});

/** The numbers of all CPUs of the target. */
export const cpusOf = ({ manifest }: Asker): number[] => Array.from({ length: manifest.cpus }, (_, cpu) => cpu);
