import { bytesOfBase64 } from './base64.js';
import { type Bytes, hexOf, utf8 } from './bytes.js';
import { Refusal } from './refusal.js';
import { isKeyName, type VerifierKey } from './verifier_key.js';
import { verifyEd25519 } from './web_crypto.js';

const MAX_SIGNATURES = 100;
const ID_SIZE = 4;
const TIME_SIZE = 8;
const SIGNATURE_SIZE = 64;
const LATEST_TIME = 2n ** 63n - 1n;  // C2SP tlog-cosignature

export interface NoteSignature {
  readonly name: string;
  readonly id: string;
  readonly bytes: Bytes;
}

/** A text with signatures under it. Nothing in it is to be trusted before a key has vouched. */
export interface SignedNote {
  /** What was signed, its last newline included. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

function malformed(reason: string): never {
  throw new Refusal('receipt.form', `The signed part of the receipt is damaged: ${reason}.`, {
    next: 'Use the receipt as you were given it, unchanged and whole.',
  });
}

function parseSignature(line: string): NoteSignature {
  const [dash, name, encoded, ...rest] = line.split(' ');
  if (dash !== '—' || name === undefined || encoded === undefined || rest.length > 0) {
    malformed('a signature line has not its form');
  }
  if (!isKeyName(name)) malformed('a signature has no proper name');
  const bytes = bytesOfBase64(encoded);
  if (bytes === undefined || bytes.length <= ID_SIZE) malformed('a signature is not base64');
  return { name, id: hexOf(bytes.subarray(0, ID_SIZE)), bytes: bytes.slice(ID_SIZE) };
}

/** Takes a signed note apart, without checking signatures. Source: C2SP signed-note. */
export function parseNote(note: string): SignedNote {
  if (!note.isWellFormed() || /[\u0000-\u0009\u000b-\u001f]/.test(note)) {
    malformed('it holds characters that have no place in it');
  }
  const split = note.lastIndexOf('\n\n');
  if (split <= 0 || !note.endsWith('\n')) malformed('it has no signatures, or its end is missing');
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) malformed('it has more than 100 signatures');
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignature) };
}

function refuseSignature(key: VerifierKey): never {
  throw new Refusal(
    'receipt.signature',
    `A signature in the receipt is false: it claims to be of the ${key.kind} ${key.name}.`,
    { next: 'Something was changed after signing. Ask for the receipt again from the source.' },
  );
}

/** When the signature was made, for a witness; nothing for a log. Throws Refusal if it is false. */
async function checkSignature(
  note: SignedNote,
  key: VerifierKey,
  signature: Bytes,
): Promise<number | undefined> {
  if (key.kind === 'log') {
    const holds = signature.length === SIGNATURE_SIZE &&
      await verifyEd25519(key.key, signature, utf8(note.text));
    if (!holds) refuseSignature(key);
    return undefined;
  }
  if (signature.length !== TIME_SIZE + SIGNATURE_SIZE) refuseSignature(key);
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  if (time > LATEST_TIME) refuseSignature(key);
  const message = utf8(`cosignature/v1\ntime ${time}\n${note.text}`);
  if (!await verifyEd25519(key.key, signature.slice(TIME_SIZE), message)) refuseSignature(key);
  return Number(time);
}

/** What a key has vouched for in a note. */
export interface Vouched {
  /** For a witness: when it saw the note, in seconds since 1970; exact up to 2^53. */
  readonly time?: number;
}

/**
 * Whether `key` signed the note: undefined when it did not, and then the note says nothing about
 * that key. Throws Refusal (`receipt.signature`) when any signature by that name and id is false.
 * Source: C2SP signed-note (type 0x01) and tlog-cosignature (type 0x04).
 */
export async function vouchedBy(note: SignedNote, key: VerifierKey): Promise<Vouched | undefined> {
  let vouched: Vouched | undefined;
  for (const signature of note.signatures) {
    if (signature.name !== key.name || signature.id !== key.id) continue;
    const time = await checkSignature(note, key, signature.bytes);
    vouched ??= time === undefined ? {} : { time };
  }
  return vouched;
}
