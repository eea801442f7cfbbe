import { canonicalJson, isObject } from './canonical_json.js';
import type { Opening } from './commitment.js';
import { JsonError, type JsonObject, type JsonValue, parseJson } from './json.js';
import { Refusal } from './refusal.js';

/** What a person is given: a receipt, and what the sealed parts of its entry stand for. */
export interface Copy {
  readonly receipt: string;
  readonly openings: readonly Opening[];
}

function malformed(reason: string): never {
  throw new Refusal('copy.form', `This is not a whole copy of an entry: ${reason}.`, {
    next: 'Use the copy as you were given it, unchanged and whole.',
  });
}

function textAt(object: JsonObject, key: string): string {
  const value = object[key];
  if (typeof value !== 'string') malformed(`its ${key} is missing or is not text`);
  return value;
}

function checkMembers(object: JsonObject, known: readonly string[]): void {
  if (Object.keys(object).some((key) => !known.includes(key))) {
    malformed('it has parts that are not known here; it may be of a later version');
  }
}

function readOpening(value: JsonValue): Opening {
  if (!isObject(value)) malformed('an opening is not an object');
  checkMembers(value, ['path', 'name', 'blinding', 'value']);
  const opened = value['value'];
  if (opened === undefined) malformed('an opening shows no value');
  canonicalJson(opened);  // refuses what no entry can hold
  return {
    path: textAt(value, 'path'),
    name: textAt(value, 'name'),
    blinding: textAt(value, 'blinding'),
    value: opened,
  };
}

function readCopy(document: JsonValue): Copy {
  if (!isObject(document)) malformed('it is not an object');
  if (document['candour'] !== 1) malformed('it is not of version 1');
  checkMembers(document, ['candour', 'receipt', 'openings']);
  const openings = document['openings'];
  if (!Array.isArray(openings)) malformed('its openings are not a list');
  return { receipt: textAt(document, 'receipt'), openings: openings.map(readOpening) };
}

/** Reads a copy. Throws Refusal (`copy.form`). Form: {"candour":1,"receipt":…,"openings":[…]}. */
export function parseCopy(text: string): Copy {
  try {
    return readCopy(parseJson(text));
  } catch (error) {
    if (error instanceof JsonError) malformed(error.message);
    throw error;
  }
}
