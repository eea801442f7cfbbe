import { bytesOfBase64 } from './base64.js';
import type { Bytes } from './bytes.js';
import { parseCount } from './count.js';
import { HASH_SIZE } from './merkle.js';
import { parseNote, type SignedNote, vouchedBy } from './note.js';
import { Refusal } from './refusal.js';
import type { VerifierKey } from './verifier_key.js';

/** What a log said of itself: so many entries, under this root. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
}

function malformed(reason: string): never {
  throw new Refusal('receipt.form', `The checkpoint in the receipt is damaged: ${reason}.`, {
    next: 'Use the receipt as you were given it, unchanged and whole.',
  });
}

/** Reads the text of a checkpoint; trusts nothing yet. Source: C2SP tlog-checkpoint. */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) malformed('its end is missing');
  const lines = text.slice(0, -1).split('\n');
  const [origin, size, root] = lines;
  if (origin === undefined || size === undefined || root === undefined) {
    malformed('it has fewer than three lines');
  }
  if (lines.includes('')) malformed('it has an empty line');
  const count = parseCount(size);
  if (count === undefined) malformed('its size is not a plain number');
  const hash = bytesOfBase64(root);
  if (hash?.length !== HASH_SIZE) malformed('its root is not a hash');
  return { origin, size: count, root: hash };
}

/**
 * The checkpoint in a note, once the log's key has vouched for it and it names the expected log.
 * Throws Refusal: `receipt.form`, `receipt.signature`, `receipt.origin`.
 */
export async function openCheckpoint(
  note: SignedNote,
  logKey: VerifierKey,
  origin: string,
): Promise<Checkpoint> {
  if (await vouchedBy(note, logKey) === undefined) {
    throw new Refusal(
      'receipt.signature',
      'The receipt is not signed with the public key that you gave.',
      {
        expected: `${logKey.name}+${logKey.id}`,
        found: note.signatures.map(({ name, id }) => `${name}+${id}`).join(', '),
        next: 'Check that key and receipt are from the same log.',
      },
    );
  }
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin !== origin) {
    throw new Refusal('receipt.origin', 'The receipt is from another log than you expect.', {
      expected: origin,
      found: checkpoint.origin,
      next: 'Check which log the receipt should be from, and use its key and name.',
    });
  }
  return checkpoint;
}

/** Parses, vouches and reads in one step, for a checkpoint that comes by itself. */
export async function readCheckpoint(
  text: string,
  logKey: VerifierKey,
  origin: string,
): Promise<Checkpoint> {
  return openCheckpoint(parseNote(text), logKey, origin);
}
