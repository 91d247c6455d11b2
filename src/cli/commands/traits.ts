import type { Command } from 'commander';

/** Registers `mmspec traits`. */
export function registerTraits(program: Command): void {
  program
    .command('traits')
    .description('the points on which implementations differ, and which choice each profile makes')
    .option('--infer <spec>', 'probe a target, and propose what it should declare')
    .action(async ({ infer }: { infer?: string }) => {
      const { explainTraits, inferTraits, printInference, printTraits } = await import('../../targets/probes/index.ts');
      const text = infer === undefined ? printTraits(explainTraits()) : printInference(await inferTraits(infer));
      process.stdout.write(`${text.trimEnd()}\n`);
    });
}
