import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import type { Program } from '../../../reference/calls/valid.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import type { Trace } from '../../../reference/judge/judge.ts';
import { parse } from '../../../reference/notation/document.ts';
import { printLocation, printOutcome } from '../../../reference/notation/outcome.ts';
import { printInterval } from '../../../reference/notation/print.ts';
import { UsageError } from '../../common/errors.ts';
import type { DirectTarget, Manifest } from '../target.ts';
import { completeManifest } from './manifest.ts';

/** Runs a `DirectTarget` in a process of its own: this is the child, which speaks the wire protocol. */

const say = (text: string): boolean => process.stdout.write(text);
// Standard output carries the protocol, so whatever the module logs goes to standard error.
console.log = console.error;
console.info = console.error;
console.debug = console.error;

/** Ends the process. The reason is printed last, because reports quote the last line of a target. */
function fail(error: unknown): never {
  if (error instanceof UsageError) {
    // For a wrong manifest the message is enough. Any other error is a fault of the module, and needs its stack.
    writeSync(2, `${error.message}\n`);
    process.exit(2);
  }
  const { stack, message } = error instanceof Error ? error : { stack: '', message: String(error) };
  writeSync(2, `${stack}\nthe module failed: ${message.split('\n')[0]}\n`);
  process.exit(1);
}
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

function greeting(manifest: Manifest): string {
  const lines = ['mmspec target 1', `name ${manifest.name}`, `profile ${manifest.profile}`];
  for (const [name, value] of manifest.traits) lines.push(`trait ${name}=${value}`);
  lines.push(`cpus ${manifest.cpus}`, `frames ${manifest.frames}`, `page ${manifest.page}`);
  for (const [side, { start, end }] of manifest.windows) {
    lines.push(`window ${side} ${printLocation(start, 0, manifest.page)} ${printLocation(end, 0, manifest.page)}`);
  }
  const limits = (call: string): string => {
    const words = manifest.support?.get(call)?.words ?? [];
    return words.length > 0 ? `(${words.join(',')})` : '';
  };
  lines.push(`calls ${[...manifest.calls].map((call) => `${call}${limits(call)}`).join(' ')}`);
  if (manifest.can.size > 0) lines.push(`can ${[...manifest.can].join(' ')}`);
  const sizes = Object.entries(manifest.sizes ?? {}).map(([name, pages]) => `${name}=${pages}`);
  if (sizes.length > 0) lines.push(`sizes ${sizes.join(' ')}`);
  if (manifest.memory !== undefined) lines.push(`limit memory ${manifest.memory}`);
  lines.push('limit line 1048576', `limit steps ${Math.min(manifest.steps, 100_000)}`, 'limit inflight 64', 'ready');
  return `${lines.join('\n')}\n`;
}

const answer = (trace: Trace, index: number, page: number): string => {
  const interval = trace.times?.[index];
  return `=> ${printOutcome(trace.outcomes[index], page)}${interval ? ` ${printInterval(interval)}` : ''}\n`;
};

const execute = (target: DirectTarget, program: Program): Trace =>
  program.blocks.length > 0 || target.manifest.can.has('leaks')
    ? target.executeTrace(program)
    : { program, outcomes: target.execute(program) };

/**
 * Answers each step as soon as it has returned. A module takes only whole programs, so this runs ever longer prefixes of
 * the program and prints the outcome of the last step of each.
 */
function carefully(target: DirectTarget, program: Program, page: number): void {
  for (let length = 1; length <= program.steps.length; length++) {
    if (program.blocks.some(({ start, end }) => start < length && length < end)) continue;
    const block = program.blocks.find(({ end }) => end === length);
    const blocks = program.blocks.filter(({ end }) => end <= length);
    const trace = execute(target, { ...program, blocks, steps: program.steps.slice(0, length) });
    for (let index = block ? block.start : length - 1; index < length; index++) {
      if (trace.outcomes[index]) say(answer(trace, index, page));
    }
    if (trace.outcomes.length < length) return;
  }
}

function serve(target: DirectTarget, header: readonly string[], lines: readonly string[]): void {
  const [, id, , cpus, , frames, mode] = header;
  const text = `mmspec program 1\ncpus ${cpus}\nframes ${frames}\nprogram ${id}\n${lines.join('\n')}\nend ${id}\n`;
  const [{ trace }] = parse(text, VOCABULARY).entries;
  const { page } = target.manifest;
  say(`trace ${id}\n`);
  if (mode === 'careful') carefully(target, trace.program, page);
  else {
    const answered = execute(target, trace.program);
    say(answered.outcomes.map((_, index) => answer(answered, index, page)).join(''));
    for (const leak of answered.leaks ?? []) say(`leak ${leak}\n`);
  }
  say(`end ${id}\n`);
}

/**
 * Loads a module, and fills in what its manifest leaves out.
 * @throws UsageError if its default export is not a target.
 */
async function load(path: string): Promise<DirectTarget> {
  const { default: given } = (await import(pathToFileURL(path).href)) as { default?: Partial<DirectTarget> };
  if (typeof given?.execute !== 'function' || !given.manifest)
    throw new UsageError(
      `${path} has no default export that is a DirectTarget (a manifest and the method execute); write: export default target({ ... })`,
    );
  const execute = given.execute.bind(given);
  return {
    manifest: completeManifest(given.manifest),
    execute,
    executeTrace: given.executeTrace?.bind(given) ?? ((program) => ({ program, outcomes: execute(program) })),
  };
}

async function main(): Promise<void> {
  const target = await load(process.argv[2]);
  let header: string[] | undefined;
  let lines: string[] = [];
  for await (const line of createInterface({ input: process.stdin })) {
    if (header) {
      if (line === `end ${header[1]}`) {
        serve(target, header, lines);
        header = undefined;
        lines = [];
      } else lines.push(line);
    } else if (line.startsWith('hello mmspec')) say(greeting(target.manifest));
    else if (line.startsWith('program ')) header = line.split(' ');
    else if (line === 'reset') say('ready\n');
    else if (line === 'bye') break;
  }
}

await main().catch(fail);
