import type { Shard } from './options.ts';

/**
 * How shards divide a run: its programs are numbered from 0, and shard `index` of `of` runs those whose number is
 * `index` modulo `of`.
 */

/** A run that is not divided. */
export const WHOLE_RUN: Shard = { index: 0, of: 1 };

/** How many of the first `programs` programs of the run are the shard's. */
export const shardSize = (programs: number, { index, of }: Shard = WHOLE_RUN): number =>
  Math.max(0, Math.ceil((programs - index) / of));

/** How many of the programs numbered from `from` to `from + count - 1` are the shard's. */
export const shardShare = (from: number, count: number, shard: Shard): number =>
  shardSize(from + count, shard) - shardSize(from, shard);

/** The place in the whole run, from 1, of the shard's program number `programs`, from 1. */
export const placeInRun = (programs: number, { index, of }: Shard = WHOLE_RUN): number =>
  (programs - 1) * of + index + 1;
