import { base64 } from '../verify/base64.js';
import { type Bytes, concat, hexOf, utf8 } from '../verify/bytes.js';
import { canonicalJson } from '../verify/canonical_json.js';
import type { JsonValue } from '../verify/json.js';
import { emptyRoot, leafHash, nodeHash } from '../verify/merkle.js';
import { sha256 } from '../verify/web_crypto.js';

// What stands before the 32 bytes of a private key in PKCS #8 (RFC 8410).
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A key pair for tests, made from a phrase that everybody knows: it must sign nothing real. */
export class TestKey {
  private constructor(
    readonly name: string,
    readonly vkey: string,
    private readonly id: Bytes,
    private readonly key: CryptoKey,
  ) {}

  static async make(name: string, type: 1 | 4, phrase: string): Promise<TestKey> {
    const seed = await sha256(utf8(`candour test key: ${phrase}`));
    const encoded = concat(PKCS8_PREFIX, seed);
    const key = await crypto.subtle.importKey('pkcs8', encoded, 'Ed25519', true, ['sign']);
    const { x } = await crypto.subtle.exportKey('jwk', key);
    const material = concat(Uint8Array.of(type), Buffer.from(x ?? '', 'base64url'));
    const id = (await sha256(utf8(`${name}\n`), material)).slice(0, 4);
    return new TestKey(name, `${name}+${hexOf(id)}+${base64(material)}`, id, key);
  }

  private async line(message: string, ...before: Uint8Array[]): Promise<string> {
    const made = new Uint8Array(await crypto.subtle.sign('Ed25519', this.key, utf8(message)));
    return `— ${this.name} ${base64(concat(this.id, ...before, made))}\n`;
  }

  /** The signature line of a log under a checkpoint's text. */
  async sign(text: string): Promise<string> {
    return this.line(text);
  }

  /** The signature line of a witness that saw the checkpoint at `time`. */
  async cosign(text: string, time: number | bigint): Promise<string> {
    const stamp = new DataView(new ArrayBuffer(8));
    stamp.setBigUint64(0, BigInt(time));
    return this.line(`cosignature/v1\ntime ${time}\n${text}`, new Uint8Array(stamp.buffer));
  }
}

/** The largest power of two below `size`. */
function split(size: number): number {
  let k = 1;
  while (2 * k < size) k *= 2;
  return k;
}

/** The tree by the recursive definition of RFC 6962, which the verifier's loops must agree with. */
export async function rootOf(leaves: readonly Bytes[]): Promise<Bytes> {
  const [first] = leaves;
  if (first === undefined) return emptyRoot();
  if (leaves.length === 1) return first;
  const k = split(leaves.length);
  return nodeHash(await rootOf(leaves.slice(0, k)), await rootOf(leaves.slice(k)));
}

/** The inclusion proof by the recursive definition (RFC 6962, section 2.1.1). */
export async function pathOf(index: number, leaves: readonly Bytes[]): Promise<Bytes[]> {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return index < k
    ? [...await pathOf(index, left), await rootOf(right)]
    : [...await pathOf(index - k, right), await rootOf(left)];
}

/** The consistency proof by the recursive definition (RFC 6962, section 2.1.2). */
export async function consistencyOf(
  size1: number,
  leaves: readonly Bytes[],
  whole = true,
): Promise<Bytes[]> {
  if (size1 === leaves.length) return whole ? [] : [await rootOf(leaves)];
  const k = split(leaves.length);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return size1 <= k
    ? [...await consistencyOf(size1, left, whole), await rootOf(right)]
    : [...await consistencyOf(size1 - k, right, false), await rootOf(left)];
}

/** The text of a receipt from its parts. */
export function receiptText(
  entry: Uint8Array,
  index: number,
  proof: readonly Uint8Array[],
  checkpoint: string,
): string {
  const hashes = proof.map((hash) => `${base64(hash)}\n`).join('');
  return `c2sp.org/tlog-proof@v1\nextra ${base64(entry)}\nindex ${index}\n${hashes}\n${checkpoint}`;
}

/** A log in memory. */
export class TestLog {
  private readonly entries: Bytes[];

  constructor(readonly origin: string, readonly key: TestKey, entries: readonly JsonValue[]) {
    this.entries = entries.map((entry) =>
      utf8(typeof entry === 'string' ? entry : canonicalJson(entry)));
  }

  private async leaves(): Promise<Bytes[]> {
    return Promise.all(this.entries.map(leafHash));
  }

  /** What the log signs of itself, without the signature. */
  async checkpointText(): Promise<string> {
    const root = base64(await rootOf(await this.leaves()));
    return `${this.origin}\n${this.entries.length}\n${root}\n`;
  }

  /** The receipt of an entry; `cosignatures` are further signature lines. */
  async receipt(index: number, ...cosignatures: readonly string[]): Promise<string> {
    const entry = this.entries[index];
    if (entry === undefined) throw new RangeError('no such entry');
    const text = await this.checkpointText();
    const note = `${text}\n${await this.key.sign(text)}${cosignatures.join('')}`;
    return receiptText(entry, index, await pathOf(index, await this.leaves()), note);
  }
}
