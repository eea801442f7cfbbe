import assert from 'node:assert/strict';
import { test } from 'node:test';

import { base64, bytesOfBase64 } from '../verify/base64.js';
import { bytesOfHex, hexOf, textOf } from '../verify/bytes.js';
import { canonicalJson, parseCanonicalJson } from '../verify/canonical_json.js';
import { parseCount } from '../verify/count.js';
import { JsonError, parseJson } from '../verify/json.js';

test('base64 agrees with another implementation', () => {
  for (let length = 0; length < 70; ++length) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 89 + length * 7) % 256);
    assert.equal(base64(bytes), Buffer.from(bytes).toString('base64'));
    assert.deepEqual(bytesOfBase64(base64(bytes)), bytes);
  }
});

test('base64 has one text for given bytes', () => {
  for (const text of ['A', 'AA', 'AAA', 'AA=', 'AB==', 'AAB=', 'AA==AA==', '====', 'A===', '=AAA',
    'AA=A', 'A A=', 'AA==\n', ' AA==', 'AA-_', 'AAé=', 'AAA\u0000']) {
    assert.equal(bytesOfBase64(text), undefined, text);
  }
});

test('hexadecimal digits are lower case and whole', () => {
  assert.deepEqual(bytesOfHex('00ff7a'), Uint8Array.of(0, 255, 122));
  assert.equal(hexOf(Uint8Array.of(0, 255, 122)), '00ff7a');
  for (const text of ['0', '0G', 'FF', ' 00', '0x']) assert.equal(bytesOfHex(text), undefined);
});

test('counts have one text and are exact', () => {
  assert.equal(parseCount('0'), 0);
  assert.equal(parseCount('9007199254740991'), Number.MAX_SAFE_INTEGER);
  for (const text of ['', '00', '01', '+1', '-1', '1 ', '1.0', '1e3', '0x1', '٣',
    '9007199254740992', '18446744073709551615', '99999999999999999999999']) {
    assert.equal(parseCount(text), undefined, text);
  }
});

test('bytes that are not UTF-8 are not text, and a byte order mark is not skipped', () => {
  for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf5, 0x80]]) {
    assert.equal(textOf(Uint8Array.from(bytes)), undefined);
  }
  assert.equal(textOf(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)), '\ufeffa');
});

test('canonical JSON sorts by UTF-16 units and uses the shortest escapes', () => {
  const value = parseJson('{ "\\ufb33":1, "\\ud83d\\ude00":2, "\\u0080":3, "\\r":4, "1":5, "b":' +
    '[true, null, "\\u20ac\\/\\u000f\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\u007f"] }');
  assert.equal(canonicalJson(value), '{"\\r":4,"1":5,"b":[true,null,' +
    '"€/\\u000f\\nA\'B\\"\\\\\\\\\\"\u007f"],"\u0080":3,"😀":2,"\ufb33":1}');
  assert.deepEqual(parseCanonicalJson(canonicalJson(value)), value);
});

test('JSON that two readers could take differently is refused', () => {
  for (const text of ['', ' ', '{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '1.0', '1e2', '-0', '01',
    '+1', '9007199254740992', '-9007199254740992', '1 2', '[1,]', '{"a":1,}', '{a:1}', "'a'", '"\\x"',
    '"\\ud800"', '"\ud800"', '"a\nb"', '"\\u12"', 'NaN', 'nul', 'truex', '[', '"', '{"a"}',
    '\ufeff1', '// x\n1', `${'['.repeat(200)}${']'.repeat(200)}`]) {
    assert.throws(() => parseJson(text), JsonError, text);
  }
});

test('another text of a canonical value is not canonical', () => {
  for (const text of ['{"b":1,"a":2}', '{ "a":1}', '["\\u0041"]', '["\\/"]', '1 ', '\n1',
    `${'['.repeat(66)}${']'.repeat(66)}`]) {
    assert.throws(() => parseCanonicalJson(text), JsonError, text);
  }
});

test('keys that mean something to JavaScript are only keys', () => {
  const text = '{"__proto__":{"a":1},"constructor":2,"toString":3}';
  assert.equal(canonicalJson(parseCanonicalJson(text)), text);
  assert.equal(({} as Record<string, unknown>)['a'], undefined);
});

test('a long text is read', () => {
  const text = JSON.stringify('\\n"é'.repeat(200_000));
  assert.equal(canonicalJson(parseJson(text)), text);
});
