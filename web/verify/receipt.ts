import { bytesOfBase64 } from './base64.js';
import type { Bytes } from './bytes.js';
import type { Checkpoint } from './checkpoint.js';
import { parseCount } from './count.js';
import { checkInclusion, HASH_SIZE, leafHash } from './merkle.js';
import { parseNote, type SignedNote } from './note.js';
import { Refusal } from './refusal.js';

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
const MAX_HASHES = 63;
const MAX_ENTRY_SIZE = 65_535;  // C2SP tlog-tiles

/** A receipt taken apart; nothing in it is to be trusted yet. */
export interface Receipt {
  /** The entry's bytes, which the receipt carries as its `extra` line. */
  readonly entry: Bytes;
  readonly index: number;
  /** From the leaf's sibling up to a child of the root. */
  readonly proof: readonly Bytes[];
  readonly checkpoint: SignedNote;
}

function malformed(reason: string): never {
  throw new Refusal('receipt.form', `This is not a whole receipt: ${reason}.`, {
    next: 'Use the receipt as you were given it, unchanged, from its first line to its last.',
  });
}

function parseEntry(line: string | undefined): Bytes {
  if (line?.startsWith('extra ') !== true) malformed('it does not carry its entry');
  const entry = bytesOfBase64(line.slice('extra '.length));
  if (entry === undefined || entry.length === 0) malformed('its entry is not base64');
  if (entry.length > MAX_ENTRY_SIZE) malformed('its entry is larger than an entry can be');
  return entry;
}

function parseIndex(line: string | undefined): number {
  if (line?.startsWith('index ') !== true) malformed('its index is missing');
  return parseCount(line.slice('index '.length)) ?? malformed('its index is not a plain number');
}

function parseHash(line: string): Bytes {
  const hash = bytesOfBase64(line);
  if (hash?.length !== HASH_SIZE) malformed('a line of its proof is not a hash');
  return hash;
}

/** Takes a receipt apart. Throws Refusal (`receipt.form`). Source: C2SP tlog-proof. */
export function parseReceipt(text: string): Receipt {
  if (text.includes('\r')) malformed('its lines end as Windows ends them, so it was changed');
  if (!text.startsWith(`${FIRST_LINE}\n`)) malformed(`it does not begin with ${FIRST_LINE}`);
  const gap = text.indexOf('\n\n');
  if (gap < 0) malformed('its second half is missing');
  const [, extra, index, ...hashes] = text.slice(0, gap).split('\n');
  if (hashes.length > MAX_HASHES) malformed('its proof has more than 63 hashes');
  return {
    entry: parseEntry(extra),
    index: parseIndex(index),
    proof: hashes.map(parseHash),
    checkpoint: parseNote(text.slice(gap + 2)),
  };
}

/**
 * Checks that the receipt's entry is at its index in the log as `checkpoint` says it to be, which is
 * the receipt's own, opened (`openCheckpoint`). Throws Refusal (`proof.invalid`).
 */
export async function checkIncluded(receipt: Receipt, checkpoint: Checkpoint): Promise<void> {
  const leaf = await leafHash(receipt.entry);
  await checkInclusion(receipt.index, checkpoint.size, leaf, receipt.proof, checkpoint.root);
}
