import assert from 'node:assert/strict';
import { test } from 'node:test';

import { utf8 } from '../verify/bytes.js';
import type { JsonObject } from '../verify/json.js';
import { type Trust, type Verdict, verify } from '../verify/verify.js';
import { cast, copyOf } from './golden_cases.js';
import { TestKey, TestLog } from './test_log.js';

const code = (verdict: Verdict): string => (verdict.ok ? 'ok' : verdict.code);

test('a copy shows where the entry is, what it says and what is sealed in it', async () => {
  const made = await cast();
  const verdict = await verify(JSON.stringify(await copyOf(made)), { logKey: made.key.vkey });
  assert.ok(verdict.ok);
  assert.equal(verdict.index, 3);
  assert.equal(verdict.size, 7);
  assert.equal(verdict.origin, 'test.candour.example/accesses');
  assert.equal(verdict.time, '2026-03-01T10:00:00Z');
  assert.equal((verdict.entry as JsonObject)['type'], 'started');
  assert.equal(verdict.openings.length, 1);
  assert.deepEqual({ ...verdict.openings[0]!.value as JsonObject },
    { statement: 'SELECT region, count(*) FROM members.register GROUP BY region' });
});

test('bytes and text give the same verdict', async () => {
  const { key, log } = await cast();
  const text = await log.receipt(2);
  const trust = { logKey: key.vkey };
  assert.deepEqual(await verify(utf8(text), trust), await verify(text, trust));
});

test('as many witnesses must have signed as are asked for; each says when', async () => {
  const { key, log, witness } = await cast();
  const second = await TestKey.make('second.example', 4, 'second');
  const line = await witness.cosign(await log.checkpointText(), 1772359260);
  const receipt = await log.receipt(3, line);
  const check = (keys: string[], needed?: number): Promise<Verdict> => {
    const trust: Trust = { logKey: key.vkey, witnessKeys: keys };
    return verify(receipt, needed === undefined ? trust : { ...trust, witnessesNeeded: needed });
  };
  const one = await check([witness.vkey]);
  assert.deepEqual(one.ok && one.witnesses, [{ name: 'witness.example', time: 1772359260 }]);
  assert.equal(code(await check([witness.vkey, second.vkey])), 'receipt.witnesses');
  assert.equal(code(await check([witness.vkey, second.vkey], 1)), 'ok');
  assert.equal(code(await check([witness.vkey, witness.vkey], 2)), 'receipt.witnesses');
  assert.equal(code(await check([], 1)), 'receipt.witnesses');
  assert.equal(code(await check([witness.vkey], Number.NaN)), 'receipt.witnesses');
  assert.equal(code(await check([key.vkey])), 'key.form');
});

test('the log is the one that the key names, unless another is expected', async () => {
  const key = await TestKey.make('key.example', 1, 'log');
  const receipt = await new TestLog('log.example/choices', key, [{ v: 1 }]).receipt(0);
  assert.equal(code(await verify(receipt, { logKey: key.vkey })), 'receipt.origin');
  const trust = { logKey: key.vkey, origin: 'log.example/choices' };
  assert.equal(code(await verify(receipt, trust)), 'ok');
});

test('a key that was changed, cut or is of another kind is refused', async () => {
  const { key, log } = await cast();
  const receipt = await log.receipt(0);
  const [name, id, material] = key.vkey.split('+') as [string, string, string];
  for (const logKey of ['', 'x', '++', `${name}+${id}`, `${name}+${id}+`, `${name}+${id}+AQ==`,
    `${name}x+${id}+${material}`, ` ${key.vkey}`, `${key.vkey}\n`, `${key.vkey}=`,
    `${name}+${id.toUpperCase()}x+${material}`, `${name}+00000000+${material}`,
    `a b+${id}+${material}`, `+${id}+${material}`]) {
    assert.equal(code(await verify(receipt, { logKey })), 'key.form', logKey);
  }
});

test('a file that cannot be a receipt is refused before it is read', async () => {
  const { key } = await cast();
  const trust = { logKey: key.vkey };
  assert.equal(code(await verify(new Uint8Array(1024 * 1024 + 1), trust)), 'receipt.form');
  assert.equal(code(await verify('é'.repeat(600_000), trust)), 'receipt.form');
  assert.equal(code(await verify(Uint8Array.of(0x63, 0xff), trust)), 'receipt.form');
  assert.equal(code(await verify('c\ud800', trust)), 'receipt.form');
  assert.equal(code(await verify('', trust)), 'receipt.form');
  assert.equal(code(await verify('{', trust)), 'copy.form');
});

test('what is longer than proofs, entries or lists of signatures can be is refused', async () => {
  const { key, log } = await cast();
  const trust = { logKey: key.vkey };
  const receipt = await log.receipt(3);
  const hash = `${'A'.repeat(43)}=\n`;
  const long = receipt.replace('index 3\n', `index 3\n${hash.repeat(61)}`);
  assert.match(JSON.stringify(await verify(long, trust)), /63 hashes/);
  const large = receipt.replace(/extra .*/, `extra ${'AAAA'.repeat(22_000)}`);
  assert.match(JSON.stringify(await verify(large, trust)), /larger than an entry/);
  const signed = receipt + '— x AAAAAAA=\n'.repeat(100);
  assert.match(JSON.stringify(await verify(signed, trust)), /100 signatures/);
});

test('a refused opening names the part and shows no value of it', async () => {
  const made = await cast();
  const copy = await copyOf(made, { value: { statement: 'the secret' } });
  const verdict = await verify(JSON.stringify(copy), { logKey: made.key.vkey });
  assert.equal(code(verdict), 'opening.mismatch');
  const words = JSON.stringify(verdict);
  assert.match(words, /statement/);
  assert.doesNotMatch(words, /secret|SELECT/);
});

test('a JSON pointer reaches into lists and escaped keys, and nowhere else', async () => {
  const { at } = await import('../verify/commitment.js');
  const document = { 'a/b': [{ '~': 'here' }], body: 'text' };
  assert.equal(at(document, '/a~1b/0/~0'), 'here');
  for (const pointer of ['', 'body', '/body/0', '/a~1b/00', '/a~1b/-', '/a~1b/length', '/~2',
    '/none', '/toString', '/a~1b/1']) {
    assert.equal(typeof at(document, pointer) === 'string', false, pointer);
  }
});
