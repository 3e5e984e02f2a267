/** Reads a migration's SQL into statements of tokens, as far as is needed to see what it creates and drops. */

export interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'sign';
  /** A word in upper case as a keyword; a quoted name, a literal or a sign as it is, without its quotes. */
  readonly value: string;
  /** An unquoted word as PostgreSQL folds it to a name. */
  readonly name: string;
}

/**
 * Comments, quoted names and literals, dollar quotes (PostgreSQL manual, 4.1): a body in dollar quotes is one literal, and nothing in
 * it counts.
 */
const tokens =
  /--[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"]|"")*)"|[eE]?'((?:[^']|'')*)'|(\$(?:[A-Za-z_]\w*)?\$)([\s\S]*?)\3|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|\d+(?:\.\d+)?|([^\s\w])/g;

/** By their semicolons; without empty ones. */
export function statementsOf(script: string): readonly (readonly Token[])[] {
  const statements: Token[][] = [];
  let statement: Token[] = [];
  for (const [all, quotedName, text, , body, word, sign] of script.matchAll(tokens)) {
    if (all === ';') {
      if (statement.length > 0) statements.push(statement);
      statement = [];
    } else if (quotedName !== undefined) statement.push(token('name', quotedName.replaceAll('""', '"')));
    else if (word !== undefined) statement.push({ kind: 'word', value: word.toUpperCase(), name: word.toLowerCase() });
    else if (text !== undefined || body !== undefined) statement.push(token('text', (text ?? body ?? '').replaceAll("''", "'")));
    else if (sign !== undefined) statement.push(token('sign', sign));
  }
  if (statement.length > 0) statements.push(statement);
  return statements;
}

const token = (kind: Token['kind'], value: string): Token => ({ kind, value, name: value });
