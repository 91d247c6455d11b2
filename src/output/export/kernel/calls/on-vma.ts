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
  /** How the mmap lock is held. `read-if-mixed`: for reading if the VMA has VM_MIXEDMAP, for writing otherwise. */
  readonly lock: 'read' | 'write' | 'read-if-mixed';
  /** C declarations besides that of `vma`. */
  readonly variables?: string;
  /** C statements that make the call where `vma` is not NULL, and record the answer. */
  readonly body: string;
  /** C functions that only this one calls. */
  readonly before?: string;
  readonly needs?: readonly Piece[];
}

export const LOCK_FOR_INSERTION = piece(
  `
/*
 * Takes the mmap lock for calls that insert pages, and returns whether it is held for writing: they set VM_MIXEDMAP. Where
 * it is set, the lock is held for reading, as in a fault handler.
 */
static bool lock_for_insertion(const struct named *name)
{
	struct vm_area_struct *vma;

	mmap_read_lock(mm);
	vma = vma_of(name);
	if (vma && vma->vm_flags & VM_MIXEDMAP)
		return false;
	mmap_read_unlock(mm);
	mmap_write_lock(mm);
	return true;
}

static void unlock_after_insertion(bool write)
{
	if (write)
		mmap_write_unlock(mm);
	else
		mmap_read_unlock(mm);
}`,
  VMA_OF,
);

/** C text by how the mmap lock is held: a declaration, and the statements that take and release the lock. */
const LOCKING = {
  read: { variable: '', take: 'mmap_read_lock(mm);', release: 'mmap_read_unlock(mm);', needs: [] },
  write: { variable: '', take: 'mmap_write_lock(mm);', release: 'mmap_write_unlock(mm);', needs: [] },
  'read-if-mixed': {
    variable: '	bool write;\n',
    take: 'write = lock_for_insertion(name);',
    release: 'unlock_after_insertion(write);',
    needs: [LOCK_FOR_INSERTION],
  },
};

/** A C function that looks up a VMA and makes a call for it, both under the mmap lock. */
export const onVma = ({ name, parameters, lock, variables = '', body, before = '', needs = [] }: OnVma): Piece =>
  piece(
    `${before}
${prototype(name, ['struct named *name', 'struct named *in', 'long offset', ...parameters, 'struct outcome *o'])}
{
	struct vm_area_struct *vma;
${variables}${LOCKING[lock].variable}
	if (!name->bound || !in->bound)
		return;
	${LOCKING[lock].take}
	vma = vma_of(name);
${body.trimEnd()}
	${LOCKING[lock].release}
}`,
    VMA_OF,
    ...LOCKING[lock].needs,
    ...needs,
  );
