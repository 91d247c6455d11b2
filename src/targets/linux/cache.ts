import { join } from 'node:path';
import { cacheFolder } from '../cache.ts';

/** The folder of all prepared kernels. */
export const kernelsFolder = (): string => cacheFolder('linux');

/** The folder of one prepared kernel. */
export const preparedFolder = (name: string): string => join(kernelsFolder(), name);

/** The folder of a suite's build root. */
export const rootFolder = (suite: string): string => join(kernelsFolder(), '.roots', suite);

/** The folder of a suite's package lists. */
export const aptFolder = (suite: string): string => join(kernelsFolder(), '.apt', suite);
