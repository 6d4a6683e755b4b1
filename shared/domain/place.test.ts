import { expect, test } from 'vitest';
import { formatDoor, fromChineseNumeral, normaliseAddress, normalisePart, placeText, sameAddress } from './place.ts';

test.each([
  [{ building: '12幢', unit: '2单元', room: '502室' }, '12 幢 2 单元 502'],
  [{ building: '12', unit: '2', room: '502' }, '12 幢 2 单元 502'],
  [{ building: '十二栋', unit: '二单元', room: '五〇二' }, '12 幢 2 单元 502'],
  [{ building: '１２座', unit: '無', room: '0502' }, '12 幢 無单元 502'],
  [{ building: '35号', unit: null, room: null }, '35 号'],
  [{ building: '3号楼', unit: '无', room: '201' }, '3 幢 201'],
  [{ building: 'A座', room: 'B1' }, 'A 幢 B1'],
  [{}, ''],
])('door %o is %s', (parts, text) => expect(formatDoor(parts)).toBe(text));

test('the place in one line leaves out what does not exist', () => {
  const door = { building: '12幢', unit: '2单元', room: '502室' };
  expect(placeText({ community: '城东社区', compound: '海棠苑', ...door })).toBe('城东社区 海棠苑 12 幢 2 单元 502');
  expect(placeText({ community: '岚山村', compound: '无', building: '35号' })).toBe('岚山村 35 号');
});

test.each([
  ['十', '10'],
  ['十二', '12'],
  ['二十', '20'],
  ['九十九', '99'],
  ['廿三', '23'],
  ['两', '2'],
  ['五〇二', '502'],
  ['12', '12'],
  ['三官堂', '三官堂'],
  ['一百', '一百'],
  ['', ''],
])('numeral %s', (input, expected) => expect(fromChineseNumeral(input)).toBe(expected));

test.each([
  ['５栋', '5幢'],
  ['5 座', '5幢'],
  ['五號楼', '5幢'],
  ['05号楼', '5幢'],
  ['35號', '35号'],
  ['０２单元', '2单元'],
  ['0502室', '502室'],
  ['0', '0'],
])('part %s', (input, expected) => expect(normalisePart(input)).toBe(expected));

test.each([
  ['三官堂路１８号 十二栋二单元502室', '三官堂路18号12幢2单元502室'],
  ['海棠小区５號楼a座', '海棠小区5幢A座'],
  ['讲座路3座', '讲座路3幢'],
])('address %s', (input, expected) => expect(normaliseAddress(input)).toBe(expected));

test('spellings of one door are the same, other doors are not', () => {
  expect(sameAddress('海棠小区12栋2单元502室', '海棠小区 十二幢 2单元502')).toBe(true);
  expect(sameAddress('海棠小区12栋2单元502室', '海棠小区12幢2单元503室')).toBe(false);
  expect(sameAddress('海棠小区1幢2单元502室', '海棠小区12幢502室')).toBe(false);
});
