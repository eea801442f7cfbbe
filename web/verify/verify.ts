import { textOf, utf8 } from './bytes.js';
import { isObject, parseCanonicalJson } from './canonical_json.js';
import { openCheckpoint } from './checkpoint.js';
import { checkOpening } from './commitment.js';
import { type Copy, parseCopy } from './copy.js';
import { JsonError, type JsonValue } from './json.js';
import { type SignedNote, vouchedBy } from './note.js';
import { checkIncluded, parseReceipt } from './receipt.js';
import { Refusal } from './refusal.js';
import { parseVerifierKey } from './verifier_key.js';

/** Bytes of the largest file that is looked at. */
export const MAX_FILE_SIZE = 1024 * 1024;

/** Whom the person who checks believes. Keys are written `name+id+base64`. */
export interface Trust {
  readonly logKey: string;
  /** The log's name, the first line of its checkpoints; the name in `logKey` when left out. */
  readonly origin?: string;
  readonly witnessKeys?: readonly string[];
  /** How many of those witnesses must have signed; all of them when left out. */
  readonly witnessesNeeded?: number;
}

/** What an opened commitment stands for. */
export interface Opened {
  readonly path: string;
  readonly name: string;
  readonly value: JsonValue;
}

/** A witness that saw the log in this state; `time` in seconds since 1970. */
export interface Witnessed {
  readonly name: string;
  readonly time: number;
}

export interface Accepted {
  readonly ok: true;
  /** Counted from 0. */
  readonly index: number;
  /** Entries in the log when it signed. */
  readonly size: number;
  readonly origin: string;
  /** When the entry says that it was made, RFC 3339 in UTC. */
  readonly time?: string;
  readonly entry: JsonValue;
  readonly openings: readonly Opened[];
  readonly witnesses: readonly Witnessed[];
}

export interface Refused {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
  readonly next?: string;
}

export type Verdict = Accepted | Refused;

function readFile(file: string | Uint8Array): Copy {
  const size = typeof file === 'string' ? utf8(file).length : file.length;
  if (size > MAX_FILE_SIZE) {
    throw new Refusal('receipt.form', 'The file is too large to be a receipt.', {
      expected: 'at most 1 MiB',
      next: 'Choose the receipt or the copy that you were given.',
    });
  }
  const text = typeof file === 'string' ? file : textOf(file);
  if (text?.isWellFormed() !== true) {
    throw new Refusal('receipt.form', 'The file is not text, so it is not a receipt.', {
      next: 'Choose the receipt or the copy that you were given.',
    });
  }
  return /^[ \t\n\r]*\{/.test(text) ? parseCopy(text) : { receipt: text, openings: [] };
}

function readEntry(bytes: Uint8Array): JsonValue {
  const text = textOf(bytes);
  try {
    if (text === undefined) throw new JsonError('it is not UTF-8');
    return parseCanonicalJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new Refusal(
      'entry.form',
      `The log holds the entry, but not in a form that can be read here: ${error.message}.`,
      { next: 'Ask the organisation what the entry is; it should be canonical JSON.' },
    );
  }
}

async function checkWitnesses(note: SignedNote, trust: Trust): Promise<Witnessed[]> {
  const keys = new Set(trust.witnessKeys);  // a key given twice counts once
  const needed = trust.witnessesNeeded ?? keys.size;
  const witnesses: Witnessed[] = [];
  for (const text of keys) {
    const key = await parseVerifierKey(text, 'witness');
    const vouched = await vouchedBy(note, key);
    if (vouched?.time !== undefined) witnesses.push({ name: key.name, time: vouched.time });
  }
  if (!Number.isSafeInteger(needed) || needed < 0 || witnesses.length < needed) {
    throw new Refusal('receipt.witnesses', 'Too few of the witnesses that you named have signed.', {
      expected: `${needed}`,
      found: `${witnesses.length}`,
      next: 'Ask for a newer receipt: witnesses sign some time after the log does.',
    });
  }
  return witnesses;
}

function timeOf(entry: JsonValue): string | undefined {
  const time = isObject(entry) ? entry['time'] : undefined;
  return typeof time === 'string' ? time : undefined;
}

async function accept(file: string | Uint8Array, trust: Trust): Promise<Accepted> {
  const logKey = await parseVerifierKey(trust.logKey, 'log');
  const copy = readFile(file);
  const receipt = parseReceipt(copy.receipt);
  const note = receipt.checkpoint;
  const checkpoint = await openCheckpoint(note, logKey, trust.origin ?? logKey.name);
  const witnesses = await checkWitnesses(note, trust);
  await checkIncluded(receipt, checkpoint);
  const entry = readEntry(receipt.entry);
  for (const opening of copy.openings) await checkOpening(entry, opening);
  const openings = copy.openings.map(({ path, name, value }) => ({ path, name, value }));
  const { origin, size } = checkpoint;
  const time = timeOf(entry);
  const accepted = { ok: true, index: receipt.index, size, origin, entry, openings, witnesses };
  return { ...accepted, ok: true, ...(time === undefined ? {} : { time }) };
}

/**
 * Checks a receipt (C2SP tlog-proof) or a person's copy (JSON with a receipt and openings) against
 * the log's public key, and shows what is proven. Needs nothing else, and no network.
 *
 * Proven: the log signed a state in which exactly this entry has this index, and what `openings`
 * shows is what the entry commits to. Not proven: that the entry is true, nor, without witnesses,
 * that the log shows others the same history.
 *
 * Never throws: whatever is wrong becomes a refusal. Cost: a hash a level, a signature check a key.
 * Source: C2SP tlog-proof, signed-note, tlog-checkpoint, tlog-cosignature; RFC 9162.
 */
export async function verify(file: string | Uint8Array, trust: Trust): Promise<Verdict> {
  try {
    return await accept(file, trust);
  } catch (error) {
    if (error instanceof Refusal) {
      return { ok: false, code: error.code, message: error.message, ...error.particulars };
    }
    return {
      ok: false,
      code: 'internal',
      message: 'The check itself failed, so it says nothing about the receipt.',
      next: 'Please report this to the makers of the checker.',
    };
  }
}
