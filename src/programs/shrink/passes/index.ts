import type { Pass } from '../pass.ts';
import { absorb } from './absorb.ts';
import { across } from './across.ts';
import { apart } from './apart.ts';
import { attributes } from './attributes.ts';
import { cpus } from './cpus.ts';
import { cut } from './cut.ts';
import { defer } from './defer.ts';
import { lives, looks, steps } from './delete.ts';
import { double } from './double.ts';
import { enter } from './enter.ts';
import { exchange } from './exchange.ts';
import { fold } from './fold.ts';
import { gather } from './gather.ts';
import { join } from './join.ts';
import { lanes } from './lanes.ts';
import { leave } from './leave.ts';
import { merge } from './merge.ts';
import { move } from './move.ts';
import { outside } from './outside.ts';
import { pairs } from './pairs.ts';
import { plain } from './plain.ts';
import { relabel } from './relabel.ts';
import { rename } from './rename.ts';
import { settle } from './settle.ts';
import { sizes } from './sizes.ts';
import { slice } from './slice.ts';
import { stay } from './stay.ts';

/** All passes in the order in which they are tried: those that remove most at the least cost come first. */
export const PASSES: readonly Pass[] = [
  cut,
  slice,
  lives,
  lanes,
  gather,
  double,
  looks,
  steps,
  stay,
  leave,
  fold,
  attributes,
  plain,
  sizes,
  merge,
  join,
  absorb,
  exchange,
  relabel,
  cpus,
  move,
  rename,
  outside,
  settle,
  defer,
  apart,
  pairs,
  enter,
  across,
];
