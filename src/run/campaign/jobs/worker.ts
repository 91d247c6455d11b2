import { parentPort, workerData } from 'node:worker_threads';
import { clauseById } from '../../../../reference/contract.ts';
import { agree } from '../../../targets/agreement.ts';
import { type OpenTarget, openTarget } from '../../../targets/open.ts';
import { TargetFailure } from '../../../targets/target.ts';
import { randomPrograms } from '../source.ts';
import { type FromJob, fingerprint, type Setup, type ToJob } from './messages.ts';
import { SpanRunner } from './span-runner.ts';

/** A job: a thread with a target of its own, which runs the spans of random programs that it is given. */

const port = parentPort!;
const say = (message: FromJob): void => port.postMessage(message);

/** Opens another instance of the campaign's target. */
async function open({ spec, fingerprint: expected }: Setup): Promise<OpenTarget> {
  const target = await openTarget(spec);
  if (fingerprint(target.manifest) === expected) return target;
  await target.close();
  throw new TargetFailure(`another instance of ${spec} has another manifest`);
}

function runnerFor(target: OpenTarget, setup: Setup): SpanRunner {
  const { profile, traits, favour, seed, goals, ...random } = setup;
  const agreement = agree(target.manifest, { profile, traits });
  const draw = randomPrograms({
    ...random,
    target,
    agreement,
    ...(favour.length > 0 ? { favour: favour.map((id) => clauseById(id)!) } : {}),
  });
  return new SpanRunner({ target, agreement, draw: (number) => draw(seed, number), goals });
}

async function main(setup: Setup): Promise<void> {
  const target = await open(setup);
  const runner = runnerFor(target, setup);
  let lastEnd = 0;
  port.on('message', async (message: ToJob) => {
    if (message === 'end') {
      await target.close();
      port.close();
      return;
    }
    const from = performance.now();
    const segments = await runner.run(message);
    // Programs that are sent early wait in the target until it has run those before them.
    const milliseconds = performance.now() - Math.max(from, lastEnd);
    lastEnd = performance.now();
    say({ kind: 'ran', span: message, segments, milliseconds });
  });
  say({ kind: 'ready' });
}

try {
  await main(workerData as Setup);
} catch (error) {
  say({ kind: 'unable', message: (error as Error).message, log: error instanceof TargetFailure ? error.log : '' });
}
