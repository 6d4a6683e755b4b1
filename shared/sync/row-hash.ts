/** Checksums of an area add row hashes modulo 2^52, so that a sum of two stays an exact number. */
export const checksumModulus = 2 ** 52;

/**
 * 52-bit hash of a row's identity and version. Two FNV-1a streams over UTF-16 units, 26 bits of each.
 * Not cryptographic: it finds a row that is missing or stale, not one that was forged.
 */
export function rowHash(entity: string, id: string, version: number): number {
  const text = `${entity}|${id}|${String(version)}`;
  let low = 0x811c9dc5;
  let high = 0xc9dc5118;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ (unit + index), 0x01000193);
  }
  low ^= low >>> 15;
  high ^= high >>> 13;
  return (low & 0x3ffffff) * 2 ** 26 + (high & 0x3ffffff);
}

/** Adds or, with a negative sign, takes a hash out of a sum. */
export function addHash(sum: number, hash: number, sign: 1 | -1 = 1): number {
  const next = sum + sign * hash;
  return ((next % checksumModulus) + checksumModulus) % checksumModulus;
}
