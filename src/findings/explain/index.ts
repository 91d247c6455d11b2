export { printRemarks } from './print.ts';
export { findRemarks, type Remarks } from './remarks.ts';
export { type RunVariations, Trial, type TrialOptions } from './trial.ts';
