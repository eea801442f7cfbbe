import { bytesOfBase64 } from './base64.js';
import { type Bytes, hexOf, utf8 } from './bytes.js';
import { Refusal } from './refusal.js';
import { importEd25519, sha256 } from './web_crypto.js';

/** What a key signs: a log its checkpoints, a witness the checkpoints that it has seen. */
export type KeyKind = 'log' | 'witness';

/** A public key by which signatures of a note are checked. */
export interface VerifierKey {
  readonly name: string;
  /** Eight hexadecimal digits: the first four bytes of a hash over name, type and key. */
  readonly id: string;
  readonly kind: KeyKind;
  readonly key: CryptoKey;
}

const TYPES: Record<KeyKind, number> = { log: 0x01, witness: 0x04 };  // C2SP signed-note
const SHORTEST = 'x+00000000+'.length;

/** Whether a text may name a key: not empty, without spaces, plus signs and control characters. */
export function isKeyName(text: string): boolean {
  return text !== '' && !/[\s+\u0000-\u001f\u0085]/u.test(text);
}

async function keyId(name: string, material: Uint8Array): Promise<string> {
  return hexOf((await sha256(utf8(`${name}\n`), material)).subarray(0, 4));
}

function malformed(kind: KeyKind, reason: string): never {
  throw new Refusal('key.form', `The public key of the ${kind} is not usable: ${reason}.`, {
    expected: 'name+12345678+base64, all on one line',
    next: 'Copy the whole key from where the organisation publishes it.',
  });
}

function materialOf(kind: KeyKind, text: string): Bytes {
  const material = bytesOfBase64(text);
  if (material === undefined || material.length === 0) malformed(kind, 'its last part is cut off');
  if (material[0] !== TYPES[kind]) {
    malformed(kind, 'it is a key of another kind, or of a kind that is not known here');
  }
  if (material.length !== 33) malformed(kind, 'its last part has not the length of a key');
  return material;
}

/**
 * Reads `name+id+base64(type, key)`. Throws Refusal (`key.form`) for a key of another kind than
 * `kind` and for one whose id does not fit. Source: C2SP signed-note and tlog-cosignature.
 */
export async function parseVerifierKey(text: string, kind: KeyKind): Promise<VerifierKey> {
  const [name, id, ...rest] = text.split('+');
  const encoded = rest.join('+');
  if (text.length < SHORTEST || name === undefined || id === undefined || encoded === '') {
    malformed(kind, 'it has not three parts, joined by plus signs');
  }
  if (!isKeyName(name)) malformed(kind, 'its name is empty or holds a space');
  if (!/^[0-9a-f]{8}$/.test(id)) malformed(kind, 'its second part is not eight hexadecimal digits');
  const material = materialOf(kind, encoded);
  if ((await keyId(name, material)) !== id) {
    malformed(kind, 'its parts do not belong together; it was changed, or copied in part');
  }
  return { name, id, kind, key: await importEd25519(material.slice(1)) };
}
