import type { Command } from 'commander';
import { Tally } from '../../../reference/clauses/tally.ts';
import { UsageError } from '../../common/errors.ts';
import { commandLine } from '../../common/shell.ts';
import { load } from '../../findings/corpus.ts';
import { judged } from '../../findings/execution.ts';
import { storyOf } from '../../output/picture/story.ts';
import { picture } from '../../output/picture/terminal.ts';
import { readAddress, watch } from '../../output/picture/watch.ts';
import { agree } from '../../targets/agreement.ts';
import { collect, traitChoices } from '../options.ts';

interface ShowOptions {
  profile?: string;
  traits?: string[];
  watch?: string[];
}

/** Registers `mmspec show`. */
export function registerShow(program: Command): void {
  program
    .command('show')
    .description('show a trace as a picture: what is mapped, and what each CPU may reach, step by step')
    .argument('<trace>', 'a trace in the notation, such as a saved counterexample')
    .option('-w, --watch <address>', 'follow one address, such as a0+0x3000; may be repeated', collect)
    .option('-p, --profile <name>', 'what to judge by, instead of what the trace says')
    .option('--traits <name=choice>', 'override traits of the profile', collect)
    .action((file: string, options: ShowOptions) => {
      process.stdout.write(show(file, options));
    });
}

function show(file: string, options: ShowOptions): string {
  const { document } = load(file);
  const { header } = document;
  if (document.kind !== 'trace')
    throw new UsageError(
      `${file} is a program without outcomes; the picture needs what a target answered: ${commandLine('export', file, '--as', 'trace', '--target', 'embedded')} runs it`,
    );
  const asked = {
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    traits: traitChoices(options.traits),
  };
  const { terms, traits } = agree({ ...header, profile: header.profile ?? 'documented' }, asked);
  const addresses = (options.watch ?? []).map(readAddress);
  let text = '';
  for (const { id, trace } of document.entries) {
    const { violation } = judged(trace, terms, new Tally());
    const story = storyOf(trace, { traits, page: header.page, violation });
    if (document.entries.length > 1) text += `program ${id}\n`;
    text += addresses.length > 0 ? addresses.map((one) => `${watch(story, one)}\n`).join('\n') : `${picture(story)}\n`;
  }
  return text;
}
