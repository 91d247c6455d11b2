import type { Command } from 'commander';

/** Registers `mmspec traits`. */
export function registerTraits(program: Command): void {
  program
    .command('traits')
    .summary('list the points on which implementations may differ')
    .description('list the points on which implementations may differ, and what each profile says')
    .option('--infer <spec>', 'probe a target, and propose the traits that it should declare')
    .action(async ({ infer }: { infer?: string }) => {
      const { explainTraits, inferTraits, printInference, printTraits } = await import('../../targets/probes/index.ts');
      const text = infer === undefined ? printTraits(explainTraits()) : printInference(await inferTraits(infer));
      process.stdout.write(`${text.trimEnd()}\n`);
    });
}
