import { expect, test } from 'vitest';
import { rowValues } from './row-values.ts';

test('a deleted row lists the fields that were written to it, known ones only', () => {
  const text = JSON.stringify({
    phone: '139****0000',
    education: '70',
    householder_id: 'r1',
    blood_type: 'A',
    name: null,
  });
  expect(rowValues('resident', text)).toEqual([
    { field: 'phone', value: '139****0000' },
    { field: 'education', value: '70' },
  ]);
});

test('references to other rows say nothing to people', () => {
  expect(rowValues('household', '{"householder_id":"r1","housing_kind":"owned"}')).toEqual([
    { field: 'housing_kind', value: 'owned' },
  ]);
});

test.each([
  ['a plain value', '陈小雨'],
  ['a deletion', null],
  ['broken text', '{"phone":'],
  ['a number', 5],
])('%s is no whole row', (_name, value) => expect(rowValues('resident', value)).toBeNull());
