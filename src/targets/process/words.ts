/**
 * Cuts a command into words as a shell does: blanks separate, `'...'` and `"..."` hold together, `\` takes the next
 * character as it is. Nothing is expanded.
 * @throws Error where a quote is not closed.
 */
export function words(command: string): string[] {
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
