import type { Bug } from '../bug.ts';
import { KERNEL_SIDE } from './kernel-side.ts';
import { RACES } from './races.ts';
import { USER_SIDE } from './user-side.ts';

/** All bugs. */
export const BUGS: readonly Bug[] = [...KERNEL_SIDE, ...USER_SIDE, ...RACES];
