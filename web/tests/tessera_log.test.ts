// A log that others made: its checkpoints, and receipts made from its tiles.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { base64 } from '../verify/base64.js';
import { type Bytes, concat } from '../verify/bytes.js';
import { openCheckpoint, readCheckpoint } from '../verify/checkpoint.js';
import { checkConsistency, leafHash } from '../verify/merkle.js';
import { checkIncluded, parseReceipt } from '../verify/receipt.js';
import { Refusal } from '../verify/refusal.js';
import { parseVerifierKey } from '../verify/verifier_key.js';
import { verify } from '../verify/verify.js';
import { DATA, readText } from './project.js';
import { consistencyOf, pathOf, receiptText, rootOf } from './test_log.js';

const FOLDER = join(DATA, 'tessera_log');
const ORIGIN = 'example.com/log/testdata';
const VKEY = `${ORIGIN}+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx`;
const SIZES = Array.from({ length: 16 }, (_, size) => size);

const checkpointAt = (size: number): string => readText(FOLDER, `checkpoint.${size}`);

/** The leaf hashes of a tree of at most 255 entries: its partial tile. */
function leavesAt(size: number): Bytes[] {
  if (size === 0) return [];
  const tile = new Uint8Array(readFileSync(join(FOLDER, 'tile', '0', '000.p', `${size}`)));
  assert.equal(tile.length, 32 * size);
  return Array.from({ length: size }, (_, i) => tile.slice(32 * i, 32 * i + 32));
}

/** The entries of such a tree: each has its length before it, in two bytes. */
function entriesAt(size: number): Bytes[] {
  const bundle = readFileSync(join(FOLDER, 'tile', 'entries', '000.p', `${size}`));
  const entries: Bytes[] = [];
  for (let at = 0; at < bundle.length;) {
    const end = at + 2 + bundle.readUInt16BE(at);
    entries.push(concat(bundle.subarray(at + 2, end)));
    at = end;
  }
  return entries;
}

test('all 16 checkpoints are signed, and their roots are those of the tiles', async () => {
  const key = await parseVerifierKey(VKEY, 'log');
  for (const size of SIZES) {
    const checkpoint = await readCheckpoint(checkpointAt(size), key, ORIGIN);
    assert.equal(checkpoint.size, size);
    assert.equal(base64(checkpoint.root), base64(await rootOf(leavesAt(size))));
  }
});

test('each checkpoint continues each earlier one', async () => {
  const leaves = leavesAt(15);
  const roots = await Promise.all(SIZES.map((size) => rootOf(leaves.slice(0, size))));
  for (const size2 of SIZES.slice(2)) {
    for (const size1 of SIZES.slice(1, size2)) {
      const proof = await consistencyOf(size1, leaves.slice(0, size2));
      await checkConsistency(size1, size2, roots[size1]!, roots[size2]!, proof);
    }
  }
});

test('receipts of all entries under all checkpoints hold; of other bytes they do not', async () => {
  const key = await parseVerifierKey(VKEY, 'log');
  for (const size of SIZES.slice(1)) {
    const [leaves, entries] = [leavesAt(size), entriesAt(size)];
    for (const [index, entry] of entries.entries()) {
      assert.equal(base64(await leafHash(entry)), base64(leaves[index]!));
      const proof = await pathOf(index, leaves);
      const receipt = parseReceipt(receiptText(entry, index, proof, checkpointAt(size)));
      const checkpoint = await openCheckpoint(receipt.checkpoint, key, ORIGIN);
      await checkIncluded(receipt, checkpoint);
      const other = { ...receipt, entry: concat(entry, entry) };
      await assert.rejects(checkIncluded(other, checkpoint), Refusal);
    }
  }
});

test('an entry that is no JSON is said to be in the log, and is not shown', async () => {
  const [leaves, entries] = [leavesAt(15), entriesAt(15)];
  const text = receiptText(entries[4]!, 4, await pathOf(4, leaves), checkpointAt(15));
  const verdict = await verify(text, { logKey: VKEY });
  assert.equal(!verdict.ok && verdict.code, 'entry.form');
});

test('a checkpoint with any bit changed is refused', async () => {
  const key = await parseVerifierKey(VKEY, 'log');
  const bytes = readFileSync(join(FOLDER, 'checkpoint.15'));
  for (let bit = 0; bit < 8 * bytes.length; ++bit) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    await assert.rejects(readCheckpoint(changed.toString('utf8'), key, ORIGIN), Refusal, `${bit}`);
  }
});

test('a checkpoint of another log is refused, though its key vouches', async () => {
  const key = await parseVerifierKey(VKEY, 'log');
  await assert.rejects(readCheckpoint(checkpointAt(3), key, 'example.com/log'),
    { code: 'receipt.origin' });
});
