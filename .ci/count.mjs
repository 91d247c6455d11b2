// Prints how many tests passed, failed and were skipped: in the suite, and in the tests that need real kernels.
import { readFileSync } from 'node:fs';

const runs = ['tests', 'tests-kernels'].map((name) => JSON.parse(readFileSync(`.mmspec/${name}.json`, 'utf8')));
const sum = (figure) => runs.reduce((total, run) => total + run[figure], 0);
console.log(`${sum('numPassedTests')} passed, ${sum('numFailedTests')} failed, ${sum('numPendingTests')} skipped`);
if (runs.some((run) => run.numPassedTests === 0 || run.numFailedTests > 0)) process.exitCode = 1;
