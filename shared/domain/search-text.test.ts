import { expect, test } from 'vitest';
import { normaliseSearch, readSearch } from './search-text.ts';

test.each([
  ['  王秀英　５０２ ', '王秀英 502'],
  ['WXY', 'wxy'],
  ['王秀英，502、12幢', '王秀英 502 12幢'],
  ['　', ''],
])('normalises %j', (input, expected) => expect(normaliseSearch(input)).toBe(expected));

test.each([
  ['502', '502', ['room', 'id-suffix']],
  ['12', '12', ['room']],
  ['12-2-502', '12-2-502', ['room']],
  ['12-502', '12-502', ['room']],
  ['8882', '8882', ['id-suffix', 'phone', 'room']],
  ['104x', '104X', ['id-suffix']],
  ['１０４Ｘ', '104X', ['id-suffix']],
  ['018882', '018882', ['id-suffix', 'phone']],
  ['33029919751231104x', '33029919751231104X', ['id-number']],
  ['330299751231123', '330299751231123', ['id-number']],
  ['13800000000', '13800000000', ['phone']],
  ['1380000', '1380000', ['phone']],
  ['0574-80000000', '057480000000', ['phone']],
  ['3302991999', '3302991999', ['phone', 'id-number']],
  ['王秀英', '王秀英', ['name', 'address']],
  ['后大街社区', '后大街社区', ['address', 'name']],
  ['12幢502', '12幢502', ['address']],
  ['wxy', 'wxy', ['pinyin']],
  ["xi'an", 'xian', ['pinyin']],
  ['lü', 'lü', ['pinyin']],
  ['a12', 'a12', ['address', 'pinyin']],
])('%s', (input, text, targets) => {
  expect(readSearch(input).terms).toEqual([{ text, targets }]);
});

test('parts are read by themselves, and nothing is nothing', () => {
  expect(readSearch('王秀英 502').terms.map((term) => term.targets[0])).toEqual(['name', 'room']);
  expect(readSearch('  ')).toEqual({ text: '', terms: [] });
});
