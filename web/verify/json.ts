/** A JSON value without fractions. Objects have no prototype, so that every key is only a key. */
export type JsonValue = null | boolean | number | string | JsonArray | JsonObject;
export type JsonArray = readonly JsonValue[];
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Why a text is not JSON as it is read here. */
export class JsonError extends Error {}

const MAX_DEPTH = 100;  // bounds the recursion; what is canonical has a lower limit of its own
const SPACE = /[ \t\n\r]*/y;
const STRING = /"[^"\\\u0000-\u001f]*(?:\\.[^"\\\u0000-\u001f]*)*"/y;
const INTEGER = /-?(?:0|[1-9][0-9]*)(?![0-9.eE])/y;
const WORDS: readonly (readonly [string, null | boolean])[] =
  [['null', null], ['true', true], ['false', false]];

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): JsonValue {
    const value = this.value(0);
    this.match(SPACE);
    if (this.at !== this.text.length) throw new JsonError('something follows its end');
    return value;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  /** Takes the next character that is no space, if it is `character`. */
  private take(character: string): boolean {
    this.match(SPACE);
    if (this.text.charAt(this.at) !== character) return false;
    ++this.at;
    return true;
  }

  private expect(character: string): void {
    if (!this.take(character)) throw new JsonError(`a ${character} is missing`);
  }

  private value(depth: number): JsonValue {
    if (depth > MAX_DEPTH) throw new JsonError('it is nested too deeply');
    if (this.take('{')) return this.object(depth);
    if (this.take('[')) return this.array(depth);
    const next = this.text.charAt(this.at);
    if (next === '"') return this.string();
    if (next === '-' || (next >= '0' && next <= '9')) return this.integer();
    for (const [word, value] of WORDS) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return value;
    }
    throw new JsonError('a value is missing or is no JSON');
  }

  private object(depth: number): JsonObject {
    const members = Object.create(null) as Record<string, JsonValue>;
    if (this.take('}')) return members;
    do {
      this.match(SPACE);
      const key = this.string();
      if (key in members) throw new JsonError('an object has the same key twice');
      this.expect(':');
      members[key] = this.value(depth + 1);
    } while (this.take(','));
    this.expect('}');
    return members;
  }

  private array(depth: number): JsonArray {
    const items: JsonValue[] = [];
    if (this.take(']')) return items;
    do {
      items.push(this.value(depth + 1));
    } while (this.take(','));
    this.expect(']');
    return items;
  }

  private string(): string {
    const token = this.match(STRING);
    if (token === undefined) throw new JsonError('a text is missing or has no end');
    let text: string;
    try {
      text = JSON.parse(token) as string;
    } catch {
      throw new JsonError('a text has an escape that JSON does not know');
    }
    if (!text.isWellFormed()) throw new JsonError('a text is not Unicode');
    return text;
  }

  private integer(): number {
    const token = this.match(INTEGER);
    if (token === undefined) throw new JsonError('a number is not an integer');
    const value = Number(token);
    if (!Number.isSafeInteger(value)) throw new JsonError('a number is beyond 2^53 - 1');
    if (Object.is(value, -0)) throw new JsonError('a number is a negative zero');
    return value;
  }
}

/**
 * Reads JSON strictly: no key twice in an object, integers only and within 2^53 - 1, texts that are
 * Unicode, nothing after the end, at most 100 levels. Throws JsonError. JSON.parse accepts all of
 * these, and two readers could then take two different things from one text.
 */
export function parseJson(text: string): JsonValue {
  return new Reader(text).document();
}
