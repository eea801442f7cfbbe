import { type Bytes, equalBytes } from './bytes.js';
import { Refusal } from './refusal.js';
import { sha256 } from './web_crypto.js';

/** Bytes of a hash in the tree. */
export const HASH_SIZE = 32;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash of one entry (RFC 6962, section 2.1). */
export async function leafHash(entry: Uint8Array): Promise<Bytes> {
  return sha256(LEAF, entry);
}

export async function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Bytes> {
  return sha256(NODE, left, right);
}

/** The root of the tree without entries. */
export async function emptyRoot(): Promise<Bytes> {
  return sha256();
}

const half = (n: number): number => Math.floor(n / 2);  // >> would cut at 32 bits
const isOdd = (n: number): boolean => n % 2 === 1;

function refuse(reason: string): never {
  throw new Refusal('proof.invalid', `The proof does not hold: ${reason}.`, {
    next: 'Ask for the receipt again; if it fails again, tell the organisation and its regulator.',
  });
}

function checkForm(sizes: readonly number[], hashes: readonly Uint8Array[]): void {
  if (sizes.some((size) => !Number.isSafeInteger(size) || size < 0)) {
    refuse('a size or index is negative or beyond 2^53 - 1');
  }
  if (hashes.some((hash) => hash.length !== HASH_SIZE)) refuse('a hash is not of 32 bytes');
}

/**
 * The root of the tree of `size` entries that has `leaf` at `index`, by a proof that runs from the
 * leaf's sibling up. Throws Refusal when index, size and proof do not belong together. Cost: a hash
 * a level. Source: RFC 9162, section 2.1.3.2.
 */
export async function rootFromInclusion(
  index: number,
  size: number,
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
): Promise<Uint8Array> {
  checkForm([index, size], [leaf, ...proof]);
  if (index >= size) refuse('the entry lies outside the log');
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) refuse('it has too many hashes');
    if (isOdd(node) || node === last) {
      hash = await nodeHash(sibling, hash);
      // A node without a right sibling moves up unchanged.
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      hash = await nodeHash(hash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  if (last !== 0) refuse('it has too few hashes');
  return hash;
}

/** Checks that `leaf` is at `index` in the tree with that size and root. Throws Refusal if not. */
export async function checkInclusion(
  index: number,
  size: number,
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): Promise<void> {
  checkForm([], [root]);
  const reached = await rootFromInclusion(index, size, leaf, proof);
  if (!equalBytes(reached, root)) refuse('the entry does not lead to the root that the log signed');
}

/** The two roots that a consistency proof reaches, `size1` below `size2` (RFC 9162, 2.1.4.2). */
async function rootsFromConsistency(
  size1: number,
  size2: number,
  root1: Uint8Array,
  proof: readonly Uint8Array[],
): Promise<[Uint8Array, Uint8Array]> {
  let node = size1 - 1;
  let last = size2 - 1;
  while (isOdd(node)) {
    node = half(node);
    last = half(last);
  }
  // A first tree that is a full subtree of the second one is itself the proof's first node.
  const path = node === 0 ? [root1, ...proof] : proof;
  const [start, ...rest] = path;
  if (start === undefined || proof.length === 0) refuse('it has no hashes');
  let hash1 = start;
  let hash2 = start;
  for (const sibling of rest) {
    if (last === 0) refuse('it has too many hashes');
    if (isOdd(node) || node === last) {
      hash1 = await nodeHash(sibling, hash1);
      hash2 = await nodeHash(sibling, hash2);
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      hash2 = await nodeHash(hash2, sibling);
    }
    node = half(node);
    last = half(last);
  }
  if (last !== 0) refuse('it has too few hashes');
  return [hash1, hash2];
}

/**
 * Checks that the tree (size2, root2) continues (size1, root1). Throws Refusal if not. Equal sizes
 * take an empty proof and equal roots; nothing is proved from an empty tree to a larger one, since
 * everything continues it.
 */
export async function checkConsistency(
  size1: number,
  size2: number,
  root1: Uint8Array,
  root2: Uint8Array,
  proof: readonly Uint8Array[],
): Promise<void> {
  checkForm([size1, size2], proof);
  if (size1 > size2) refuse('the later tree is smaller');
  if (size1 === size2) {
    if (proof.length > 0) refuse('trees of one size need no hashes');
    if (!equalBytes(root1, root2)) refuse('two trees of one size have different roots');
    if (size1 === 0 && !equalBytes(root1, await emptyRoot())) {
      refuse('the root is not that of an empty tree');
    }
    return;
  }
  checkForm([], [root1, root2]);
  if (size1 === 0) refuse('an empty tree proves nothing about a larger one');
  const [reached1, reached2] = await rootsFromConsistency(size1, size2, root1, proof);
  if (!equalBytes(reached1, root1)) refuse('it does not lead to the earlier root');
  if (!equalBytes(reached2, root2)) refuse('it does not lead to the later root');
}
