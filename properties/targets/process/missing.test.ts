import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAdapter } from '../../../src/targets/process/index.ts';
import { TargetFailure } from '../../../src/targets/target.ts';
import { folder } from '../../support/cli.ts';

const plain = join(folder(), 'plain');
writeFileSync(plain, 'echo\n', { mode: 0o644 });

test.each([
  ['exec:./no-such-adapter', 'there is no file ./no-such-adapter; build the adapter first'],
  ['exec:no-such-adapter --flag', 'there is no program no-such-adapter in PATH'],
  [`exec:${plain}`, `${plain} is no executable file`],
  ['exec:/', '/ is no executable file'],
])('%s says why it cannot be started', async (spec, reason) => {
  const failure = await openAdapter(spec).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TargetFailure);
  expect((failure as TargetFailure).message).toBe(`the target ${spec} could not be started: ${reason}`);
});

test('an adapter that ends before the handshake is an error with the command that shows more', async () => {
  const failure = await openAdapter('exec:sh -c "echo lost >&2"').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TargetFailure);
  expect((failure as TargetFailure).message).toMatch(
    /; see what it answers with: npx mmspec check-adapter 'exec:sh -c/,
  );
  expect((failure as TargetFailure).log).toContain('lost');
});
