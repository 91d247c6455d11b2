import { printTraceSteps } from '../../reference/notation/print.ts';
import { commandLine } from '../common/shell.ts';
import { printError, printOut } from '../common/terminal.ts';
import type { Finding } from '../findings/finding.ts';
import { counterexamplePath, keepFinding, notSaved, saveRunning } from '../findings/keep.ts';
import { findingText } from '../output/report/text/finding.ts';
import { Campaign } from '../run/campaign/campaign.ts';
import type { CampaignOptions, CampaignResult } from '../run/campaign/options.ts';
import { headerFor } from '../targets/agreement.ts';
import type { TargetFailure } from '../targets/target.ts';
import { printFailure } from './failure.ts';
import { LiveLine } from './live.ts';

/** What the command line does while a campaign runs. */
interface Presentation {
  /** Where counterexamples are saved. */
  readonly folder: string;
  /** Print each violation to standard output as soon as it is found. */
  readonly print: boolean;
  /** Continue when the target fails outside a step. */
  readonly continueAfterFailure?: boolean;
}

/**
 * Runs a campaign with a live line, and saves what it finds.
 * @throws TargetFailure, naming the files with the programs that were running.
 */
export async function runCampaign(
  options: Omit<CampaignOptions, 'onProgress' | 'onFinding' | 'onFailure' | 'onUnanswered'>,
  { folder, print, continueAfterFailure }: Presentation,
): Promise<CampaignResult> {
  const { target, agreement, budget } = options;
  const live = new LiveLine(process.stderr, budget.milliseconds);
  const onFinding = (finding: Finding): void => {
    live.clear();
    // It is printed first: nothing that happens to the disk may lose it.
    if (print) {
      const replay = commandLine('replay', counterexamplePath(finding, folder), '--target', target.spec);
      printOut(`\n${findingText(finding, replay, target.manifest.page)}\n\n`);
    }
    const header = headerFor(target.manifest, agreement, finding.trace.program);
    try {
      finding.file = keepFinding(finding, header, target.spec, folder);
    } catch (error) {
      printError(notSaved(finding, error));
      if (!print) printError(printTraceSteps(finding.trace, target.manifest.page));
    }
  };
  const onUnanswered = (programs: number): void => {
    live.clear();
    const check = commandLine('check-adapter', target.spec);
    printError(
      `the target did not answer ${programs} programs before the time budget was over; if it hangs, see where with: ${check}\n`,
    );
  };
  const onFailure = (failure: TargetFailure): void => {
    live.clear();
    printFailure(saveRunning(failure, folder) as TargetFailure);
  };
  try {
    return await new Campaign({
      ...options,
      onFinding,
      onUnanswered,
      onProgress: (progress) => live.update(progress),
      ...(continueAfterFailure ? { onFailure } : {}),
    }).run();
  } catch (error) {
    throw saveRunning(error, folder);
  } finally {
    live.clear();
  }
}
