/** C functions that belong together. Only the pieces that a program needs are part of its module. */
export interface Piece {
  /** Pieces that this one calls. */
  readonly needs: readonly Piece[];
  readonly text: string;
}

/** Makes a piece of C text and the pieces that it calls. */
export const piece = (text: string, ...needs: readonly Piece[]): Piece => ({ needs, text: text.trim() });

/** The text of some pieces, in the order given; each once, and after the pieces that it needs. */
export function collect(pieces: Iterable<Piece>): string[] {
  const order = new Set<Piece>();
  const add = (one: Piece): void => {
    if (order.has(one)) return;
    for (const needed of one.needs) add(needed);
    order.add(one);
  };
  for (const one of pieces) add(one);
  return [...order].map(({ text }) => text);
}
