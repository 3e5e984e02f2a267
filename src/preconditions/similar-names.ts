/** Names that were meant to be the name of a collection: another case, a copy, a part of the name of a file. */

/** The collection that the name of a file names, as a word of its own; the longest where there are several. */
export function collectionInName(fileName: string, known: ReadonlySet<string>): string | null {
  const name = decoded(fileName).toLowerCase();
  const found = [...known].filter((collection) => hasWord(name, collection.toLowerCase()));
  return found.sort((a, b) => b.length - a.length)[0] ?? null;
}

/** The known collection that `name` resembles: the same but for case and punctuation, as a copy, or with the name of the database before it. */
export function similarName(name: string, known: ReadonlySet<string>, database: string): string | null {
  const bare = withoutMarks(name.startsWith(`${database}.`) ? name.slice(database.length + 1) : name);
  const folded = fold(bare);
  return [...known].find((collection) => fold(collection) === folded) ?? null;
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (!isLetterOrDigit(text[at - 1]) && !isLetterOrDigit(text[at + word.length])) return true;
  }
  return false;
}

const isLetterOrDigit = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);

/** As browsers, file managers and editors name copies: "Users (1)", "Users - Copy", "Copy of Users", "Users.bson.1". */
const withoutMarks = (name: string): string =>
  name
    .replace(/^(copy of|kopie von) /i, '')
    .replace(/(\s*\(\d+\)|\s*-\s*(copy|kopie)(\s*\(\d+\))?|\s+copy(\s*\d+)?|\.bson(\.\d+)?)$/i, '');

const fold = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
