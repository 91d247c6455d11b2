import pc from 'picocolors';
import { commandLine } from '../common/shell.ts';
import type { Finding } from '../findings/finding.ts';
import { keepFinding, saveRunning } from '../findings/keep.ts';
import { findingText } from '../output/report/text/finding.ts';
import { Campaign } from '../run/campaign/campaign.ts';
import type { CampaignOptions, CampaignResult, Progress } from '../run/campaign/options.ts';
import { headerFor } from '../targets/agreement.ts';
import type { TargetFailure } from '../targets/target.ts';
import { LiveLine } from './live.ts';

/** What the command line does around a campaign. */
export interface Conduct {
  /** Where violations are saved. */
  readonly folder: string;
  /** People read standard output: violations are shown there as they are found. */
  readonly people: boolean;
  /** The run goes on when the target failed outside a step. */
  readonly goOn?: boolean;
}

/** Says what went wrong with a target. */
export function tellFailure({ message, log }: TargetFailure): void {
  process.stderr.write(`${pc.red('the target failed:')} ${message}\n`);
  if (log !== '') process.stderr.write(`its last words:\n${log.split('\n').slice(-20).join('\n')}\n`);
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
  { folder, people, goOn }: Conduct,
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
  const onFailure = (failure: TargetFailure): void => {
    live.clear();
    tellFailure(saveRunning(failure, folder) as TargetFailure);
  };
  const onProgress = (progress: Progress): void => live.update(progress);
  try {
    return await new Campaign({ ...options, onFinding, onProgress, ...(goOn ? { onFailure } : {}) }).run();
  } catch (error) {
    throw saveRunning(error, folder);
  } finally {
    live.clear();
  }
}
