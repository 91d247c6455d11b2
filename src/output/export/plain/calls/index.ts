import type { CallName } from '../../../../../reference/notation/names.ts';
import { AREA_CALLS } from './areas.ts';
import type { PlainCall, PlainCalls } from './call.ts';
import { OBSERVE_CALLS } from './observe.ts';
import { PERMISSION_CALLS } from './permissions.ts';
import { PTE_CALLS } from './ptes.ts';
import { VMA_CALLS } from './vmas.ts';

const TABLE = { ...AREA_CALLS, ...PERMISSION_CALLS, ...VMA_CALLS, ...PTE_CALLS, ...OBSERVE_CALLS } satisfies PlainCalls;

/** Each call as a C function that an implementation provides. */
export const PLAIN_CALLS: Readonly<Record<CallName, PlainCall>> = TABLE;
