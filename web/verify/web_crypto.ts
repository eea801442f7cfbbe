import { type Bytes, concat } from './bytes.js';
import { Refusal } from './refusal.js';

function subtle(): SubtleCrypto {
  // A browser leaves it out on pages that came over plain HTTP.
  const found = (globalThis.crypto as Crypto | undefined)?.subtle as SubtleCrypto | undefined;
  if (found === undefined) {
    throw new Refusal('crypto.unavailable', 'This browser offers no cryptography on this page.', {
      next: 'Open the page over https, or save it and open the file.',
    });
  }
  return found;
}

/** SHA-256 of the parts, one after the other. */
export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await subtle().digest('SHA-256', concat(...parts)));
}

/** A key of 32 bytes with which signatures are checked (RFC 8032). */
export async function importEd25519(key: Bytes): Promise<CryptoKey> {
  try {
    return await subtle().importKey('raw', key, 'Ed25519', false, ['verify']);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (error instanceof DOMException && error.name === 'NotSupportedError') {
      throw new Refusal('crypto.unavailable', 'This browser cannot check Ed25519 signatures.', {
        next: 'Use a current Firefox, Chrome, Edge or Safari.',
      });
    }
    throw new Refusal('key.form', 'The public key holds no usable Ed25519 key.', {
      next: 'Copy the key again from where the organisation publishes it.',
    });
  }
}

export async function verifyEd25519(
  key: CryptoKey,
  signature: Bytes,
  message: Bytes,
): Promise<boolean> {
  return subtle().verify('Ed25519', key, signature, message);
}
