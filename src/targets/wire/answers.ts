import { crash, type Outcome, warn } from '../../../reference/notation/outcome.ts';
import { parseInterval, parseOutcome } from '../../../reference/notation/parse.ts';
import type { Interval } from '../../../reference/notation/program.ts';
import { Scanner } from '../../../reference/notation/scanner.ts';

/** Maximum size of the cache of outcomes: the addresses of a large window would fill the memory. */
const MAX_CACHED = 16384;
/** Longest text of an outcome that is cached, in characters. */
const MAX_CACHED_LENGTH = 100;
/** Longest text of a crash or a warning that is kept, in characters. */
const MAX_TEXT = 2000;

const CLOSING_BRACKET = 0x5d;

/** The outcome with a text of bounded length, which says what was cut. */
function shortened(outcome: Outcome): Outcome {
  const { kind, text } = outcome;
  if (text.length <= MAX_TEXT) return outcome;
  const cut = `${text.slice(0, MAX_TEXT)}... (${text.length - MAX_TEXT} more characters were cut off)`;
  return kind === 'crash' ? crash(cut) : warn(cut);
}

/** Parses the text behind `=> `. The same few outcomes come again and again, so parsed ones are cached. */
export class AnswerReader {
  readonly #page: number;
  readonly #cache = new Map<string, Outcome>();

  /** @param page page size in bytes. */
  constructor(page: number) {
    this.#page = page;
  }

  /**
   * Parses an outcome.
   * @throws NotationError if the text is none.
   */
  outcome(text: string): Outcome {
    return this.#cache.get(text) ?? this.#parse(text);
  }

  /** Splits an outcome with logical times (`f0 [3 8]`) into the two; undefined if it has no times. */
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
    const outcome = shortened(parseOutcome(scanner, this.#page));
    scanner.end();
    if (text.length > MAX_CACHED_LENGTH) return outcome;
    if (this.#cache.size >= MAX_CACHED) this.#cache.clear();
    // The key is a copy, as a slice would keep the whole chunk of input alive.
    this.#cache.set(Buffer.from(text, 'latin1').toString('latin1'), outcome);
    return outcome;
  }
}
