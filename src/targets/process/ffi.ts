import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The command that loads a shared library and speaks the wire protocol for it. */
export function hostCommand(library: string): string[] {
  const source = import.meta.url.endsWith('.ts');
  const host = fileURLToPath(new URL(`./ffi/host.${source ? 'ts' : 'js'}`, import.meta.url));
  // A checkout runs from its TypeScript sources; the packed kit is plain JavaScript.
  const loader = source ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : [];
  return [process.execPath, ...loader, host, library];
}
