import { type Agreement, agree } from './agreement.ts';
import type { OpenTarget } from './open.ts';

/** The fault in the name of a kernel into which one is injected: `skip-flush` in `linux 6.1.192 x86_64 fault=skip-flush`. */
const faultIn = (name: string): string | undefined => / fault=(\S+)/.exec(name)?.[1];

/** The options with which a command opens a target of this specification and name: `--target SPEC`, perhaps with a fault. */
export function targetWords(spec: string, name: string): string[] {
  const fault = faultIn(name);
  return ['--target', spec, ...(fault === undefined ? [] : ['--fault', fault])];
}

/**
 * The options with which a command opens the same target and judges it in the same way: `--target`, and where the user
 * asked for something other than what the target proposes, `--profile` and `--traits`.
 */
export function openingWords({ spec, manifest }: Pick<OpenTarget, 'spec' | 'manifest'>, agreed: Agreement): string[] {
  const proposed = agree(manifest);
  const profile = agreed.profile === proposed.profile ? [] : ['--profile', agreed.profile];
  const usual = profile.length === 0 ? proposed : agree(manifest, { profile: agreed.profile });
  const traits = Object.entries(agreed.traits)
    .filter(([name, choice]) => usual.traits[name as keyof typeof usual.traits] !== choice)
    .map(([name, choice]) => `${name}=${choice}`);
  return [
    ...targetWords(spec, manifest.name),
    ...profile,
    ...(traits.length > 0 ? ['--traits', traits.join(',')] : []),
  ];
}
