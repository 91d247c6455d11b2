import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newJob } from '../../../src/targets/wire/job.ts';
import { JobQueue } from '../../../src/targets/wire/queue.ts';
import { programOf } from '../../support/programs.ts';

const program = programOf('@0 vm_unmap_aliases');
const job = () =>
  newJob(
    program,
    false,
    () => {},
    () => {},
  );

test('jobs leave in the order in which they came, and never more are in flight than allowed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.constantFrom('add', 'send', 'answer')), (max, actions) => {
      const queue = new JobQueue(max);
      const waiting: unknown[] = [];
      const inFlight: unknown[] = [];
      for (const action of actions) {
        if (action === 'add') {
          waiting.push(job());
          queue.add(waiting.at(-1) as ReturnType<typeof job>);
        } else if (action === 'send') {
          const sent = waiting.splice(0, max - inFlight.length);
          expect(queue.takeSendable()).toEqual(sent);
          inFlight.push(...sent);
        } else if (inFlight.length > 0) {
          inFlight.shift();
          queue.removeHead();
        }
        expect(queue.head).toBe(inFlight[0]);
      }
      expect(queue.clear()).toEqual({ inFlight, waiting });
      expect(queue.head).toBeUndefined();
    }),
  );
});

test('programs in flight are limited in bytes, too', () => {
  const queue = new JobQueue(100);
  const large = { ...job(), text: 'x'.repeat(3 << 20) };
  for (let i = 0; i < 4; i++) queue.add({ ...large });
  expect(queue.takeSendable()).toHaveLength(2);
  expect(queue.takeSendable()).toHaveLength(0);
  queue.removeHead();
  expect(queue.takeSendable()).toHaveLength(1);
});
