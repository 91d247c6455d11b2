import {
  EBUSY,
  EEXIST,
  EFAULT,
  EINVAL,
  ENOMEM,
  ENXIO,
  ERANGE,
} from '../../../fixtures/simulator/implementations/implementation.ts';
import { errno, number, type Outcome } from '../../../reference/notation/outcome.ts';

/** Reading the results of calls that return error numbers. */

const ERRNOS = new Map([
  [ENXIO, 'ENXIO'],
  [ENOMEM, 'ENOMEM'],
  [EFAULT, 'EFAULT'],
  [EBUSY, 'EBUSY'],
  [EEXIST, 'EEXIST'],
  [EINVAL, 'EINVAL'],
  [ERANGE, 'ERANGE'],
]);

/** Reads a negated error number. `left`: the pages that were not done, if the call tells. */
export const failed = (result: number, left?: number): Outcome => errno(ERRNOS.get(-result) ?? `E${-result}`, left);

/** Reads a result that is 0 or a negated error number. */
export const status = (_session: unknown, _step: unknown, result: number): Outcome =>
  result < 0 ? failed(result) : number(result);
