import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../properties/support/cli.ts';
import { contractDocument } from './contract.ts';
import { type Document, readDocuments } from './documents.ts';
import { robustnessDocument } from './robustness.ts';
import { examplesOf, printed, runIn, withSandbox } from './run.ts';
import { screensPage } from './screens/page.ts';

/**
 * Writes what the documents have from the code: `docs/contract.md`, `docs/robustness.md`, `docs/screens.md`, and the output of
 * the commands in `console` blocks.
 *
 *     npm run docs
 */

/** The document with the output of its `console` blocks replaced by what the commands print now. */
function refreshed({ text, code }: Document): Promise<string> {
  return withSandbox(async (folder) => {
    const lines = text.split('\n');
    const blocks: { readonly first: number; readonly length: number; readonly now: string[] }[] = [];
    for (const block of code) {
      if (block.language !== 'console') continue;
      const now: string[] = [];
      for (const { command } of examplesOf(block)) {
        if (now.length > 0) now.push('');
        now.push(lines[command.line - 1], ...printed(await runIn(command, folder)));
      }
      blocks.push({ first: block.line - 1, length: block.lines.length, now });
    }
    // From the end, so that the lines of the blocks before stay where they are.
    for (const { first, length, now } of blocks.reverse()) lines.splice(first, length, ...now);
    return lines.join('\n');
  });
}

const write = (path: string, text: string): void => {
  writeFileSync(join(ROOT, path), text);
  process.stdout.write(`wrote ${path}\n`);
};

write('docs/contract.md', contractDocument());
write('docs/robustness.md', robustnessDocument());
for (const { path, text } of await screensPage()) write(path, text);
for (const document of readDocuments()) {
  if (!document.code.some(({ language }) => language === 'console')) continue;
  const text = await refreshed(document);
  if (text !== document.text) write(document.path, text);
}
