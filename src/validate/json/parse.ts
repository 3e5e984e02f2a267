/**
 * JSON to a tree that loses nothing: numbers keep their text, repeated keys are noticed, any depth is read (JSON.parse
 * rounds numbers, and its reviver recurses).
 */

export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export interface JsonObject {
  readonly members: Map<string, JsonNode>;
}

export type JsonNode = string | boolean | null | JsonNumber | readonly JsonNode[] | JsonObject;

export interface Parsed {
  readonly node: JsonNode;
  /** Some object holds a key twice; the last one is in the tree. */
  readonly repeatedKey: boolean;
  /** How many objects and arrays are open at the deepest place. */
  readonly depth: number;
}

export class NotJson extends Error {}

interface Open {
  readonly array: JsonNode[] | null;
  readonly members: Map<string, JsonNode> | null;
  key: string;
}

const quotationMark = 34;
const backslash = 92;
const space = /[ \t\n\r]*/y;
const numberToken = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wordToken = /true|false|null/y;

export function parseJson(text: string): Parsed {
  const open: Open[] = [];
  let at = 0;
  let repeatedKey = false;
  let depth = 0;

  const skipSpace = () => {
    const code = text.charCodeAt(at);
    if (code > 32) return;
    space.lastIndex = at;
    space.exec(text);
    at = space.lastIndex;
  };
  const token = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) throw new NotJson(`no JSON at ${at}`);
    at = pattern.lastIndex;
    return match[0];
  };
  const expect = (character: string) => {
    if (text[at] !== character) throw new NotJson(`no JSON at ${at}`);
    at += 1;
  };
  // Not by a pattern: one that repeats a choice overflows the stack on megabytes of quotation marks.
  const string = (): string => {
    const start = at;
    expect('"');
    for (let code = text.charCodeAt(at); code !== quotationMark; code = text.charCodeAt(at)) {
      if (at >= text.length) throw new NotJson(`no JSON at ${start}`);
      at += code === backslash ? 2 : 1;
    }
    at += 1;
    return JSON.parse(text.slice(start, at)) as string;
  };
  const readKey = (frame: Open) => {
    skipSpace();
    frame.key = string();
    skipSpace();
    expect(':');
  };

  for (;;) {
    skipSpace();
    let node: JsonNode;
    const character = text[at];
    if (character === '{' || character === '[') {
      at += 1;
      skipSpace();
      const frame: Open =
        character === '[' ? { array: [], members: null, key: '' } : { array: null, members: new Map(), key: '' };
      const closing = character === '[' ? ']' : '}';
      depth = Math.max(depth, open.length + 1);
      if (text[at] !== closing) {
        open.push(frame);
        if (frame.members !== null) readKey(frame);
        continue;
      }
      at += 1;
      node = nodeOf(frame);
    } else if (character === '"') node = string();
    else if (character === 't' || character === 'f' || character === 'n') node = JSON.parse(token(wordToken)) as boolean | null;
    else node = new JsonNumber(token(numberToken));

    for (;;) {
      const frame = open.at(-1);
      skipSpace();
      if (frame === undefined) {
        if (at !== text.length) throw new NotJson(`no JSON at ${at}`);
        return { node, repeatedKey, depth };
      }
      if (frame.members !== null) {
        if (frame.members.has(frame.key)) repeatedKey = true;
        frame.members.set(frame.key, node);
      } else frame.array?.push(node);
      if (text[at] === ',') {
        at += 1;
        if (frame.members !== null) readKey(frame);
        break;
      }
      expect(frame.members === null ? ']' : '}');
      open.pop();
      node = nodeOf(frame);
    }
  }
}

function nodeOf(frame: Open): JsonNode {
  if (frame.members !== null) return { members: frame.members };
  return frame.array ?? [];
}
