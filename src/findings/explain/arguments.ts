import type { Parameter, Step } from '../../../reference/calls/call.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { printAddress } from '../../../reference/notation/address.ts';
import { type FrameId, isPoolFrame } from '../../../reference/notation/frame.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import { withArgument } from '../../programs/arguments.ts';
import { knownAfter } from '../../programs/shrink/pass.ts';
import type { Trial } from './trial.ts';
import { aboutNames, aboutNumber, type Tried } from './words.ts';

/** Which arguments of a step matter, found by trying their neighbours. */

const NEAR = [1, 2, 3, 4, 5, 6, 7, 8];

/** Numbers to try besides `own`: small ones, its neighbours, larger ones. */
const neighbours = (own: number, least: number): number[] => {
  const all = [...NEAR, own - 1, own, own + 1, own + 2, 2 * own, 4 * own, 16, 64, 256];
  return [...new Set(all)].filter((value) => value >= least && value <= 512).sort((a, b) => a - b);
};

async function numbers(
  trial: Trial,
  index: number,
  at: number,
  values: readonly number[],
  make: (value: number) => Argument,
): Promise<Tried[]> {
  const step = trial.program.steps[index];
  const programs = values.map((value) => trial.with(index, withArgument(step, at, make(value))));
  const fails = await trial.fails(programs);
  return values.flatMap((value, i) => (fails[i] === undefined ? [] : [{ value, fails: fails[i] }]));
}

/** Several steps varied at once, each in its own way. */
async function together(
  trial: Trial,
  changes: readonly { readonly index: number; readonly at: number }[],
  values: readonly number[],
  make: (value: number, old: Argument) => Argument,
): Promise<Tried[]> {
  const programs = values.map((value) =>
    trial.variant(
      trial.program.steps.map((step, i) => {
        const change = changes.find(({ index }) => index === i);
        return change ? withArgument(step, change.at, make(value, step.args[change.at]!)) : step;
      }),
    ),
  );
  const fails = await trial.fails(programs);
  return values.flatMap((value, i) => (fails[i] === undefined ? [] : [{ value, fails: fails[i] }]));
}

/** `steps 2 and 8`. */
const listed = (indices: readonly number[]): string => {
  const numbers = indices.map((index) => index + 1);
  return numbers.length === 1
    ? `step ${numbers[0]}`
    : `steps ${numbers.slice(0, -1).join(', ')} and ${numbers[numbers.length - 1]}`;
};

/** A list of frames of another length that goes on as this one does. */
function resized(frames: readonly FrameId[], length: number): FrameId[] {
  const stride = frames.length > 1 ? frames[1] - frames[0] : 1;
  return Array.from({ length }, (_, i) => (i < frames.length ? frames[i] : frames[0] + stride * i));
}

type Explainer = (trial: Trial, index: number, at: number, parameter: Parameter) => Promise<(string | undefined)[]>;

const argumentOf = <T extends Argument>(trial: Trial, index: number, at: number): T =>
  trial.program.steps[index].args[at] as T;

async function same(trial: Trial, index: number, steps: readonly Step[]): Promise<boolean | undefined> {
  const fails = await trial.fails(steps.map((step) => trial.with(index, step)));
  const known = fails.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : known.every(Boolean);
}

const frames: Explainer = async (trial, index, at) => {
  const list = argumentOf<readonly FrameId[]>(trial, index, at);
  const step = trial.program.steps[index];
  const sizes = await numbers(trial, index, at, neighbours(list.length, 1), (length) => resized(list, length));
  const others = [list.map((frame) => frame + 7), list.map((_, i) => list.length - 1 - i), list.map(() => 0)];
  const any = await same(
    trial,
    index,
    others.map((other) => withArgument(step, at, other)),
  );
  const peers = trial.program.steps.flatMap((other, i) =>
    other.call === step.call && String(other.args[at]) === String(step.args[at]) ? [{ index: i, at }] : [],
  );
  const alike: (string | undefined)[] = [];
  if (peers.length > 1 && peers[0].index === index && sizes.some((one) => !one.fails)) {
    const all = await together(trial, peers, neighbours(list.length, 1), (length, old) =>
      resized(old as FrameId[], length),
    );
    const words = aboutNumber('size', list.length, all);
    if (words) alike.push(`together with ${listed(peers.slice(1).map((peer) => peer.index))}: ${words}`);
  }
  const which =
    any === true && list.length > 0 ? 'any frames' : any === false ? 'only with frames like these' : undefined;
  return [aboutNumber('size', list.length, sizes), ...alike, which];
};

const frame: Explainer = async (trial, index, at) => {
  const own = argumentOf<FrameId>(trial, index, at);
  if (!isPoolFrame(own)) return [];
  const values = [0, 1, 2, 3, own + 7, own].filter((value, i, all) => all.indexOf(value) === i);
  return [aboutNumber('frame', own, await numbers(trial, index, at, values, (value) => value))];
};

const pages: Explainer = async (trial, index, at, parameter) => {
  if (parameter.ofArea) return [];
  const own = argumentOf<number>(trial, index, at);
  return [aboutNumber('size', own, await numbers(trial, index, at, neighbours(own, 1), (value) => value))];
};

const bytes: Explainer = async (trial, index, at) => {
  const { page } = trial.options;
  const own = argumentOf<number>(trial, index, at) / page;
  if (!Number.isInteger(own)) return [];
  const tried = await numbers(trial, index, at, [0, ...neighbours(own, 1)], (value) => value * page);
  return [aboutNumber('number of pages', own, tried)];
};

const value: Explainer = async (trial, index, at) => {
  const own = argumentOf<number>(trial, index, at);
  return [aboutNumber('value', own, await numbers(trial, index, at, neighbours(own, 0), (one) => one))];
};

/** Names of the same sort that are bound before the step. */
function otherNames(trial: Trial, index: number, { base, index: own }: Address): Address[] {
  const names = trial.program.steps.slice(0, index).filter(({ call, binds }) => call.binds === base && binds !== own);
  return names.map(({ binds }) => ({ base, index: binds, offset: 0 }));
}

const name: Explainer = async (trial, index, at) => {
  const own = argumentOf<Address>(trial, index, at);
  const step = trial.program.steps[index];
  const others = otherNames(trial, index, own);
  const fails = await trial.fails(others.map((other) => trial.with(index, withArgument(step, at, other))));
  const tried = others.flatMap((other, i) =>
    fails[i] === undefined ? [] : [{ name: printAddress(other), fails: fails[i] }],
  );
  return [aboutNames(printAddress(own), tried)];
};

const address: Explainer = async (trial, index, at) => {
  const own = argumentOf<Address>(trial, index, at);
  if (own.base !== 'a' && own.base !== 'v') return [];
  const { page } = trial.options;
  const known = knownAfter(trial.program, trial.options);
  const length = (own.base === 'a' ? known.areas : known.vmas)[own.index]?.pages ?? 1;
  const first = Math.floor(own.offset / page);
  const values = [...new Set([-1, 0, 1, 2, first - 1, first, first + 1, Math.floor(length / 2), length - 1, length])];
  const inside = values.filter((one) => one >= -1 && one <= length).sort((a, b) => a - b);
  const tried = await numbers(trial, index, at, inside, (one) => ({
    ...own,
    offset: one * page + (own.offset - first * page),
  }));
  const within = tried.filter((one) => one.value >= 0 && one.value < length);
  const beyond = tried.filter((one) => (one.value < 0 || one.value >= length) && one.fails).length > 0;
  const every = within.length > 1 && within.every((one) => one.fails);
  const words = every
    ? beyond
      ? 'any page, and beyond'
      : `any page of ${own.base}${own.index}`
    : aboutNumber('page', first, tried);
  const others = await name(trial, index, at, trial.program.steps[index].call.parameters[at]);
  return [(every ? undefined : await joint(trial, index, at, length)) ?? words, ...others];
};

/** Where steps look at one page, another page will do if all of them look at it. */
async function joint(trial: Trial, index: number, at: number, length: number): Promise<string | undefined> {
  const own = argumentOf<Address>(trial, index, at);
  const { page } = trial.options;
  const peers = trial.program.steps.flatMap(({ args, call }, i) =>
    args.flatMap((value, position) => {
      const other = value as Address | undefined;
      const looks = call.parameters[position].type === 'address';
      const here = looks && other?.base === own.base && other.index === own.index && other.offset === own.offset;
      return here ? [{ index: i, at: position }] : [];
    }),
  );
  if (peers.length < 2 || length < 2) return undefined;
  const values = [...new Set([0, 1, Math.floor(length / 2), length - 1])];
  const tried = await together(trial, peers, values, (value, old) => ({ ...(old as Address), offset: value * page }));
  if (tried.length < 2 || !tried.every((one) => one.fails)) return undefined;
  const others = peers.filter((peer) => peer.index !== index).map((peer) => peer.index);
  return `any page of ${own.base}${own.index}, the same as in ${listed(others)}`;
}

const choice: Explainer = async (trial, index, at, parameter) => {
  const own = argumentOf<string>(trial, index, at);
  const step = trial.program.steps[index];
  const others = parameter.choices!.filter((word) => word !== own);
  const fails = await trial.fails(others.map((word) => trial.with(index, withArgument(step, at, word))));
  return [
    aboutNames(
      own,
      others.flatMap((word, i) => (fails[i] === undefined ? [] : [{ name: word, fails: fails[i] }])),
    ),
  ];
};

/** An optional argument: whether it may be left out. */
const optional: Explainer = async (trial, index, at, parameter) => {
  const step = trial.program.steps[index];
  const without = await same(trial, index, [withArgument(step, at, undefined)]);
  if (without === undefined) return [];
  return [without ? `with or without ${parameter.name}=` : `${parameter.name}= is needed`];
};

const EXPLAINERS: Readonly<Record<Parameter['type'], Explainer>> = {
  frame,
  frames,
  area: name,
  vma: name,
  object: async () => [],
  address,
  pages,
  bytes,
  value,
  choice,
  flags: async () => [],
};

/** What was found about the arguments of a step. */
export async function explainArguments(trial: Trial, index: number): Promise<string[]> {
  const step = trial.program.steps[index];
  const said: (string | undefined)[] = [];
  for (const [at, parameter] of step.call.parameters.entries()) {
    if (step.args[at] === undefined) continue;
    if (parameter.optional) said.push(...(await optional(trial, index, at, parameter)));
    said.push(...(await EXPLAINERS[parameter.type](trial, index, at, parameter)));
  }
  return said.filter((words) => words !== undefined);
}
