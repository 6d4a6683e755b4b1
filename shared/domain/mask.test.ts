import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import vectors from '../../tests/vectors/codes.json' with { type: 'json' };
import { maskAddress, maskBankAccount, maskIdNumber, maskName, maskPhone, maskValue } from './mask.ts';

const maskers: Readonly<Record<string, (text: string) => string>> = {
  'id-number': maskIdNumber,
  phone: maskPhone,
  name: maskName,
};

test.each(vectors.masks)('$id $what', ({ what, input, masked }) => {
  expect(maskers[what]?.(input)).toBe(masked);
});

test.each([
  ['330299751231123', '330********1123'],
  ['H12345678', '*********'],
  ['', ''],
])('identity number %s', (input, masked) => expect(maskIdNumber(input)).toBe(masked));

test.each([
  ['138 1234 5678', '138****5678'],
  ['0574-80001234', '0574-****1234'],
  ['010-8000123', '010-***0123'],
  ['张某（女儿）13812345678', '张某（女儿）138****5678'],
  ['13812345678/13987654321', '138****5678/139****4321'],
  ['张某 502 室', '张某 502 室'],
  ['8000123', '*******'],
  ['+8613812345678', '+*********5678'],
])('phone %s', (input, masked) => expect(maskPhone(input)).toBe(masked));

test('an account shows its last four', () => {
  expect(maskBankAccount('6222 0212 3456 7890')).toBe('************7890');
  expect(maskBankAccount('12345678')).toBe('********');
});

test.each([
  ['张三丰', '张**'],
  ['王伟', '王*'],
  ['欧阳', '欧*'],
  ['司徒明', '司徒*'],
  ['买买提·吐尔逊', '买**·***'],
  ['𠮷田', '𠮷*'],
  ['王', '王'],
])('name %s', (input, masked) => expect(maskName(input)).toBe(masked));

test.each([
  ['浙江省宁波市镇海区招宝山街道后大街社区海棠小区12幢2单元502室', '浙江省宁波市镇海区招宝山街道后大街社区***'],
  ['浙江省宁波市镇海区澥浦镇岚山村前陈12号', '浙江省宁波市镇海区澥浦镇岚山村***'],
  ['浙江省宁波市镇海区招宝山街道城东社区胜利新村3幢', '浙江省宁波市镇海区招宝山街道城东社区***'],
  ['镇海区招宝山街道胜利新村3幢502', '镇海区招宝山街道***'],
  ['镇海区胜利新村3幢502', '镇海区***'],
  ['镇海区庄市街道光明村村民委员会', '镇海区庄市街道光明村***'],
  ['海棠小区12幢', '***'],
  ['', ''],
])('address %s', (input, masked) => expect(maskAddress(input)).toBe(masked));

describe('maskValue', () => {
  test('not known stays not known, lists are masked item by item', () => {
    expect(maskValue('phone', null)).toBeNull();
    expect(maskValue('phone', ['13812345678', '张某'])).toEqual(['138****5678', '张某']);
    expect(maskValue('id-number', '330299199901018882')).toBe('330***********8882');
    expect(maskValue('address', '镇海区招宝山街道后大街社区1号')).toBe('镇海区招宝山街道后大街社区***');
  });

  test('no mask ever shows a number of five digits or more as it is', () => {
    const number = fc
      .integer({ min: 5, max: 20 })
      .chain((length) =>
        fc.string({ unit: fc.constantFrom('0', '1', '3', '5', '8', '9'), minLength: length, maxLength: length }),
      );
    fc.assert(
      fc.property(number, fc.constantFrom('id-number' as const, 'phone' as const), (digits, mask) => {
        const shown = String(maskValue(mask, digits)).replace(/\D/g, '');
        expect(shown.length).toBeLessThanOrEqual(Math.min(8, digits.length - 3));
      }),
    );
  });
});
