import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addHash, checksumModulus, rowHash } from './row-hash.ts';

const rows = fc.array(fc.tuple(fc.constantFrom('resident', 'visit'), fc.uuid(), fc.integer({ min: 1, max: 9999 })), {
  maxLength: 40,
});

test('a hash is a whole number below the modulus, and stays what released devices compute', () => {
  expect(rowHash('resident', 'p1', 1)).toBe(266_456_088_664_065);
  expect(rowHash('visit', 'v1.测试', 42)).toBe(3_736_211_867_923_124);
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.nat(), (entity, id, version) => {
      const hash = rowHash(entity, id, version);
      expect(Number.isSafeInteger(hash) && hash >= 0 && hash < checksumModulus).toBe(true);
    }),
  );
});

test('a sum does not depend on the order, and taking out undoes putting in', () => {
  fc.assert(
    fc.property(rows, (list) => {
      const hashes = list.map((row) => rowHash(...row));
      const sum = hashes.reduce((total, hash) => addHash(total, hash), 0);
      expect([...hashes].reverse().reduce((total, hash) => addHash(total, hash), 0)).toBe(sum);
      expect(hashes.reduce((total, hash) => addHash(total, hash, -1), sum)).toBe(0);
      expect(Number.isSafeInteger(sum)).toBe(true);
    }),
  );
});

test('another version, another row or another entity has another hash', () => {
  const seen = new Set<number>();
  for (const entity of ['resident', 'household', 'visit'])
    for (let id = 0; id < 200; id += 1)
      for (let version = 1; version <= 50; version += 1) seen.add(rowHash(entity, `p${String(id)}`, version));
  expect(seen.size).toBe(3 * 200 * 50);
});
