import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestReplica, testArea, type TestReplica } from '../testing/test-replica.ts';
import { clearIndex, findResidents, indexMissing } from './search-index.ts';
import { searchTokens } from './search-text.ts';

let bench: TestReplica;

beforeEach(() => {
  bench = createTestReplica();
  const place = { street: '招宝山街道', community: '城东社区', compound: '金桂小区', building: '12幢', unit: '2单元' };
  bench.seed('address', 'a-1', { ...place, room: '502室' });
  bench.seed('address', 'a-2', { ...place, community: '西门社区', building: '5幢', room: '301室' });
  bench.seed('household', 'h-1', { address_id: 'a-1' });
  bench.seed('household', 'h-2', { address_id: 'a-2' });
  for (const [id, name, idNo, household] of [
    ['r-wang', '王秀英', '330299195603124321', 'h-1'],
    ['r-wangx', '王秀', '33029919880101567X', 'h-2'],
    ['r-shan', '单秀芳', '330299197001018765', 'h-1'],
    ['r-ouyang', '欧阳明', '330299196505059999', 'h-2'],
    ['r-latin', '阿依努尔·Aynur', null, 'h-2'],
    ['r-rare', '𬭎王', null, 'h-2'],
  ] as const) {
    bench.seed('resident', id, { name, id_no: idNo });
    bench.seed('membership', `m-${id}`, { household_id: household, resident_id: id });
  }
});
afterEach(() => bench.close());

const find = (text: string, limit = 20): readonly string[] => findResidents(bench.replica.reader, text, limit);

test.each([
  ['a whole name comes before what it begins', '王秀', ['r-wangx', 'r-wang']],
  ['a given name', '秀英', ['r-wang']],
  ['one character', '王', ['r-wang', 'r-wangx', 'r-rare']],
  ['initials', 'wxy', ['r-wang']],
  ['full pinyin, as far as typed', 'WangXiuY', ['r-wang']],
  ['a surname by its reading as one', 'shan', ['r-shan']],
  ['and by its common reading', 'dan', ['r-shan']],
  ['a surname of two characters', 'oym', ['r-ouyang']],
  ['letters inside a name', 'aynur', ['r-latin']],
  ['a character of the rare blocks', '𬭎', ['r-rare']],
  ['the end of an ID number', '4321', ['r-wang']],
  ['with its X', '567x', ['r-wangx']],
  ['six of it', '124321', ['r-wang']],
  ['all of it', '330299195603124321', ['r-wang']],
  ['one digit of it wrong', '330299195603124322', []],
  ['a place', '城东社区', ['r-wang', 'r-shan']],
  ['part of a place', '东社', ['r-wang', 'r-shan']],
  ['door numbers', '12-2-502', ['r-wang', 'r-shan']],
  ['door numbers with their words', '12幢2单元502室', ['r-wang', 'r-shan']],
  ['a name and a place', '王 城东', ['r-wang']],
  ['initials and a room', 'sxf 502', ['r-shan']],
  ['nothing', '  ', []],
  ['signs that mean something to an index', '" OR name : *', []],
])('finds %s', (_what, text, ids) => {
  expect(find(text)).toEqual(ids);
});

test('the limit holds', () => {
  expect(find('城东社区', 1)).toHaveLength(1);
});

test('follows a rename, a move of a person, a move of a household and a death of a row at once', () => {
  const write = (
    entity: 'resident' | 'membership' | 'household',
    row: string,
    fields: Record<string, string>,
    op: 'update' | 'delete' = 'update',
  ) =>
    bench.context.write([{ entity, row, op, area: testArea, fields, source: 'visit', reason: { kind: 'edit' } }], {
      action: 't',
    });
  write('resident', 'r-wang', { name: '赵秀英' });
  expect([find('王秀英'), find('zxy')]).toEqual([[], ['r-wang']]);
  write('membership', 'm-r-shan', { household_id: 'h-2' });
  expect(find('单 西门')).toEqual(['r-shan']);
  expect(find('单 城东')).toEqual([]);
  write('household', 'h-1', { address_id: 'a-2' });
  expect(find('赵 西门')).toEqual(['r-wang']);
  write('resident', 'r-wangx', {}, 'delete');
  expect(find('王秀')).toEqual([]);
});

test('the bulk build gives the same index as row by row', () => {
  const before = ['w', '城东', '502', '4321', '秀'].map((text) => new Set(find(text)));
  bench.replica.transaction((writer) => {
    clearIndex(writer);
    while (indexMissing(writer, testArea, 2) > 0);
  });
  expect(['w', '城东', '502', '4321', '秀'].map((text) => new Set(find(text)))).toEqual(before);
});

test('tokens hold the ways people type', () => {
  expect(searchTokens({ name: '单秀芳', idNo: '33029919700101876X', place: ['城东社区', '12幢'] })).toEqual({
    head: '单秀芳 sxf shanxiufang dxf danxiufang',
    tail: '秀芳 xf xiufang 芳 f fang',
    suffix: '01876x 1876x 876x',
    place: '城东 东社 社区 12',
  });
});
