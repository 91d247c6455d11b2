import type { Parameter } from '../../../reference/calls/call.ts';
import { type FrameId, isPoolFrame } from '../../../reference/notation/frame.ts';
import type { Argument, ArgumentTypes, ParameterType } from '../../../reference/notation/signature.ts';
import { addressRemarks, nameRemarks } from './address-remarks.ts';
import type { Trial } from './trial.ts';
import { listed, numbersNear, type Site, stepOf, tryArguments, tryNumbers, tryTogether } from './vary.ts';
import { aboutNames, aboutNumber } from './words.ts';

/** Which arguments of a step matter: found by trying others. */

type Remark = string | undefined;
type ArgumentRemarks<T extends ParameterType> = (
  site: Site,
  own: ArgumentTypes[T],
  parameter: Parameter,
) => Promise<Remark[]>;

const REMARKS: { readonly [T in ParameterType]: ArgumentRemarks<T> } = {
  frame: async (site, own) => {
    if (!isPoolFrame(own)) return [];
    const values = [...new Set([0, 1, 2, 3, own + 7, own])];
    return [aboutNumber('frame', own, await tryNumbers(site, values, (value) => value))];
  },
  frames: framesRemarks,
  area: nameRemarks,
  vma: nameRemarks,
  object: async () => [],
  space: async () => [],
  address: addressRemarks,
  pages: async (site, own, parameter) => {
    if (parameter.ofArea) return [];
    return [aboutNumber('size', own, await tryNumbers(site, numbersNear(own, 1), (value) => value))];
  },
  bytes: async (site, own) => {
    const { page } = site.trial.options;
    const pages = own / page;
    if (!Number.isInteger(pages)) return [];
    const tried = await tryNumbers(site, [0, ...numbersNear(pages, 1)], (value) => value * page);
    return [aboutNumber('number of pages', pages, tried)];
  },
  value: async (site, own) => [
    aboutNumber('value', own, await tryNumbers(site, numbersNear(own, 0), (value) => value)),
  ],
  choice: async (site, own, { choices }) => {
    const others = choices!.filter((word) => word !== own);
    const fails = await tryArguments(site, others);
    const tried = others.flatMap((name, i) => (fails[i] === undefined ? [] : [{ name, fails: fails[i] }]));
    return [aboutNames(own, tried)];
  },
  flags: async () => [],
};

/** What matters about the arguments of a step. */
export async function argumentRemarks(trial: Trial, index: number): Promise<string[]> {
  const step = trial.program.steps[index];
  const remarks: Remark[] = [];
  for (const [at, parameter] of step.call.parameters.entries()) {
    const own = step.args[at];
    if (own === undefined) continue;
    const site = { trial, index, at };
    if (parameter.optional) remarks.push(await optionalRemark(site, parameter));
    // The table gives each type of parameter the function for it; the compiler cannot follow that by itself.
    const remarksOf = REMARKS[parameter.type] as (site: Site, own: Argument, parameter: Parameter) => Promise<Remark[]>;
    remarks.push(...(await remarksOf(site, own, parameter)));
  }
  return remarks.filter((remark) => remark !== undefined);
}

/** Whether an optional argument may be left out. */
async function optionalRemark(site: Site, { name }: Parameter): Promise<Remark> {
  const [without] = await tryArguments(site, [undefined]);
  if (without === undefined) return undefined;
  return without ? `with or without ${name}=` : `${name}= is needed`;
}

/**
 * The list of frames at another length: the same frames first, then more at the same distance. The same frames follow
 * again where that distance leads below the first frame of the pool.
 */
export function resized(frames: readonly FrameId[], length: number): FrameId[] {
  const stride = frames.length > 1 ? frames[1] - frames[0] : 1;
  const frameAt = (i: number): FrameId => {
    const further = (frames[0] ?? 0) + stride * i;
    return further >= 0 ? further : frames[i % frames.length];
  };
  return Array.from({ length }, (_, i) => frames[i] ?? frameAt(i));
}

/** Which sizes fail, alone and together with steps that have the same list, and whether other frames would do. */
async function framesRemarks(site: Site, own: readonly FrameId[]): Promise<Remark[]> {
  if (!own.every(isPoolFrame)) return [];
  const { trial, index, at } = site;
  const step = stepOf(site);
  const sizes = await tryNumbers(site, numbersNear(own.length, 1), (length) => resized(own, length));
  const others = [own.map((frame) => frame + 7), own.map((_, i) => own.length - 1 - i), own.map(() => 0)];
  const fails = (await tryArguments(site, others)).filter((one) => one !== undefined);
  const which = fails.every(Boolean) ? 'any frames' : 'only with frames like these';
  const peers = trial.program.steps.flatMap((other, i) =>
    other.call === step.call && String(other.args[at]) === String(step.args[at]) ? [{ index: i, at }] : [],
  );
  const joint: Remark[] = [];
  if (peers.length > 1 && peers[0].index === index && sizes.some((one) => !one.fails)) {
    const tried = await tryTogether(trial, peers, numbersNear(own.length, 1), (length, old) =>
      resized(old as FrameId[], length),
    );
    const words = aboutNumber('size', own.length, tried);
    if (words) joint.push(`together with ${listed(peers.slice(1).map((peer) => peer.index))}: ${words}`);
  }
  const remarkable = fails.length > 0 && (own.length > 0 || !fails.every(Boolean));
  return [aboutNumber('size', own.length, sizes), ...joint, remarkable ? which : undefined];
}
