import { describe, expect, test } from 'vitest';
import { isLostNumber, readDate, readFen, readMonth } from './cells.ts';
import { mapColumns } from './columns.ts';
import { sniffDelimiter } from './csv.ts';
import { kindsOf } from './kinds.ts';
import { disabilityGrades, insuranceKinds, maritalKinds, wordCode } from './words.ts';

test.each([
  ['2026-11-18', { value: '2026-11-18' }],
  ['2026/1/9', { value: '2026-01-09' }],
  ['2026.11.18', { value: '2026-11-18' }],
  ['2026年11月8日', { value: '2026-11-08' }],
  ['20261118', { value: '2026-11-18' }],
  ['２０２６－１１－１８', { value: '2026-11-18' }],
  ['2026-11-18 08:30:00', { value: '2026-11-18' }],
  ['2026-11-18T08:30:00Z', { value: '2026-11-18' }],
  ['2026-02-30', { reason: 'date.invalid' }],
  ['11/18/2026', { reason: 'date.invalid' }],
  ['昨天', { reason: 'date.invalid' }],
  [' ', { reason: 'date.missing' }],
  ['—', { reason: 'date.missing' }],
])('date %s', (text, cell) => {
  expect(readDate(text)).toEqual(cell);
});

test.each([
  ['2026-10', { value: '2026-10-31' }],
  ['202602', { value: '2026-02-28' }],
  ['2026年9月', { value: '2026-09-30' }],
  ['2026-13', { reason: 'date.invalid' }],
  ['2026-10-05', { value: '2026-10-05' }],
])('month %s', (text, cell) => {
  expect(readMonth(text)).toEqual(cell);
});

test.each([
  ['28110.40', 100, { value: 2_811_040 }],
  ['1,204.50', 100, { value: 120_450 }],
  ['￥404.5元', 100, { value: 40_450 }],
  ['0', 100, { value: 0 }],
  ['0.285', 100, { value: 29 }],
  ['28110.399999', 100, { value: 2_811_040 }],
  ['1.25', 1_000_000, { value: 1_250_000 }],
  ['900', 1, { value: 900 }],
  ['1,2045', 100, { reason: 'amount.not-a-number' }],
  ['abc', 100, { reason: 'amount.not-a-number' }],
  ['1e5', 100, { reason: 'amount.not-a-number' }],
  ['99999999999999999', 100, { reason: 'amount.not-a-number' }],
  ['-3', 100, { reason: 'amount.negative' }],
  ['-0.00', 100, { value: 0 }],
  ['', 100, { reason: 'amount.missing' }],
])('money %s in units of %i fen', (text, unit, cell) => {
  expect(readFen(text, unit)).toEqual(cell);
});

test('an ID number that became a floating-point number is seen', () => {
  expect(isLostNumber('3.30299E+17')).toBe(true);
  expect(isLostNumber('3.302991999010189e+17')).toBe(true);
  expect(isLostNumber('330299199901018882')).toBe(false);
});

describe('headers', () => {
  test('are known by any name, with remarks, line breaks and full-width signs', () => {
    const columns = mapColumns(['序号', '公民身份\n号码', '月收入（万元）', '姓　名', '姓名']);
    expect(columns.get('idNo')).toEqual({ index: 1, title: '公民身份 号码', unitFen: 100 });
    expect(columns.get('incomeFen')?.unitFen).toBe(1_000_000);
    expect(columns.get('name')?.index).toBe(3);
    expect(columns.size).toBe(3);
  });

  test.each([
    [['结算日期', '证件号码', '个人自付'], ['settlements']],
    [['身份证号', '死亡日期'], ['deaths']],
    [['母亲身份证号', '出生日期', '新生儿姓名'], ['births']],
    [['身份证号', '迁入地址'], ['moves']],
    [['身份证号', '缴费基数'], ['income']],
    [
      ['身份证号', '月收入', '养老金'],
      ['income', 'pension'],
    ],
    [['身份证号', '姓名'], []],
  ])('%s', (header, kinds) => {
    expect(kindsOf(mapColumns(header))).toEqual(kinds);
  });
});

test.each([
  ['a,b,c\n1,"x;y;z;w;v",3\n', ','],
  ['a\tb\tc\n1\t2,5\t3\n', '\t'],
  ['a;b\n"1,2,3";4\n', ';'],
  ['姓名\n王一\n', ','],
])('delimiter of %j', (sample, delimiter) => {
  expect(sniffDelimiter(sample)).toBe(delimiter);
});

test('words of departments become codes', () => {
  expect(wordCode('城乡居民医保停保', insuranceKinds)).toBe('none');
  expect(wordCode('职工基本医疗保险', insuranceKinds)).toBe('employee');
  expect(wordCode('肢体残疾二级', disabilityGrades)).toBe('2');
  expect(wordCode('3级', disabilityGrades)).toBe('3');
  expect(wordCode('20', maritalKinds)).toBe('20');
  expect(wordCode('不详', maritalKinds)).toBeNull();
});
