import { ownProgram } from '../../common/package.ts';

/** The command that loads a shared library and speaks the wire protocol for it. */
export const hostCommand = (library: string): string[] => [
  process.execPath,
  ...ownProgram('src/targets/process/ffi/host', false),
  library,
];
