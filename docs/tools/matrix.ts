import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../properties/support/cli.ts';
import { matrixDocument } from './matrix/markdown.ts';
import { matrixPage } from './matrix/page.ts';
import { addRuns } from './matrix/records.ts';

/**
 * Writes the matrix of kernels and clauses. Each run of a stock kernel is a small record in `docs/matrix/`, made from its
 * JSON report; both pages are made from the records.
 *
 *     npm run matrix                    writes docs/matrix.md and docs/matrix.html
 *     npm run matrix -- REPORT.json     adds the runs of JSON reports first
 */
const paths = process.argv.slice(2);
const missing = paths.find((path) => !existsSync(path));
if (missing !== undefined) {
  const help = missing === '--help';
  const usage = 'usage: npm run matrix [-- REPORT.json ...]';
  process.stderr.write(help ? `${usage}\n` : `there is no file ${missing}\n${usage}\n`);
  process.exit(help ? 0 : 2);
}
addRuns(paths);
for (const [file, text] of [
  ['docs/matrix.md', matrixDocument()],
  ['docs/matrix.html', matrixPage()],
]) {
  writeFileSync(join(ROOT, file), text);
  process.stdout.write(`wrote ${file}\n`);
}
