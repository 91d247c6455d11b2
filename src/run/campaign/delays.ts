import type { Program } from '../../../reference/calls/valid.ts';

/** Number of random delays that each candidate runs with: in another program, the same moment needs other delays. */
const DELAYS_PER_CANDIDATE = 8;

/** A program that was found with random delays, changed to run with several delays; any other program as it is. */
export function withMoreDelays(program: Program): Program {
  const [first, ...rest] = program.blocks;
  if (!first?.attributes.has('chance')) return program;
  const attributes = new Map(first.attributes).set('repeat', String(DELAYS_PER_CANDIDATE));
  return { ...program, blocks: [{ ...first, attributes }, ...rest] };
}
