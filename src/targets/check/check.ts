import type { Conversation } from './conversation.ts';

/** One thing that an adapter must do right. */
export interface Check {
  readonly name: string;
  /** What PROTOCOL.md asks for, in a sentence. */
  readonly sentence: string;
  /**
   * Tries it, in a conversation of its own that has said hello.
   * @throws Wrong where it is not so; NotHere where it does not apply.
   */
  readonly run: (talk: Conversation) => Promise<void>;
}

/** The ways to make a kernel area and to give it back, as far as the adapter announces them. */
export function mapper(talk: Conversation): {
  readonly map: string;
  readonly unmap: (area: string, pages: number) => string;
} {
  const { calls } = talk.manifest;
  if (calls.has('vmap') && calls.has('vunmap')) return { map: 'vmap', unmap: (area) => `vunmap ${area}` };
  talk.needs('vm_map_ram', 'vm_unmap_ram');
  return { map: 'vm_map_ram', unmap: (area, pages) => `vm_unmap_ram ${area} ${pages}` };
}
