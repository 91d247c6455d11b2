import { describe, expect, test } from 'vitest';
import { kernelsOf } from '../../../src/targets/linux/prepare/apt.ts';
import { firstAvailable } from '../../../src/targets/linux/prepare/available.ts';

const GONE = 'E: Failed to fetch http://a/pool/linux-image-6.1.0-50-686_6.1.176-1_i386.deb  404  Not Found';
const OTHER_SIZE =
  'E: Failed to fetch http://a/Packages.xz  File has unexpected size (346968 != 366648). Mirror sync in progress?';
const OTHER_HASH = 'E: Failed to fetch http://a/x.deb  Hash Sum mismatch';

const kernels = ['6.1.0-50-686', '6.1.0-47-686', '6.1.0-44-686', '6.1.0-40-686'];

describe('a kernel whose files the archive does not deliver', () => {
  /** Fails with these messages, one after the other, and then returns the release. */
  async function take(...failures: string[]) {
    const said: string[] = [];
    const act = async (release: string): Promise<string> => {
      const failure = failures.shift();
      if (failure !== undefined) throw new Error(failure);
      return release;
    };
    const taken = await firstAvailable(kernels, act, (line) => said.push(line)).catch((error: Error) => error.message);
    return { taken, said };
  }

  test.each([
    [GONE, /gone from the archive \(404\)/],
    [OTHER_SIZE, /differs from its index/],
    [OTHER_HASH, /differs from its index/],
  ])('is replaced by the next one, with a message: %s', async (failure, why) => {
    const { taken, said } = await take(failure);
    expect(taken).toBe('6.1.0-47-686');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(why);
    expect(said[0]).toMatch(/^6\.1\.0-50-686: .*taking 6\.1\.0-47-686 instead$/);
  });

  test('is the end after three of them', async () => {
    const { taken, said } = await take(GONE, OTHER_HASH, GONE);
    expect(taken).toBe(GONE);
    expect(said).toHaveLength(2);
  });

  test('is not replaced when something else went wrong', async () => {
    expect(await take('make ended with 2')).toEqual({ taken: 'make ended with 2', said: [] });
  });
});

test('the kernels of a flavour, the newest one first', () => {
  const names = [
    'linux-image-6.1.0-9-686',
    'linux-image-6.1.0-50-686-pae',
    'linux-image-6.1.0-50-rt-686-pae',
    'linux-image-6.1.0-50-686',
    'linux-image-6.12.74+deb13+1-686',
    'linux-image-6.12.107+deb13-686',
    'linux-image-686',
    'linux-image-6.1.0-50-686-unsigned',
  ];
  expect(kernelsOf('686', names)).toEqual([
    'linux-image-6.12.107+deb13-686',
    'linux-image-6.12.74+deb13+1-686',
    'linux-image-6.1.0-50-686',
    'linux-image-6.1.0-9-686',
  ]);
});
