import type { Bytes } from './bytes.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map(Array.from(ALPHABET, (letter, value) => [letter, value]));

/** Standard base64 with padding (RFC 4648, section 4). */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const letters = Math.min(bytes.length - at, 3) + 1;
    for (let i = 0; i < letters; ++i) text += ALPHABET.charAt((word >> (18 - 6 * i)) & 63);
    text += '='.repeat(4 - letters);
  }
  return text;
}

/**
 * The bytes that `base64` would write as exactly this text; undefined for any other text. So no
 * two texts mean the same bytes: padding is needed, unused bits are zero, nothing is skipped.
 */
export function bytesOfBase64(text: string): Bytes | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let at = 0, to = 0; at < text.length; at += 4, to += 3) {
    const letters = at + 4 === text.length ? 4 - padding : 4;
    let word = 0;
    for (let i = 0; i < 4; ++i) {
      const value = i < letters ? VALUES.get(text.charAt(at + i)) : 0;
      if (value === undefined) return undefined;
      word = word * 64 + value;
    }
    for (let i = 0; i < 3; ++i) {
      const byte = (word >> (16 - 8 * i)) & 255;
      if (i < letters - 1) bytes[to + i] = byte;
      else if (byte !== 0) return undefined;
    }
  }
  return bytes;
}
