import { expect, test } from 'vitest';
import vectors from '../../tests/vectors/codes.json' with { type: 'json' };
import { parsePhone, samePhone } from './phone.ts';

test.each(vectors.phones)('$id $input', ({ id: _id, input, ...expected }) => {
  const result = parsePhone(input);
  if ('error' in expected)
    expect(result).toMatchObject({ ok: false, failure: { code: expected.error, next: 'correct' } });
  else expect(result).toEqual({ ok: true, value: expected });
});

test.each([
  ['１３８ ００００-００００', '13800000000'],
  ['+86 138 0000 0000', '13800000000'],
  ['0086-138-0000-0000', '13800000000'],
  ['(0574) 8000 0000', '0574-80000000'],
  ['（0574）8000000', '0574-8000000'],
  ['010-80000000', '010-80000000'],
  ['+86 574 80000000', '0574-80000000'],
  ['+86 10 80000000', '010-80000000'],
])('%s is %s', (input, number) => {
  expect(parsePhone(input)).toMatchObject({ ok: true, value: { number } });
});

test.each(['', '1380000000', '138000000000', '80000000', '0574-800000', '0574-10000000', '110', 'abc', '138x0000000'])(
  '%j is no number',
  (input) => {
    expect(parsePhone(input).ok).toBe(false);
  },
);

test('two spellings of one number are the same', () => {
  expect(samePhone('138 0000 0000', '+8613800000000')).toBe(true);
  expect(samePhone('13800000000', '13800000001')).toBe(false);
  expect(samePhone('无', ' 无 ')).toBe(true);
});
