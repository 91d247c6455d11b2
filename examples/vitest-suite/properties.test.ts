import fc from 'fast-check';
import { agree, isStepOf, judge, programs } from 'mmspec';
import { expect, test } from 'vitest';
import { pageTable } from './page-table.ts';

test('every trace keeps the contract', () => {
  const { terms } = agree(pageTable.manifest);
  fc.assert(
    fc.property(programs(pageTable), (program) => {
      expect(judge(pageTable.executeTrace(program), terms)).toBeUndefined();
    }),
  );
});

// What the contract leaves open, and this implementation promises: it uses the lowest free address.
test('the first area of a program starts at the first page', () => {
  fc.assert(
    fc.property(programs(pageTable, { maxSteps: 20 }), (program) => {
      const at = program.steps.findIndex((step) => isStepOf(step, 'vm_map_ram') && step.args[0].length > 0);
      if (at < 0) return;
      const outcome = pageTable.execute(program)[at];
      expect(outcome.value).toBe(0x1000);
    }),
  );
});

// A property that does not hold, to see what a failure looks like: the counterexample is shrunk, and printed as text.
test.runIf(process.env.SHOW_FAILURE)('no address is used twice', () => {
  fc.assert(
    fc.property(programs(pageTable), (program) => {
      const starts = pageTable
        .execute(program)
        .filter(({ kind }) => kind === 'address')
        .map(({ value }) => value);
      expect(new Set(starts).size).toBe(starts.length);
    }),
  );
});
