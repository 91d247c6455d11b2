import type { Known, KnownArea } from '../../model/known.ts';
import type { Address } from '../../notation/address.ts';
import type { AnyArguments } from '../../notation/signature.ts';
import type { ParameterDescription, Step } from '../call.ts';
import { cannotUnmap } from './areas.ts';

/** Shared by the calls that change the permissions of memory of vmalloc. */

/** A whole area. */
export const AREA = { name: 'area', type: 'area', origins: ['vmalloc'] } as const satisfies ParameterDescription;

/** A step of such a call. */
export type PermissionStep = Step<readonly [area: Address, ...rest: AnyArguments]>;

/** Why the step is undefined here; undefined if it is defined. */
export function undefinedPermission(known: Known, { args: [area] }: PermissionStep): string | undefined {
  if (known.traits.tlb === 'caller') return 'it is not specified when callers must flush';
  const why = cannotUnmap(known, area, ['vmalloc'], false);
  if (why) return why;
  return known.areas[area.index]!.pages === 0 ? `a${area.index} has no pages` : undefined;
}

/** The area that a valid step names. */
export const knownArea = (known: Known, { args: [area] }: PermissionStep): KnownArea => known.areas[area.index]!;

/**
 * Why memory must not be freed; undefined if it can be. On x86 and arm64, the direct map has the permissions of the area,
 * so others would get pages that cannot be written to.
 */
export const cannotFree = ({ name, readOnly, resets }: KnownArea): string | undefined =>
  readOnly && !resets
    ? `pages of a${name} may be read-only in the direct map, so call set_memory_rw or set_vm_flush_reset_perms first`
    : undefined;

/** The same for a call that frees the memory in another way than vfree, or moves it. */
export const cannotMove = ({ name, readOnly, resets }: KnownArea): string | undefined =>
  readOnly || resets ? `a call has changed the permissions of a${name}, or has asked vfree to reset them` : undefined;
