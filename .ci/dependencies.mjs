// Checks the lock file: every package has a hash (integrity) and comes from a registry, and its licence is listed here.
// Prints how many packages there are of each licence.
import { readFileSync } from 'node:fs';

/** Licences that let anyone use, change and pass on the code, also within other work. */
const PERMISSIVE = new Set(
  'MIT ISC Apache-2.0 BSD-2-Clause BSD-3-Clause 0BSD BlueOak-1.0.0 CC0-1.0 Unlicense Python-2.0 MIT-0 Zlib'.split(' '),
);
/** Licences of tools that are used as they are, and are not part of the package. */
const OF_TOOLS = new Set(['MPL-2.0', 'CC-BY-3.0', 'CC-BY-4.0']);

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const problems = [];
const counts = new Map();

/** The licences that one may choose from: `(MIT OR CC0-1.0)`. */
const choices = (licence) => licence.replace(/[()]/g, '').split(/ OR | AND /);

for (const [path, { integrity, resolved, license = 'unknown', dev, link }] of Object.entries(packages)) {
  if (path === '' || link) continue;
  const name = path.replace(/^.*node_modules\//, '');
  if (!/^sha512-/.test(integrity ?? '')) problems.push(`${name}: no integrity (sha512) in package-lock.json`);
  if (!/^https:/.test(resolved ?? 'https:')) problems.push(`${name}: comes from ${resolved}`);
  const allowed = choices(license).some((one) => PERMISSIVE.has(one) || (dev && OF_TOOLS.has(one)));
  if (!allowed) problems.push(`${name}: licence ${license} is not in the list of .ci/dependencies.mjs`);
  counts.set(license, (counts.get(license) ?? 0) + 1);
}

const sorted = [...counts].sort(([, a], [, b]) => b - a);
console.log(`licences: ${sorted.map(([licence, count]) => `${licence} ${count}`).join(', ')}`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
