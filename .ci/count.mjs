// Prints how many tests passed, failed and were skipped: in the suite, in its long tests, and in those that need real
// kernels. A test is skipped if none of these runs ran it.
import { readFileSync } from 'node:fs';

const runs = ['tests', 'tests-long', 'tests-kernels'].map((name) =>
  JSON.parse(readFileSync(`.mmspec/${name}.json`, 'utf8')),
);
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
if (counts.failed > 0 || runs.some((run) => run.numPassedTests === 0 || run.numFailedTests > 0)) process.exitCode = 1;
