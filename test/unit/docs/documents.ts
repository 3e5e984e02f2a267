/** The documents of the repository, and what a reader does with them: follow links, type commands. */
import { globSync, readFileSync } from 'node:fs';

export const documents: readonly string[] = [
  ...globSync('*.md'),
  ...globSync('docs/**/*.md'),
  ...globSync('.github/**/*.md'),
].toSorted();

export const read = (path: string): string => readFileSync(path, 'utf8');

export interface Command {
  readonly document: string;
  readonly text: string;
}

const programs =
  /^(?:[A-Z_]+=\S* )*(?:alias|bsondump|chmod|cosign|cp|docker|echo|gh|git|helm|ip|jq|kubectl|migrate-compose|mongodump|mongosh|mv|node|npm|openssl|pg_dump|pg_restore|psql|scripts\/[\w-]+|sed)\b/;

/** The lines of blocks that start with a program; a line that ends in a backslash is joined with the next. Comments are left out. */
export function commandsOf(document: string): readonly Command[] {
  const commands: Command[] = [];
  let fence: string | null = null;
  for (const line of read(document)
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')) {
    const [mark, language = ''] = /^\s*```(\w*)/.exec(line) ?? [];
    if (mark !== undefined) fence = fence === null ? language : null;
    const isCode = fence === null ? /^ {4,}\S/.test(line) : fence === 'sh';
    const text = line.replace(/\s+# .*$/, '').trim();
    if (mark === undefined && isCode && programs.test(text)) commands.push({ document, text });
  }
  return commands;
}

/** What stands in backquotes within a line, with a program and at least one word more. Forms of issues have these too. */
export function inlineCommandsOf(document: string): readonly Command[] {
  const text = read(document).replaceAll(/^ *```[\s\S]*?^ *```/gm, '');
  return [...text.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)]
    .map(([, command = '']) => ({ document, text: command }))
    .filter((command) => programs.test(command.text) && command.text.includes(' '));
}

export function headingsOf(document: string): readonly string[] {
  const text = read(document).replaceAll(/^ *```[\s\S]*?^ *```/gm, '');
  return [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
}

/** The anchors of a document as GitHub makes them from its headings. */
export function anchorsOf(document: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = headingsOf(document).map((heading) => {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .trim()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
  return new Set(anchors);
}
