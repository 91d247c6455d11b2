import type { Command } from 'commander';
import { UsageError } from '../../common/errors.ts';
import { commandLine } from '../../common/shell.ts';
import { printOut } from '../../common/terminal.ts';
import { load } from '../../findings/corpus.ts';
import { judgeRecorded } from '../../findings/execution.ts';
import { storyOf } from '../../output/picture/story.ts';
import { picture } from '../../output/picture/terminal.ts';
import { readAddress, watch } from '../../output/picture/watch.ts';
import { collect } from '../options.ts';
import { addJudging, agreementFor, type JudgingOptions } from '../target-options.ts';

interface ShowOptions extends JudgingOptions {
  watch?: string[];
}

/** Registers `mmspec show`. */
export function registerShow(program: Command): void {
  const command = program
    .command('show')
    .description('draw what each CPU can reach, step by step')
    .argument('<trace>', 'a trace in the notation, such as a saved counterexample')
    .option('-w, --watch <address>', 'follow one address, such as a0+0x3000; may be repeated', collect);
  addJudging(command, 'what the trace says').action((file: string, options: ShowOptions) => {
    printOut(show(file, options));
  });
}

function show(file: string, options: ShowOptions): string {
  const { document } = load(file);
  const { header, entries } = document;
  if (document.kind !== 'trace') {
    const record = commandLine('export', file, '--as', 'trace', '--target', 'embedded');
    throw new UsageError(`${file} is a program without outcomes, but show needs a trace; record one with: ${record}`);
  }
  const { terms, traits } = agreementFor(header, options);
  const addresses = (options.watch ?? []).map(readAddress);
  let text = '';
  for (const { id, trace } of entries) {
    const violation = judgeRecorded(file, trace, terms);
    const story = storyOf(trace, { traits, page: header.page, violation });
    if (entries.length > 1) text += `program ${id}\n`;
    text += addresses.length > 0 ? addresses.map((one) => `${watch(story, one)}\n`).join('\n') : `${picture(story)}\n`;
  }
  return text;
}
