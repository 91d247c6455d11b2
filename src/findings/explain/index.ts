export { explain, printExplained, type Remarks } from './explain.ts';
export { type Run, Trial, type TrialOptions } from './trial.ts';
