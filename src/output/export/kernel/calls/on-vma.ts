import { prototype } from '../../c/text.ts';
import { type Piece, piece } from '../piece.ts';
import { PROCESS } from '../process.ts';

/** C functions that make a call for one VMA. */

export const VMA_OF = piece(
  `
/* The VMA that a name stands for; the caller holds the mmap lock. */
static struct vm_area_struct *vma_of(const struct named *name)
{
	struct vm_area_struct *vma = find_vma(mm, name->start);

	return vma && vma->vm_start <= name->start ? vma : NULL;
}`,
  PROCESS,
);

interface OnVma {
  readonly name: string;
  /** Parameters besides the VMA and the address. */
  readonly parameters: readonly string[];
  readonly lock: 'read' | 'write';
  /** C declarations besides that of `vma`. */
  readonly variables?: string;
  /** C statements that make the call where `vma` is not NULL, and record the answer. */
  readonly body: string;
  /** C functions that only this one calls. */
  readonly before?: string;
  readonly needs?: readonly Piece[];
}

/** A C function that looks up a VMA and makes a call for it, both under the mmap lock. */
export const onVma = ({ name, parameters, lock, variables = '', body, before = '', needs = [] }: OnVma): Piece =>
  piece(
    `${before}
${prototype(name, ['struct named *name', 'struct named *in', 'long offset', ...parameters, 'struct outcome *o'])}
{
	struct vm_area_struct *vma;
${variables}
	if (!name->bound || !in->bound)
		return;
	mmap_${lock}_lock(mm);
	vma = vma_of(name);
${body.trimEnd()}
	mmap_${lock}_unlock(mm);
}`,
    VMA_OF,
    ...needs,
  );
