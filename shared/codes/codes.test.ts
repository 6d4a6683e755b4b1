import fc from 'fast-check';
import { expect, test } from 'vitest';
import vectors from '../../tests/vectors/codes.json' with { type: 'json' };
import { parseDivision } from './division.ts';
import { toCode, toHalfWidth } from './half-width.ts';
import { organisationCheckCharacter, parseUscc, usccCheckCharacter } from './uscc.ts';

test.each(vectors.uscc)('$id $input', ({ id: _id, input, ...expected }) => {
  const result = parseUscc(input);
  if ('error' in expected)
    expect(result).toMatchObject({ ok: false, failure: { code: expected.error, next: 'correct' } });
  else expect(result).toMatchObject({ ok: true, value: expected });
});

test('a code comes apart into department, kind, division and organisation', () => {
  expect(parseUscc(' 5433 0299 MEFA 0001 6C')).toEqual({
    ok: true,
    value: {
      code: '54330299MEFA00016C',
      department: '5',
      kind: '4',
      division: '330299',
      organisation: 'MEFA00016',
      warnings: [],
    },
  });
});

test('an unknown department or kind is a warning; a wrong inner code is an error though the outer check holds', () => {
  const sealed = (seventeen: string) => seventeen + usccCheckCharacter(seventeen);
  expect(parseUscc(sealed('A1330299MEFA00016'))).toMatchObject({
    ok: true,
    value: { warnings: ['uscc.department-unknown'] },
  });
  expect(parseUscc(sealed('57330299MEFA00016'))).toMatchObject({
    ok: true,
    value: { warnings: ['uscc.kind-unknown'] },
  });
  expect(parseUscc(sealed('54330299MEFA00017'))).toMatchObject({
    ok: false,
    failure: { code: 'uscc.organisation-check' },
  });
  expect(parseUscc('54330299MEFA00016')).toMatchObject({
    ok: false,
    failure: { code: 'uscc.length', facts: { length: 17 } },
  });
  expect(parseUscc('54330299MEFA0001SC')).toMatchObject({ ok: false, failure: { code: 'uscc.characters' } });
});

test('an organisation code may end in X or 0', () => {
  expect(organisationCheckCharacter('MJ880052')).toBe('X');
  expect(organisationCheckCharacter('MJ880011')).toBe('6');
  const ends = new Set(
    Array.from({ length: 200 }, (_, serial) => organisationCheckCharacter(`MJ88${String(serial).padStart(4, '0')}`)),
  );
  expect([...ends].sort().join('')).toBe('0123456789X');
});

test.each(vectors.divisions)('$id $input', ({ id: _id, input, ...expected }) => {
  expect(parseDivision(input)).toMatchObject({ ok: true, value: expected });
});

test.each([
  ['330000000000', 'province', null],
  ['330200000000', 'city', null],
  ['330211000000', 'county', null],
  ['330211001000', 'township', 'street'],
  ['330211400001', 'community', 'enterprise'],
  ['330211600001', 'community', null],
])('%s is a %s', (code, level, townshipKind) => {
  expect(parseDivision(code)).toMatchObject({ ok: true, value: { level, townshipKind } });
});

test.each([
  ['33021100100', 'division.length'],
  ['33021100100A', 'division.characters'],
])('%s is no division code', (input, code) => {
  expect(parseDivision(input)).toMatchObject({ ok: false, failure: { code } });
});

test('full-width forms become half-width, Chinese stays', () => {
  expect(toHalfWidth('１２－５０２（甲）　ａｂＺ～、。')).toBe('12-502(甲) abZ~、。');
  expect(toCode(' ３３０ 2ｘ\t')).toBe('3302X');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(toHalfWidth(toHalfWidth(text))).toBe(toHalfWidth(text));
    }),
  );
});
