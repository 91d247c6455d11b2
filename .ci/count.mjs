// Prints how many tests passed, failed and were skipped: in the suite, in its long tests, in those that need real kernels,
// and in those that need the sources of a series of Linux. A test is skipped if none of these runs ran it.
import { readdirSync, readFileSync } from 'node:fs';

const REQUIRED = [/^tests$/, /^tests-long$/, /^tests-kernels$/, /^tests-linux-source-/];

const names = readdirSync('.mmspec').flatMap((file) => file.match(/^(tests.*)\.json$/)?.[1] ?? []);
const missing = REQUIRED.filter((required) => !names.some((name) => required.test(name)));
const runs = names.map((name) => JSON.parse(readFileSync(`.mmspec/${name}.json`, 'utf8')));
const counts = { passed: 0, failed: 0 };
const ran = new Set();
const all = new Set();
for (const { testResults } of runs)
  for (const { name: file, assertionResults } of testResults)
    for (const { fullName, status } of assertionResults) {
      const id = `${file} ${fullName}`;
      all.add(id);
      if (status in counts) {
        counts[status]++;
        ran.add(id);
      }
    }
console.log(`${counts.passed} passed, ${counts.failed} failed, ${all.size - ran.size} skipped`);
for (const required of missing) console.log(`no results in .mmspec/ match ${required}: a step of .ci/run did not run`);
if (missing.length > 0 || runs.some((run) => run.numPassedTests === 0 || run.numFailedTests > 0)) process.exitCode = 1;
