import { base64 } from './base64.js';
import { bytesOfHex, equalBytes, hexOf, utf8 } from './bytes.js';
import { canonicalJson, isObject } from './canonical_json.js';
import type { JsonValue } from './json.js';
import { Refusal } from './refusal.js';
import { sha256 } from './web_crypto.js';

const PREFIX = 'candour/commitment/v1/';
const BLINDING_SIZE = 32;

/** What a commitment in an entry is said to stand for. */
export interface Opening {
  /** Where the commitment stands in the entry: a JSON pointer (RFC 6901), as `/body/actor`. */
  readonly path: string;
  readonly name: string;
  /** 32 bytes in hexadecimal. */
  readonly blinding: string;
  readonly value: JsonValue;
}

/**
 * The commitment to `value` under `name`, as an entry of that version writes it: in hexadecimal in
 * version 1, in base64 since. Source: docs/formats/entry.md.
 */
export async function commit(
  name: string,
  blinding: Uint8Array,
  value: JsonValue,
  entryVersion: JsonValue | undefined,
): Promise<string> {
  const digest = await sha256(utf8(`${PREFIX}${name}\n`), blinding, utf8(canonicalJson(value)));
  return entryVersion === 1 ? hexOf(digest) : base64(digest);
}

/** What a JSON pointer points to; undefined when there is nothing or it is not a pointer. */
export function at(document: JsonValue, pointer: string): JsonValue | undefined {
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined;
  let value: JsonValue | undefined = document;
  for (const step of pointer.slice(1).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isObject(value)) value = Object.hasOwn(value, key) ? value[key] : undefined;
    else if (Array.isArray(value) && /^(0|[1-9][0-9]*)$/.test(key)) value = value[Number(key)];
    else return undefined;
  }
  return value;
}

/**
 * Checks that the entry has at `opening.path` the commitment to what the opening shows. Throws
 * Refusal: `opening.form`, `opening.mismatch`.
 */
export async function checkOpening(entry: JsonValue, opening: Opening): Promise<void> {
  const blinding = bytesOfHex(opening.blinding);
  // A name with a newline could run over into the blinding value.
  const named = /^[A-Za-z0-9][A-Za-z0-9_.\/-]{0,63}$/.test(opening.name);
  if (blinding?.length !== BLINDING_SIZE || !named) {
    throw new Refusal('opening.form', 'The copy is damaged: it cannot open a sealed part.', {
      next: 'Use the copy as you were given it, unchanged and whole.',
    });
  }
  const committed = at(entry, opening.path);
  if (typeof committed !== 'string') {
    throw new Refusal('opening.mismatch', 'The entry has nothing sealed where the copy opens it.', {
      next: 'Ask the organisation for a new copy; keep this one.',
    });
  }
  const shown = await commit(opening.name, blinding, opening.value, at(entry, '/v'));
  if (!equalBytes(utf8(shown), utf8(committed))) {
    const what = `what the copy shows as "${opening.name}" is not what was recorded`;
    throw new Refusal('opening.mismatch', `The receipt is genuine, but ${what}.`, {
      expected: committed,
      found: shown,
      next: 'Do not rely on it. Keep this copy, and ask the organisation how it came about.',
    });
  }
}
