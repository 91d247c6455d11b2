/** Splits shell text into simple commands, as far as the commands in documents need it. */

/** One simple command: the words between two of `&&`, `||`, `|`, `;`, `&` and the end of the line. */
export interface Command {
  /** Its words after quotes are removed; redirections are left out. */
  readonly words: readonly string[];
  /** Line of its first word, counted from the number that the caller gave. */
  readonly line: number;
  /** The comment at the end of its line. */
  readonly comment: string;
  /** True where its output goes through a pipe, its input comes from one, or it runs in the background. */
  readonly piped: boolean;
}

const TOKEN = /\s+|#.*|'[^']*'|"(?:\\.|[^"\\])*"|&&|\|\||[0-9]*>>?(?:&[0-9])?|[|;&<()]|\\.|[^\s'"|;&<>()\\]+/gsy;

/** The tokens of one logical line, white space and comments included. */
function* tokens(text: string): Generator<string> {
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`cannot read the shell text ${text}`);
    yield match[0];
  }
}

function unquote(token: string): string {
  if (token.startsWith("'")) return token.slice(1, -1);
  if (token.startsWith('"')) return token.slice(1, -1).replace(/\\(.)/g, '$1');
  return token.startsWith('\\') ? token.slice(1) : token;
}

/** The commands of one logical line. */
function commandsOf(text: string, line: number): Command[] {
  const done: { words: string[]; piped: boolean }[] = [];
  let words: string[] = [];
  let comment = '';
  let word: string | undefined;
  let redirected = false;
  let fromPipe = false;
  const endWord = (): void => {
    if (word === undefined) return;
    if (redirected) redirected = false;
    else words.push(word);
    word = undefined;
  };
  const endCommand = (piped: boolean): void => {
    endWord();
    if (words.length > 0) done.push({ words, piped: piped || fromPipe });
    words = [];
  };
  for (const token of tokens(text)) {
    if (/^\s/.test(token)) endWord();
    else if (token.startsWith('#') && word === undefined) comment = token.slice(1).trim();
    else if (/^[0-9]*>&[0-9]$/.test(token)) endWord();
    else if (/^[0-9]*>>?$|^<$/.test(token)) {
      endWord();
      redirected = true;
    } else if (/^(&&|\|\||[|;&()])$/.test(token)) {
      endCommand(token === '|' || token === '&');
      fromPipe = token === '|';
    } else word = (word ?? '') + unquote(token);
  }
  endCommand(false);
  return done.map((one) => ({ ...one, line, comment }));
}

/**
 * The commands of shell text.
 * @param firstLine the line number of the first of `lines`.
 * @example
 * shellCommands(['npm ci && npm test  # both'], 1).map(({ words }) => words); // [['npm', 'ci'], ['npm', 'test']]
 */
export function shellCommands(lines: readonly string[], firstLine: number): Command[] {
  const commands: Command[] = [];
  for (let i = 0; i < lines.length; i++) {
    const start = i;
    let text = lines[i];
    while (text.endsWith('\\') && i + 1 < lines.length) text = `${text.slice(0, -1)} ${lines[++i].trim()}`;
    commands.push(...commandsOf(text, firstLine + start));
  }
  return commands;
}
