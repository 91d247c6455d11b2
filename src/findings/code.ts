import { stopPlaces } from '../targets/course.ts';
import type { OpenTarget } from '../targets/open.ts';
import type { Finding } from './finding.ts';
import { overlappingSteps } from './localise/culprit.ts';

/**
 * A finding with the places in the sources of the target that a reader wants to see first: the calls to blame, and the
 * functions at which lanes stopped. Unchanged if the target cannot tell.
 */
export function withCode(finding: Finding, target: Pick<OpenTarget, 'definition'>): Finding {
  if (!target.definition) return finding;
  const { program } = finding.trace;
  const { step } = finding.culprit ?? finding.violation;
  const calls = overlappingSteps(program, step).map((i) => program.steps[i].call.name);
  const code = [...new Set([...calls, ...stopPlaces(program)])].flatMap((name) => {
    const place = target.definition!(name);
    return place === undefined ? [] : [{ function: name, place }];
  });
  return code.length === 0 ? finding : { ...finding, code };
}
