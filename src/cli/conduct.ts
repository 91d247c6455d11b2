import { Campaign, type CampaignOptions, type CampaignResult } from '../campaign/campaign.ts';
import type { Finding } from '../campaign/finding.ts';
import { keepFinding, saveRunning } from '../campaign/keep.ts';
import { headerFor } from '../campaign/terms.ts';
import { findingText } from '../report/text.ts';
import { LiveLine } from './live.ts';
import { commandLine } from './shell.ts';

/** What the command line does around a campaign. */
export interface Conduct {
  /** Where violations are saved. */
  readonly folder: string;
  /** People read standard output: violations are shown there as they are found. */
  readonly people: boolean;
}

/** Calls `act` with a signal that SIGINT and SIGTERM abort: reports are still written then. A second one kills. */
export async function interruptible<T>(act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await act(abort.signal);
  } finally {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
  }
}

/**
 * Runs a campaign with a live line, and saves what it finds.
 * @throws TargetFailure, which names the program that was running, where the target failed.
 */
export async function conduct(
  options: Omit<CampaignOptions, 'onProgress' | 'onFinding'>,
  { folder, people }: Conduct,
): Promise<CampaignResult> {
  const { target, agreement, budget } = options;
  const live = new LiveLine(process.stderr, budget.milliseconds);
  const onFinding = (finding: Finding): void => {
    const header = headerFor(target.manifest, agreement, finding.trace.program);
    finding.file = keepFinding(finding, header, target.spec, folder);
    if (!people) return;
    const replay = commandLine('replay', finding.file, '--target', target.spec);
    live.clear();
    process.stdout.write(`\n${findingText(finding, replay, target.manifest.page)}\n\n`);
  };
  try {
    return await new Campaign({ ...options, onFinding, onProgress: (progress) => live.update(progress) }).run();
  } catch (error) {
    throw saveRunning(error, folder);
  } finally {
    live.clear();
  }
}
