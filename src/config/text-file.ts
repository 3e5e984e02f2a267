/** Reads a text file of the operator. Windows writes them with a byte order mark: PowerShell's `>` in UTF-16, some editors in UTF-8. */
import { readFileSync } from 'node:fs';

/** Null for a text that is in none of these encodings: it has NUL characters. @throws what the operating system says of the file. */
export function readText(path: string): string | null {
  const bytes = readFileSync(path);
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  return text.includes('\0') ? null : text;
}

/** By the byte order mark, which the decoder takes away. */
function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}
