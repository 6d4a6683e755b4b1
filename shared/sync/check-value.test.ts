import { expect, test } from 'vitest';
import { checkValue, isStorable } from './check-value.ts';
import type { FieldType } from '../domain/entities.ts';
import type { FieldValue } from '../domain/values.ts';

test.each<readonly [FieldType, readonly FieldValue[], readonly FieldValue[]]>([
  ['text', ['', '王·买买提', '𠮷', 'two\nlines'], [1, true, ['a'], 'a\u0000', '\ud800']],
  ['code', ['10', 'self-employed', 'x'.repeat(64)], ['x'.repeat(65), 10]],
  ['integer', [0, -3, 2 ** 53 - 1], [0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '1']],
  ['fen', [0, 3_842_000], [38_420.5, '100']],
  ['boolean', [true, false], ['true', 0]],
  ['date', ['2024-02-29', '2026-11-21'], ['2026-02-29', '2026-1-1', '2026-11-21T00:00:00.000Z', 20261121]],
  ['instant', ['2026-11-21T08:12:00.000Z'], ['2026-11-21', '2026-11-21T08:12:00+08:00', '2026-11-21T25:00:00.000Z']],
  ['ref', ['p1', 'v1.alone.p1'], ['', '-p1', 'a b', 'x'.repeat(161)]],
  ['json', ['null', '"x"', '{"a":1}'], ['', '{', 'x', 1]],
  ['list', [[], ['a', 'b']], ['a', ['a\u0000'], ['\udc00']]],
])('%s', (type, good, bad) => {
  for (const value of [null, ...good]) expect([value, checkValue(type, value)]).toEqual([value, true]);
  for (const value of bad) expect([value, checkValue(type, value)]).toEqual([value, false]);
});

test('what no database keeps is seen inside lists too', () => {
  expect(isStorable(['a', 'b\u0000'])).toBe(false);
  expect(isStorable(['a', '𠮷'])).toBe(true);
});
