import { readFileSync } from 'node:fs';

/** The folder of the kit's package.json: one up from src/, two up from dist/src/. */
function packageFile(): URL {
  const near = new URL('../package.json', import.meta.url);
  const far = new URL('../../package.json', import.meta.url);
  return import.meta.url.includes('/dist/src/') ? far : near;
}

/** The kit's version. */
export const VERSION: string = (JSON.parse(readFileSync(packageFile(), 'utf8')) as { version: string }).version;
