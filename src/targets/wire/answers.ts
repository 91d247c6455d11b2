import type { Outcome } from '../../../reference/notation/outcome.ts';
import { parseInterval, parseOutcome } from '../../../reference/notation/parse.ts';
import type { Interval } from '../../../reference/notation/program.ts';
import { Scanner } from '../../../reference/notation/scanner.ts';

/** Outcomes remembered at most; addresses of a large window would otherwise pile up. */
const MOST = 16384;

const CLOSING_BRACKET = 0x5d;

/**
 * Reads what stands behind `=> `. The same few outcomes come again and again, so each text is parsed once and
 * remembered.
 */
export class AnswerReader {
  readonly #page: number;
  readonly #known = new Map<string, Outcome>();

  /** @param page page size in bytes. */
  constructor(page: number) {
    this.#page = page;
  }

  /**
   * The outcome that a text says.
   * @throws NotationError where it says none.
   */
  outcome(text: string): Outcome {
    return this.#known.get(text) ?? this.#parse(text);
  }

  /** The times that stand behind an outcome (`f0 [3 8]`), and the text before them; undefined where there are none. */
  timed(text: string): { readonly outcome: string; readonly times: Interval } | undefined {
    if (text.charCodeAt(text.length - 1) !== CLOSING_BRACKET) return undefined;
    const open = text.lastIndexOf('[');
    const scanner = new Scanner(text, 1);
    scanner.at = Math.max(open, 0);
    const times = parseInterval(scanner);
    return times && { outcome: text.slice(0, open).trimEnd(), times };
  }

  #parse(text: string): Outcome {
    const scanner = new Scanner(text, 1);
    const outcome = parseOutcome(scanner, this.#page);
    scanner.end();
    if (this.#known.size >= MOST) this.#known.clear();
    // A copy as the key: a slice would keep the whole chunk that it was cut from.
    this.#known.set(Buffer.from(text, 'latin1').toString('latin1'), outcome);
    return outcome;
  }
}
