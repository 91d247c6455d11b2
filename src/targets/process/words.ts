/**
 * Splits a command into words as a shell does: at white space, except within `'...'` and `"..."`; `\` quotes the next
 * character. Variables and patterns are not expanded.
 * @throws Error if a quote is not closed.
 */
export function splitCommand(command: string): string[] {
  const found: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < command.length; i++) {
    const c = command[i];
    if (quote !== '') {
      if (c === quote) quote = '';
      else if (c === '\\' && quote === '"' && i + 1 < command.length) word += command[++i];
      else word += c;
    } else if (c === "'" || c === '"') {
      quote = c;
      word ??= '';
    } else if (c === '\\' && i + 1 < command.length) word = (word ?? '') + command[++i];
    else if (/\s/.test(c)) {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else word = (word ?? '') + c;
  }
  if (quote !== '') throw new Error(`a quote (${quote}) is not closed in: ${command}`);
  if (word !== undefined) found.push(word);
  return found;
}
