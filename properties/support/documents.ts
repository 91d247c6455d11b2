import fc from 'fast-check';
import type { Call } from '../../reference/calls/call.ts';
import { CALLS } from '../../reference/contract.ts';
import { type Address, addressSpace, HOLE, inArea, inObject, inVma, NULL } from '../../reference/notation/address.ts';
import type { Document } from '../../reference/notation/document.ts';
import { areaFrame, MAX_PAGES, vmaFrame } from '../../reference/notation/frame.ts';
import type { Header } from '../../reference/notation/header.ts';
import * as outcomes from '../../reference/notation/outcome.ts';
import { MAX_VALUE } from '../../reference/notation/parse.ts';
import type { Block, Interval, Step } from '../../reference/notation/program.ts';
import type { Argument, Parameter } from '../../reference/notation/signature.ts';

/** Arbitrary documents: all that the grammar allows, valid or not. */

const index = fc.oneof(fc.nat({ max: 9 }), fc.nat({ max: 999_999 }));
const pages = fc.bigInt({ min: 0n, max: (1n << 52n) - 1n }).map((page) => Number(page * 4096n));
const bytes = fc.oneof(
  fc.nat({ max: 64 }).map((page) => page * 4096),
  fc.maxSafeNat(),
  pages,
);
const signed = fc.tuple(bytes, fc.boolean()).map(([size, minus]) => (minus && size > 0 ? -size : size));
const frame = fc.oneof(fc.nat({ max: 63 }), fc.nat({ max: 999_999 }));
const areas = fc.tuple(index, signed).map(([name, offset]) => inArea(name, offset));
const vmas = fc.tuple(index, signed).map(([name, offset]) => inVma(name, offset));
const literals = fc
  .tuple(fc.constantFrom(HOLE, NULL), bytes)
  .map(([literal, offset]): Address => ({ ...literal, offset }));

/** Lists with ranges and repeats, so that the short forms are covered. */
const frames = fc
  .array(fc.tuple(frame, fc.constantFrom('one', 'up', 'same'), fc.nat({ max: 5 })), { maxLength: 4 })
  .map((runs) =>
    runs.flatMap(([first, how, more]) =>
      Array.from({ length: how === 'one' ? 1 : more + 1 }, (_, n) =>
        how === 'up' ? Math.min(first + n, 999_999) : first,
      ),
    ),
  );

const areaPage = fc.tuple(index, frame).map(([name, page]) => areaFrame(name, page));
/** The same lists, with each frame in its turn or as that page of an area. */
const framesAndAreaPages = fc
  .tuple(frames, index, fc.array(fc.boolean(), { maxLength: 24 }))
  .map(([list, name, ofArea]) => list.map((one, i) => (ofArea[i] ? areaFrame(name, one) : one)));

function argument(parameter: Parameter): fc.Arbitrary<Argument> {
  switch (parameter.type) {
    case 'frame':
      return parameter.areaPages ? fc.oneof(frame, areaPage) : frame;
    case 'frames':
      return parameter.areaPages ? fc.oneof(frames, framesAndAreaPages) : frames;
    case 'area':
      return fc.oneof(
        index.map((name) => inArea(name, 0)),
        fc.constantFrom(HOLE, NULL),
      );
    case 'vma':
      return index.map((name) => inVma(name, 0));
    case 'space':
      return index.map(addressSpace);
    case 'object':
      return fc.tuple(index, signed).map(([name, offset]) => inObject(name, offset));
    case 'address':
      return fc.oneof(areas, vmas, literals);
    case 'pages':
      return fc.nat({ max: MAX_PAGES });
    case 'value':
      return fc.nat({ max: MAX_VALUE });
    case 'bytes':
      return bytes;
    case 'choice':
      return fc.constantFrom(...parameter.choices!);
    case 'flags':
      return fc.subarray([...parameter.choices!].sort(), { minLength: 1 });
  }
}

const step = (cpus: number): fc.Arbitrary<Step<Call>> =>
  fc.constantFrom(...CALLS).chain((call) =>
    fc.record({
      cpu: fc.nat({ max: cpus - 1 }),
      call: fc.constant(call),
      binds: call.binds ? index : fc.constant(-1),
      args: fc.tuple(
        ...call.parameters.map((parameter) =>
          parameter.optional
            ? fc.option<Argument | undefined, undefined>(argument(parameter), { nil: undefined })
            : (argument(parameter) as fc.Arbitrary<Argument | undefined>),
        ),
      ),
    }),
  );

const reached = fc.oneof(
  frame,
  fc.tuple(index, frame).map(([name, page]) => areaFrame(name, page)),
  fc.tuple(index, frame).map(([name, page]) => vmaFrame(name, page)),
);
const note = fc.option(fc.nat({ max: 9_999 }), { nil: -1 });

export const outcome = (page: number): fc.Arbitrary<outcomes.Outcome> =>
  fc.oneof(
    fc.constantFrom(outcomes.OK, outcomes.NIL, outcomes.FAULT, outcomes.OTHER),
    fc.constantFrom(outcomes.SKIPPED, outcomes.UNSUPPORTED, outcomes.TIMEOUT),
    fc
      .tuple(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), note)
      .map(([at, dirty]) => outcomes.address(Number(at / BigInt(page)), Number(at % BigInt(page)), dirty)),
    fc.tuple(reached, fc.nat({ max: 9_999_999 })).map(([id, value]) => outcomes.reached(id, value)),
    fc.tuple(fc.stringMatching(/^E[A-Z0-9]{1,10}$/), note).map(([name, left]) => outcomes.errno(name, left)),
    fc.oneof(fc.integer(), fc.nat({ max: 9 })).map((value) => outcomes.number(value)),
    fc.constantFrom('NOPAGE', 'SIGBUS', 'OOM').map((name) => outcomes.vmfault(name)),
    fc.string({ unit: 'binary' }).map((text) => outcomes.crash(text)),
    fc.string({ unit: 'grapheme' }).map((text) => outcomes.warn(text)),
  );

const attributes = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.stringMatching(/^[A-Za-z0-9_.,:/-]{1,8}$/), { maxKeys: 3 })
  .map((words) => new Map(Object.entries(words)));

const blocks = (steps: number): fc.Arbitrary<Block[]> =>
  fc
    .tuple(
      fc.uniqueArray(fc.nat({ max: steps }), { maxLength: 6 }),
      fc.array(attributes, { minLength: 3, maxLength: 3 }),
    )
    .map(([borders, words]) => {
      const sorted = [...borders].sort((a, b) => a - b);
      const found: Block[] = [];
      for (let i = 0; i + 1 < sorted.length; i += 2)
        found.push({ start: sorted[i], end: sorted[i + 1], attributes: words[i / 2] });
      return found;
    });

const interval = fc
  .tuple(fc.nat({ max: 99_999 }), fc.integer({ min: 1, max: 99 }))
  .map(([called, took]): Interval => ({ called, returned: called + took }));

function trace(
  kind: Document['kind'],
  { cpus, frames: pool, page }: Header,
): fc.Arbitrary<Document<Call>['entries'][0]> {
  return fc.array(step(cpus), { maxLength: 12 }).chain((steps) =>
    fc
      .record({
        id: fc.oneof(fc.constant(1), fc.nat({ max: 1_000_000 })),
        blocks: blocks(steps.length),
        answered:
          kind === 'program' ? fc.constant(0) : fc.oneof(fc.constant(steps.length), fc.nat({ max: steps.length })),
        outcomes: fc.array(outcome(page), { minLength: steps.length, maxLength: steps.length }),
        times: fc.array(fc.option(interval, { nil: undefined }), { minLength: steps.length, maxLength: steps.length }),
      })
      .map(({ id, blocks, answered, outcomes, times }) => {
        const timed = times
          .slice(0, answered)
          .map((time, i) => (blocks.some(({ start, end }) => i >= start && i < end) ? time : undefined));
        const program = { cpus, frames: pool, steps, blocks };
        const answeredTrace = { program, outcomes: outcomes.slice(0, answered) };
        return { id, trace: timed.some((time) => time) ? { ...answeredTrace, times: timed } : answeredTrace };
      }),
  );
}

const window = fc
  .tuple(fc.nat({ max: 1 << 30 }), fc.integer({ min: 1, max: 1 << 20 }))
  .map(([start, length]) => ({ start: start * 4096, end: start * 4096 + length }));

const header: fc.Arbitrary<Header> = fc
  .record({
    target: fc.option(fc.stringMatching(/^[a-z][a-z0-9 .=_-]{0,20}[a-z0-9]$/), { nil: undefined }),
    profile: fc.option(fc.constantFrom('documented', 'linux-6.1', 'xen'), { nil: undefined }),
    traits: fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.stringMatching(/^[a-z0-9_-]{1,8}$/), { maxKeys: 3 }),
    cpus: fc.integer({ min: 1, max: 64 }),
    frames: fc.integer({ min: 1, max: 0x10_0000 }),
    page: fc.constantFrom(4096, 4096, 16384, 65536),
    kernel: fc.option(window, { nil: undefined }),
    user: fc.option(window, { nil: undefined }),
  })
  .map(({ target, profile, traits, cpus, frames, page, kernel, user }) => ({
    ...(target === undefined ? {} : { target }),
    ...(profile === undefined ? {} : { profile }),
    traits: new Map(Object.entries(traits)),
    cpus,
    frames,
    page,
    windows: new Map([...(kernel ? [['kernel', kernel] as const] : []), ...(user ? [['user', user] as const] : [])]),
  }));

export const document: fc.Arbitrary<Document<Call>> = fc
  .tuple(fc.constantFrom<Document['kind']>('program', 'trace'), header)
  .chain(([kind, head]) =>
    fc.array(trace(kind, head), { maxLength: 3 }).map((entries) => ({ kind, header: head, entries })),
  );
