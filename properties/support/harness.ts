import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Call, Parameter } from '../../reference/calls/call.ts';
import type { ParameterType } from '../../reference/notation/signature.ts';

/** What the sources of the kernel harness say about calls. */

/** A line of `calls.def`. */
export interface HarnessCall {
  readonly op: string;
  readonly name: string;
  /** One letter for each argument. */
  readonly takes: string;
  readonly binds: string | undefined;
}

/** The table of the harness, in order. `folder`: the sources of the harness. */
export function harnessCalls(folder: string): HarnessCall[] {
  const text = readFileSync(join(folder, 'calls.def'), 'utf8');
  return [...text.matchAll(/^CALL\((\w+), "(\w+)", "(\w*)", (?:0|'(\w)')\)$/gm)].map(([, op, name, takes, binds]) => ({
    op,
    name,
    takes,
    binds,
  }));
}

/** The calls that no `case` of the module executes. */
export function unhandledCalls(folder: string): string[] {
  const sources = readdirSync(folder).filter((file) => file.endsWith('.c'));
  const text = sources.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
  return harnessCalls(folder)
    .filter(({ op }) => !new RegExp(`\\bcase OP_${op}:`).test(text))
    .map(({ name }) => name);
}

const LETTERS: Readonly<Record<Exclude<ParameterType, 'choice' | 'flags'>, string>> = {
  frame: 'f',
  frames: 'F',
  area: 'A',
  vma: 'V',
  object: 'O',
  space: 'M',
  address: 'D',
  pages: 'n',
  bytes: 'n',
  value: 'n',
};
const FRAME_OR_PAGE_OF_AREA = 'g';
const FRAMES_OR_PAGES_OF_AREAS = 'G';
/** Letters of choices, by the name of the parameter. */
const CHOICES: Readonly<Record<string, string>> = { kind: 'K', share: 'S', advice: 'W', prot: 'P', field: 'L' };

function letterOf({ type, name, areaPages }: Parameter): string {
  if (type === 'choice') return CHOICES[name] ?? `?${name}`;
  if (areaPages) return type === 'frames' ? FRAMES_OR_PAGES_OF_AREAS : FRAME_OR_PAGE_OF_AREA;
  return LETTERS[type as keyof typeof LETTERS];
}

/** The letters that `calls.def` must have for a call. */
export const lettersOf = ({ parameters }: Call): string =>
  parameters
    .filter(({ optional }) => !optional)
    .map(letterOf)
    .join('');
