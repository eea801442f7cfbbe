// The cases of tests/data/receipts that this folder makes; write_receipts.ts writes them out.
import { base64, bytesOfBase64 } from '../verify/base64.js';
import { hexOf, utf8 } from '../verify/bytes.js';
import { canonicalJson } from '../verify/canonical_json.js';
import { commit } from '../verify/commitment.js';
import type { JsonObject, JsonValue } from '../verify/json.js';
import { leafHash, nodeHash } from '../verify/merkle.js';
import { sha256 } from '../verify/web_crypto.js';
import { receiptText, TestKey, TestLog } from './test_log.js';

/** One case: what is checked, against which key, and whether it must be refused. */
export interface GoldenCase {
  readonly desc: string;
  readonly vkey: string;
  readonly origin: string;
  readonly receipt?: string;
  /** A copy; as text where its very characters matter. */
  readonly copy?: JsonValue;
  /** Keys of witnesses, all of which must have signed. */
  readonly witnesses?: readonly string[];
  /** Spaces are put after the text until it has so many bytes. */
  readonly paddedTo?: number;
  /** The error with which the case must be refused; accepted when left out. */
  readonly code?: string;
}

/** The text to be checked. */
export function textOfCase({ receipt, copy, paddedTo }: GoldenCase): string {
  const text = receipt ?? (typeof copy === 'string' ? copy : JSON.stringify(copy));
  return text + ' '.repeat(Math.max(0, (paddedTo ?? 0) - utf8(text).length));
}

const ORIGIN = 'test.candour.example/accesses';
const STATEMENT = { statement: 'SELECT region, count(*) FROM members.register GROUP BY region' };
const SEEN_AT = 1772359260;  // 2026-03-01T10:01:00Z

/** All that the cases are made of. */
export interface Cast {
  readonly key: TestKey;
  readonly witness: TestKey;
  readonly log: TestLog;
  readonly blinding: string;
}

async function startedEntry(blinding: Uint8Array, version: number): Promise<JsonValue> {
  return {
    body: {
      datasets: ['members.register'],
      output: 'aggregates',
      people: '10000-99999',
      purpose: 'dpv:ResearchAndDevelopment',
      statement: await commit('statement', blinding, STATEMENT, version),
      use: 'local-cause-insight',
    },
    time: '2026-03-01T10:00:00Z',
    type: 'started',
    v: version,
  };
}

function plainEntry(day: number): JsonValue {
  const time = `2026-02-0${day}T09:00:00Z`;
  return { body: { text: 'Grüße, 💚, \u0001 and "quotes"' }, time, type: 'applied', v: 1 };
}

/** Seven entries; number 3 has a sealed part, number 5 is not canonical. */
export async function cast(): Promise<Cast> {
  const blinding = await sha256(utf8('candour test blinding'));
  const key = await TestKey.make(ORIGIN, 1, 'log');
  const entries = [1, 2, 3, 4, 5, 6, 7].map(plainEntry);
  entries[3] = await startedEntry(blinding, 1);
  entries[5] = '{"v":1, "type":"applied"}';
  return {
    key,
    witness: await TestKey.make('witness.example', 4, 'witness'),
    log: new TestLog(ORIGIN, key, entries),
    blinding: hexOf(blinding),
  };
}

/** The copy of entry 3, with members of its opening replaced. */
export async function copyOf(made: Cast, changed: JsonObject = {}): Promise<JsonObject> {
  const { blinding } = made;
  const opening = { path: '/body/statement', name: 'statement', blinding, value: STATEMENT };
  return { candour: 1, receipt: await made.log.receipt(3), openings: [{ ...opening, ...changed }] };
}

type Part = Omit<GoldenCase, 'vkey' | 'origin'> & Partial<GoldenCase>;

function malformed(receipt: string): Record<string, Part> {
  const entry = /extra (.*)\n/.exec(receipt)?.[1] ?? '';
  const lazy = `${entry.slice(0, -2)}${entry.at(-2) === 'Q' ? 'R' : 'x'}=`;
  if (bytesOfBase64(lazy) !== undefined) throw new Error('That base64 should not be canonical');
  const changes: Record<string, [string, string]> = {
    'windows-line-ends': ['Lines that end with CR LF', receipt.replaceAll('\n', '\r\n')],
    'trailing-line': ['An empty line after the end', `${receipt}\n`],
    'end-missing': ['The last newline is missing', receipt.slice(0, -1)],
    'base64-not-canonical': ['Unused bits of base64 are set', receipt.replace(entry, lazy)],
    'index-leading-zero': ['A leading zero', receipt.replace('index 3', 'index 03')],
    'index-too-large': ['An index of 2^53', receipt.replace('index 3', 'index 9007199254740992')],
    'entry-missing': ['No extra line', receipt.replace(/extra .*\n/, '')],
    'signature-missing': ['No signature', receipt.replace(/— .*\n$/, '')],
  };
  return Object.fromEntries(Object.entries(changes).map(([name, [desc, changed]]) =>
    [name, { desc, receipt: changed, code: 'receipt.form' }]));
}

function untrue(made: Cast, receipt: string, stranger: TestKey): Record<string, Part> {
  const first = /index 3\n(.*)\n/.exec(receipt)?.[1] ?? '';
  return {
    'index-moved': {
      desc: 'The proof of another index',
      receipt: receipt.replace('index 3', 'index 2'),
      code: 'proof.invalid',
    },
    'hash-left-out': {
      desc: 'The proof lacks its first hash',
      receipt: receipt.replace(`${first}\n`, ''),
      code: 'proof.invalid',
    },
    'hash-twice': {
      desc: 'The proof has its first hash twice',
      receipt: receipt.replace(first, `${first}\n${first}`),
      code: 'proof.invalid',
    },
    'size-changed': {
      desc: 'The checkpoint claims another size',
      receipt: receipt.replace(`${ORIGIN}\n7\n`, `${ORIGIN}\n8\n`),
      code: 'receipt.signature',
    },
    'other-key': {
      desc: 'Another log’s key', receipt, vkey: stranger.vkey, code: 'receipt.signature',
    },
    'witness-key-as-log-key': {
      desc: 'A key that may only cosign, given as the log’s',
      receipt,
      vkey: made.witness.vkey,
      code: 'key.form',
    },
    'other-origin': {
      desc: 'Another origin', receipt, origin: 'other.example', code: 'receipt.origin',
    },
  };
}

/** The first entry of a log of `size` entries, whose other hashes nobody ever computed. */
async function receiptOfSize(made: Cast, size: bigint): Promise<string> {
  const entry = utf8(canonicalJson(plainEntry(1)));
  const proof = Array.from({ length: (size - 1n).toString(2).length }, (_, level) =>
    new Uint8Array(32).fill(level));
  let root = await leafHash(entry);
  for (const sibling of proof) root = await nodeHash(root, sibling);
  const text = `${ORIGIN}\n${size}\n${base64(root)}\n`;
  return receiptText(entry, 0, proof, `${text}\n${await made.key.sign(text)}`);
}

/** Where the limits lie: the last that is accepted, and the first that is not. */
async function limits(made: Cast): Promise<Record<string, Part>> {
  const { receipt, ...rest } = await copyOf(made);
  const copy = { ...rest, receipt: receipt ?? '' };
  return {
    'size-largest': {
      desc: 'A log of 2^53 - 1 entries', receipt: await receiptOfSize(made, 2n ** 53n - 1n),
    },
    'size-too-large': {
      desc: 'A log of 2^53 entries',
      receipt: await receiptOfSize(made, 2n ** 53n),
      code: 'receipt.form',
    },
    'file-largest': { desc: 'A copy of 1 MiB', copy, paddedTo: 2 ** 20 },
    'file-too-large': {
      desc: 'A copy of a byte more than 1 MiB', copy, paddedTo: 2 ** 20 + 1, code: 'receipt.form',
    },
    'receipt-too-large': {
      desc: 'A receipt of a byte more than 1 MiB',
      receipt: await made.log.receipt(3),
      paddedTo: 2 ** 20 + 1,
      code: 'receipt.form',
    },
  };
}

async function witnessed(made: Cast): Promise<Record<string, Part>> {
  const { log, witness } = made;
  const text = await log.checkpointText();
  const line = await witness.cosign(text, SEEN_AT);
  const at = async (time: bigint): Promise<string> =>
    log.receipt(3, await witness.cosign(text, time));
  const witnesses = [witness.vkey];
  return {
    'witnessed': {
      desc: 'A witness has signed', receipt: await log.receipt(3, line), witnesses,
    },
    'witness-named-twice': {
      desc: 'A witness that is named twice counts once',
      receipt: await log.receipt(3, line),
      witnesses: [...witnesses, ...witnesses],
    },
    'witness-not-asked-for': {
      desc: 'A signature of somebody who is not known here is left alone',
      receipt: await log.receipt(3, line),
    },
    'witness-missing': {
      desc: 'The witness has not signed',
      receipt: await log.receipt(3),
      witnesses,
      code: 'receipt.witnesses',
    },
    'witness-missing-index-moved': {
      desc: 'The witness has not signed, and the proof is of another index',
      receipt: (await log.receipt(3)).replace('index 3', 'index 2'),
      witnesses,
      code: 'receipt.witnesses',
    },
    'witness-false': {
      desc: 'The witness’s signature is of another checkpoint',
      receipt: await log.receipt(3, await witness.cosign(text.replace('\n7\n', '\n6\n'), SEEN_AT)),
      witnesses,
      code: 'receipt.signature',
    },
    'witness-latest': {
      desc: 'A witness’s time of 2^63 - 1 seconds', receipt: await at(2n ** 63n - 1n), witnesses,
    },
    'witness-too-late': {
      desc: 'A witness’s time of 2^63 seconds, truly signed',
      receipt: await at(2n ** 63n),
      witnesses,
      code: 'receipt.signature',
    },
  };
}

async function copies(made: Cast): Promise<Record<string, Part>> {
  const copy = await copyOf(made);
  const text = JSON.stringify(copy);
  const wrong = async (changed: JsonObject): Promise<JsonValue> => copyOf(made, changed);
  const shown = async (value: string): Promise<JsonValue> =>
    JSON.stringify(await wrong({ value: 'VALUE' })).replace('"VALUE"', value);
  const cases: Record<string, [string, JsonValue, string]> = {
    'copy-other-value':
      ['Another value', await wrong({ value: { statement: 'SELECT 1' } }), 'opening.mismatch'],
    'copy-other-name': ['Another name', await wrong({ name: 'actor' }), 'opening.mismatch'],
    'copy-other-path':
      ['A part that is not sealed', await wrong({ path: '/body/use' }), 'opening.mismatch'],
    'copy-no-such-path':
      ['A part that is not there', await wrong({ path: '/body/none' }), 'opening.mismatch'],
    'copy-other-blinding':
      ['Another blinding', await wrong({ blinding: '00'.repeat(32) }), 'opening.mismatch'],
    'copy-short-blinding':
      ['31 bytes', await wrong({ blinding: made.blinding.slice(2) }), 'opening.form'],
    'copy-later-version': ['Version 2', { ...copy, candour: 2 }, 'copy.form'],
    'copy-key-twice': ['A key twice', text.replace('{', '{"receipt":"",'), 'copy.form'],
    'copy-fraction':
      ['A number with a fraction', text.replace('"candour":1', '"candour":1.0'), 'copy.form'],
    'copy-negative-zero': ['A value of negative zero', await shown('-0'), 'copy.form'],
    'copy-large-number': ['A value of 2^53', await shown('9007199254740992'), 'copy.form'],
    'copy-nested-deepest':
      ['65 lists in a value', await shown('['.repeat(65) + ']'.repeat(65)), 'opening.mismatch'],
    'copy-nested-deeply':
      ['66 lists in a value', await shown('['.repeat(66) + ']'.repeat(66)), 'copy.form'],
    'copy-trailing': ['Something after the end', `${text}{}`, 'copy.form'],
  };
  const bad = Object.entries(cases).map(([name, [desc, changed, code]]) =>
    [name, { desc, copy: changed, code }] as const);
  return {
    'copy': { desc: 'A copy that shows the statement of an access', copy },
    'copy-without-openings': { desc: 'A copy that opens nothing', copy: { ...copy, openings: [] } },
    'copy-spaced': { desc: 'A copy with space around it', copy: ` \t\r\n${text}\n \t\r` },
    ...Object.fromEntries(bad),
  };
}

/** Copies of entries whose sealed part is written in base64, and in the other version's digits. */
async function versions({ key, blinding }: Cast): Promise<Record<string, Part>> {
  const bytes = await sha256(utf8('candour test blinding'));
  const opening = { path: '/body/statement', name: 'statement', blinding, value: STATEMENT };
  const copyIn = async (entry: JsonValue): Promise<JsonObject> => ({
    candour: 1,
    receipt: await new TestLog(ORIGIN, key, [entry]).receipt(0),
    openings: [opening],
  });
  const second = await startedEntry(bytes, 2) as JsonObject;
  return {
    'copy-of-version-2': { desc: 'An entry of version 2', copy: await copyIn(second) },
    'copy-of-version-2-in-hex': {
      desc: 'An entry of version 2 that is sealed as one of version 1',
      copy: await copyIn({ ...await startedEntry(bytes, 1) as JsonObject, v: 2 }),
      code: 'opening.mismatch',
    },
    'copy-of-no-version': {
      desc: 'An entry without a version, sealed as one of version 1',
      copy: await copyIn({ ...await startedEntry(bytes, 1) as JsonObject, v: 'one' }),
      code: 'opening.mismatch',
    },
  };
}

/** All cases by name. The same at every run: Ed25519 takes no randomness. */
export async function goldenCases(): Promise<Record<string, GoldenCase>> {
  const made = await cast();
  const { key, log } = made;
  const receipt = await log.receipt(3);
  const single = new TestLog(ORIGIN, key, [plainEntry(1)]);
  const parts: Record<string, Part> = {
    'receipt': { desc: 'The fourth of seven entries', receipt },
    'first': { desc: 'The first of seven entries', receipt: await log.receipt(0) },
    'last': { desc: 'The last of seven entries, which moves up', receipt: await log.receipt(6) },
    'alone': { desc: 'The only entry: a proof without hashes', receipt: await single.receipt(0) },
    'entry-not-canonical': {
      desc: 'In the log, but not canonical JSON',
      receipt: await log.receipt(5),
      code: 'entry.form',
    },
    ...malformed(receipt),
    ...untrue(made, receipt, await TestKey.make(ORIGIN, 1, 'stranger')),
    ...await limits(made),
    ...await witnessed(made),
    ...await copies(made),
    ...await versions(made),
  };
  return Object.fromEntries(Object.entries(parts).map(([name, part]) =>
    [name, { vkey: key.vkey, origin: ORIGIN, ...part }]));
}
