/**
 * A size or an index as decimal digits without leading zeros, at most 2^53 - 1 (beyond that
 * JavaScript's numbers are not exact); undefined for any other text.
 */
export function parseCount(text: string): number | undefined {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const count = Number(text);
  return Number.isSafeInteger(count) ? count : undefined;
}
