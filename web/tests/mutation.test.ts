// Whatever is done to one byte of a receipt or a copy, the verdict is a refusal or the very same.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { concat, utf8 } from '../verify/bytes.js';
import { type Trust, verify } from '../verify/verify.js';
import { cast, copyOf } from './golden_cases.js';

type Range = readonly [first: number, end: number];

/** The bytes with each byte in a range changed in many ways, one byte at a time. */
function* mutations(bytes: Uint8Array, range: Range): Generator<[string, Uint8Array]> {
  for (let at = range[0]; at < range[1]; ++at) {
    for (let bit = 0; bit < 8; ++bit) {
      const changed = bytes.slice();
      changed[at]! ^= 1 << bit;
      yield [`bit ${bit} of byte ${at}`, changed];
    }
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
    yield [`without byte ${at}`, concat(before, after)];
    yield [`byte ${at} twice`, concat(before, bytes.subarray(at, at + 1), bytes.subarray(at))];
    yield [`cut at byte ${at}`, before];
    yield [`newline at byte ${at}`, concat(before, utf8('\n'), after)];
  }
}

/** How many mutations were accepted, with the same verdict; any other acceptance fails. */
async function acceptedMutations(
  bytes: Uint8Array,
  trust: Trust,
  range: Range = [0, bytes.length],
): Promise<number> {
  const original = await verify(bytes, trust);
  assert.ok(original.ok, JSON.stringify(original));
  let same = 0;
  for (const [what, changed] of mutations(bytes, range)) {
    const verdict = await verify(changed, trust);
    if (!verdict.ok) assert.notEqual(verdict.code, 'internal', what);
    else if (Buffer.from(bytes).equals(changed)) continue;
    else assert.deepEqual({ what, ...verdict }, { what, ...original });
    if (verdict.ok) ++same;
  }
  return same;
}

test('a receipt: every mutation is refused', async () => {
  const { key, witness, log } = await cast();
  const line = await witness.cosign(await log.checkpointText(), 1772359260);
  const receipt = utf8(await log.receipt(2, line));
  const trust = { logKey: key.vkey, witnessKeys: [witness.vkey] };
  assert.equal(await acceptedMutations(receipt, trust), 0);
});

test('a signature of somebody unknown may change, and the verdict does not', async () => {
  const { key, witness, log } = await cast();
  const line = await witness.cosign(await log.checkpointText(), 1772359260);
  const receipt = utf8(await log.receipt(2, line));
  const lineOnly: Range = [receipt.length - utf8(line).length, receipt.length];
  assert.notEqual(await acceptedMutations(receipt, { logKey: key.vkey }, lineOnly), 0);
});

test('a copy: no mutation shows anything else', async () => {
  const made = await cast();
  // Members may come in any order; the receipt comes last, since it has a test of its own.
  const { receipt, ...rest } = await copyOf(made);
  const copy = utf8(JSON.stringify({ ...rest, receipt }));
  const end = copy.length - utf8(JSON.stringify(receipt)).length + 80;
  await acceptedMutations(copy, { logKey: made.key.vkey }, [0, end]);
});
