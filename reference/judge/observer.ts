/**
 * What an observer sees of a step: its call, its return, or both at once if nothing happens in between. Outside of
 * parallel blocks, every step is seen whole.
 */
export type Phase = 'whole' | 'call' | 'return';

/** Is called after each step, and in parallel blocks after each call and each return. */
export type Observer = (step: number, phase: Phase) => void;
