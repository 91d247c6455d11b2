import { printTraceSteps } from '../../reference/notation/print.ts';
import { commandLine } from '../common/shell.ts';
import { printError, printOut, textColumns } from '../common/terminal.ts';
import type { Finding } from '../findings/finding.ts';
import { keepFinding, notSaved, saveRunning } from '../findings/keep.ts';
import { findingText } from '../output/report/text/finding.ts';
import { eventText } from '../output/report/words.ts';
import { Campaign } from '../run/campaign/campaign.ts';
import type { CampaignOptions, CampaignResult } from '../run/campaign/options.ts';
import { headerFor } from '../targets/agreement.ts';
import { openingWords } from '../targets/opening-words.ts';
import type { TargetFailure } from '../targets/target.ts';
import { printFailure } from './failure.ts';
import { LiveLine } from './live.ts';

/** What the command line does while a campaign runs. */
interface Presentation {
  /** Where counterexamples are saved. */
  readonly folder: string;
  /** Standard output is for people: print what was found there if the run fails before its report. */
  readonly print: boolean;
  /** Print no progress. */
  readonly quiet?: boolean | undefined;
  /** Continue when the target fails outside a step. */
  readonly continueAfterFailure?: boolean;
}

/**
 * Runs a campaign with a live line, and saves what it finds.
 * @throws TargetFailure, naming the files with the programs that were running.
 */
export async function runCampaign(
  options: Omit<CampaignOptions, 'onProgress' | 'onFinding' | 'onFailure' | 'onUnanswered'>,
  { folder, print, quiet = false, continueAfterFailure }: Presentation,
): Promise<CampaignResult> {
  const { target, agreement } = options;
  const live = new LiveLine(process.stderr);
  const found: Finding[] = [];
  const opening = openingWords(target, agreement);
  const onFinding = (finding: Finding): void => {
    live.clear();
    found.push(finding);
    const header = headerFor(target.manifest, agreement, finding.trace.program);
    try {
      finding.file = keepFinding(finding, header, opening, folder);
    } catch (error) {
      printError(notSaved(finding, error));
      // Nothing that happens to the disk may lose it.
      printError(printTraceSteps(finding.trace, target.manifest.page));
    }
    if (!quiet) printError(`${eventText(finding)}\n`);
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
      ...(quiet ? {} : { onProgress: (progress) => live.update(progress) }),
      ...(continueAfterFailure ? { onFailure } : {}),
    }).run();
  } catch (error) {
    live.clear();
    const form = { page: target.manifest.page, width: textColumns() };
    for (const finding of print ? found : []) {
      const replay = commandLine('replay', finding.file ?? 'FILE', ...opening);
      printOut(`${findingText(finding, replay, form)}\n\n`);
    }
    throw saveRunning(error, folder);
  } finally {
    live.clear();
  }
}
