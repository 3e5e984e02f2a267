/** Whether two JSON values are the same: numbers to the last digit, arrays in their order, objects in any order of keys. */
import { decimalForm } from './decimal.ts';
import { type JsonNode, JsonNumber, type JsonObject } from './parse.ts';

export function sameJson(left: JsonNode, right: JsonNode): boolean {
  const pairs: [JsonNode, JsonNode][] = [[left, right]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [a, b] = pair;
    if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') {
      if (a !== b) return false;
    } else if (a instanceof JsonNumber || b instanceof JsonNumber) {
      if (!(a instanceof JsonNumber && b instanceof JsonNumber) || decimalForm(a.text) !== decimalForm(b.text)) return false;
    } else if (isArray(a) || isArray(b)) {
      if (!(isArray(a) && isArray(b)) || !pushItems(a, b, pairs)) return false;
    } else if (!pushMembers(a, b, pairs)) return false;
  }
  return true;
}

function isArray(node: JsonNode): node is readonly JsonNode[] {
  return Array.isArray(node);
}

function pushItems(a: readonly JsonNode[], b: readonly JsonNode[], pairs: [JsonNode, JsonNode][]): boolean {
  if (a.length !== b.length) return false;
  for (const [index, item] of a.entries()) {
    const other = b[index];
    if (other === undefined) return false;
    pairs.push([item, other]);
  }
  return true;
}

function pushMembers(a: JsonObject, b: JsonObject, pairs: [JsonNode, JsonNode][]): boolean {
  if (a.members.size !== b.members.size) return false;
  for (const [key, value] of a.members) {
    const other = b.members.get(key);
    if (other === undefined) return false;
    pairs.push([value, other]);
  }
  return true;
}
