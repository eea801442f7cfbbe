import { JsonError, type JsonObject, type JsonValue, parseJson } from './json.js';

const MAX_DEPTH = 64;

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function write(value: JsonValue, depth: number): string {
  if (depth > MAX_DEPTH) throw new JsonError('it is nested too deeply');
  if (isObject(value)) {
    // Comparing texts with < is by UTF-16 code units, which is RFC 8785's order.
    const members = Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => `${JSON.stringify(key)}:${write(item, depth + 1)}`);
    return `{${members.join(',')}}`;
  }
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(',')}]`;
  return JSON.stringify(value);
}

/**
 * The one form of RFC 8785, for values that `parseJson` read: no spaces, keys sorted, the shortest
 * escapes. Throws JsonError for more than 64 levels.
 */
export function canonicalJson(value: JsonValue): string {
  return write(value, 0);
}

/** Reads a text that `canonicalJson` could have written. Throws JsonError for every other. */
export function parseCanonicalJson(text: string): JsonValue {
  const value = parseJson(text);
  if (canonicalJson(value) !== text) throw new JsonError('the same value has another text');
  return value;
}
