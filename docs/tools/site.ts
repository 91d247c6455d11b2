import { resolve } from 'node:path';
import { ROOT } from '../../properties/support/cli.ts';
import { writeSite } from './site/site.ts';

/**
 * Writes the documents and the clauses as a site of static pages.
 *
 *     npm run docs:site                writes to site/
 *     npm run docs:site -- FOLDER      writes to another folder
 */
const folder = resolve(process.argv[2] ?? `${ROOT}/site`);
const pages = writeSite(folder);
process.stdout.write(`wrote ${pages.length} pages; open ${folder}/index.html\n`);
