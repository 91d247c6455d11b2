import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const named = process.env.MMSPEC_KERNEL_SOURCES;

/** The unpacked sources of a Linux kernel, as MMSPEC_KERNEL_SOURCES names them; undefined for none. */
export const kernelSources = named !== undefined && existsSync(named) ? resolve(named) : undefined;
