import type { FrameId } from '../../../../reference/notation/frame.ts';

/** Lists of frames that steps map; a C program declares each list once. */
export class Lists {
  readonly #names = new Map<string, { name: string; frames: readonly FrameId[] }>();

  /** The C name of a list. */
  name(frames: readonly FrameId[]): string {
    if (frames.length === 0) return 'NULL';
    const key = frames.join();
    let known = this.#names.get(key);
    if (!known) this.#names.set(key, (known = { name: `list_${this.#names.size + 1}`, frames }));
    return known.name;
  }

  /** Declarations of all lists; `type` is the C type of a frame's number. */
  declarations(type: string): string {
    return [...this.#names.values()]
      .map(({ name, frames }) => {
        const lines: string[] = [];
        for (let i = 0; i < frames.length; i += 16) lines.push(`\t${frames.slice(i, i + 16).join(', ')},`);
        return `static const ${type} ${name}[] = {\n${lines.join('\n')}\n};`;
      })
      .join('\n');
  }
}
