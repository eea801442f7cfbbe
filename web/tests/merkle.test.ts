import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { bytesOfBase64 } from '../verify/base64.js';
import { type Bytes, utf8 } from '../verify/bytes.js';
import {
  checkConsistency, checkInclusion, emptyRoot, leafHash,
} from '../verify/merkle.js';
import { Refusal } from '../verify/refusal.js';
import { DATA, filesUnder, readText } from './project.js';
import { consistencyOf, pathOf, rootOf } from './test_log.js';

interface InclusionCase {
  leafIdx: number; treeSize: number; root: string; leafHash: string; proof: string[] | null;
  wantErr: boolean;
}
interface ConsistencyCase {
  size1: number; size2: number; root1: string; root2: string; proof: string[] | null;
  wantErr: boolean;
}

function bytes(text: string | null): Bytes {
  return bytesOfBase64(text ?? '') ?? assert.fail('the case is not base64');
}

async function judge(checked: Promise<void>, wantErr: boolean): Promise<void> {
  if (wantErr) await assert.rejects(checked, Refusal);
  else await checked;
}

function casesOf<T>(folder: string): [string, T][] {
  const files = filesUnder(join(DATA, 'merkle', folder), '.json');
  assert.ok(files.length > 50, 'the cases are missing');
  return files.map((path) => [path.slice(DATA.length + 1), JSON.parse(readText(path)) as T]);
}

for (const [name, c] of casesOf<InclusionCase>('inclusion')) {
  test(name, () => judge(checkInclusion(
    c.leafIdx, c.treeSize, bytes(c.leafHash), (c.proof ?? []).map(bytes), bytes(c.root)),
  c.wantErr));
}

for (const [name, c] of casesOf<ConsistencyCase>('consistency')) {
  test(name, () => judge(checkConsistency(
    c.size1, c.size2, bytes(c.root1), bytes(c.root2), (c.proof ?? []).map(bytes)), c.wantErr));
}

test('the empty tree continues itself, and proves nothing about a larger one', async () => {
  const empty = await emptyRoot();
  const leaf = await leafHash(utf8('x'));
  await checkConsistency(0, 0, empty, empty, []);
  await assert.rejects(checkConsistency(0, 0, leaf, leaf, []), Refusal);
  await assert.rejects(checkConsistency(0, 1, empty, leaf, []), Refusal);
  await assert.rejects(checkConsistency(1, 0, leaf, empty, []), Refusal);
});

test('all proofs of trees up to 20 hold, at their own place only', async () => {
  const leaves = await Promise.all(Array.from({ length: 20 }, (_, i) => leafHash(utf8(`${i}`))));
  for (let size = 1; size <= leaves.length; ++size) {
    const some = leaves.slice(0, size);
    const root = await rootOf(some);
    for (const [index, leaf] of some.entries()) {
      const proof = await pathOf(index, some);
      await checkInclusion(index, size, leaf, proof, root);
      if (size > 1) {
        await assert.rejects(checkInclusion((index + 1) % size, size, leaf, proof, root), Refusal);
      }
    }
  }
});

test('all consistency proofs of trees up to 20 hold, between their own sizes only', async () => {
  const leaves = await Promise.all(Array.from({ length: 20 }, (_, i) => leafHash(utf8(`${i}`))));
  const roots = await Promise.all(leaves.map((_, i) => rootOf(leaves.slice(0, i + 1))));
  for (let size2 = 2; size2 <= leaves.length; ++size2) {
    for (let size1 = 1; size1 < size2; ++size1) {
      const proof = await consistencyOf(size1, leaves.slice(0, size2));
      const [root1, root2] = [roots[size1 - 1], roots[size2 - 1]];
      assert.ok(root1 && root2);
      await checkConsistency(size1, size2, root1, root2, proof);
      await assert.rejects(checkConsistency(size1, size2, root2, root2, proof), Refusal);
      await assert.rejects(checkConsistency(size1, size2, root1, root1, proof), Refusal);
      await assert.rejects(checkConsistency(size1, size2, root1, root2, proof.slice(1)), Refusal);
    }
  }
});

test('sizes beyond 32 bits are not cut', async () => {
  const leaf = await leafHash(utf8('x'));
  const far = 2 ** 40;
  const proof = Array.from({ length: 40 }, () => leaf);
  await assert.rejects(checkInclusion(0, far, leaf, proof.slice(8), leaf), /too few/);
  await assert.rejects(checkInclusion(0, far, leaf, proof, leaf), /root/);
  await assert.rejects(checkInclusion(0, far, leaf, [...proof, leaf], leaf), /too many/);
});
