import { conformance } from 'mmspec/vitest';
import { pageTable } from './page-table.ts';

// One test for each clause of the contract. A clause that nothing exercises is skipped, not passed.
// The page table has one CPU, so nothing is expected to show across CPUs.
conformance(pageTable, { steps: 20_000, cpus: 1 });
