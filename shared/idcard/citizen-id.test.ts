import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import vectors from '../../tests/vectors/id-numbers.json' with { type: 'json' };
import { ageOn } from '../domain/age.ts';
import { checkCharacter, idSuffix, parseCitizenId, type CitizenIdRules } from './citizen-id.ts';

const rules: CitizenIdRules = { today: vectors.today, prefixes: new Set(vectors.prefixes), demonstration: true };

describe('vectors', () => {
  test.each(vectors.vectors)('$id $input', ({ input, ...expected }) => {
    const record = 'record' in expected ? expected.record : {};
    const result = parseCitizenId(input, rules, record);
    if ('error' in expected) {
      expect(result).toMatchObject({ ok: false, failure: { code: expected.error, next: 'correct' } });
      return;
    }
    expect(result).toEqual({
      ok: true,
      value: {
        number: expected.number,
        alias: 'alias' in expected ? expected.alias : null,
        prefix: expected.number.slice(0, 6),
        birthDate: expected.birthDate,
        sex: expected.sex,
        warnings: 'warnings' in expected ? expected.warnings : [],
      },
    });
  });

  test.each(vectors.ages)('$id on $on', ({ input, on, age }) => {
    const result = parseCitizenId(input, rules);
    expect(result.ok && ageOn(result.value.birthDate, on)).toBe(age);
  });
});

test('fictitious prefixes belong to demonstrations only', () => {
  const real = { ...rules, demonstration: false };
  expect(parseCitizenId('330299199901018882', real)).toMatchObject({
    ok: false,
    failure: { code: 'id.demonstration' },
  });
  // Even a table that lists the prefix does not make it real.
  expect(parseCitizenId('999999198001010011', real)).toMatchObject({
    ok: true,
    value: { warnings: ['id.prefix-unknown'] },
  });
});

test('a known prefix is no warning, and spaces of a copied number are no error', () => {
  const zhenhai = { ...rules, prefixes: new Set(['999999']), demonstration: false };
  expect(parseCitizenId(' 999999 19800101 0011 ', zhenhai)).toMatchObject({ ok: true, value: { warnings: [] } });
});

test.each([
  ['a letter inside', '3302991999O1018882', 'id.characters'],
  ['X in front of the end', '33029919990101X882', 'id.characters'],
  ['a 15-digit number of a day that does not exist', '330299750230123', 'id.date'],
  ['nothing', '  ', 'id.length'],
])('%s', (_case, input, code) => {
  expect(parseCitizenId(input, rules)).toMatchObject({ ok: false, failure: { code } });
});

test('birth today counts, birth tomorrow does not', () => {
  const on = (day: string) => `330299${day}001`;
  const number = (day: string) => on(day) + checkCharacter(on(day));
  expect(parseCitizenId(number('20261121'), rules).ok).toBe(true);
  expect(parseCitizenId(number('20261122'), rules)).toMatchObject({ ok: false, failure: { code: 'id.future' } });
});

test('a record that differs is a warning; codes for "not known" are nothing to compare', () => {
  const warnings = (record: { sex?: string | null; birthDate?: string | null }) => {
    const result = parseCitizenId('330299199901018882', rules, record);
    return result.ok ? result.value.warnings : result;
  };
  expect(warnings({ sex: '2', birthDate: '1999-01-01' })).toEqual([]);
  expect(warnings({ sex: '9', birthDate: null })).toEqual([]);
  expect(warnings({ sex: '1', birthDate: '1999-01-02' })).toEqual(['id.sex-differs', 'id.birth-differs']);
});

test('one wrong digit is always found, and so are two neighbours exchanged', () => {
  const digits = fc.tuple(
    fc.date({ noInvalidDate: true, min: new Date('1920-01-01'), max: new Date('2026-11-20') }),
    fc.integer({ min: 0, max: 999 }),
  );
  fc.assert(
    fc.property(digits, fc.nat(16), fc.integer({ min: 1, max: 9 }), ([date, sequence], place, shift) => {
      const body = `330299${date.toISOString().slice(0, 10).replaceAll('-', '')}${String(sequence).padStart(3, '0')}`;
      const number = body + checkCharacter(body);
      expect(parseCitizenId(number, rules).ok).toBe(true);
      const wrong = number.slice(0, place) + String((Number(number[place]) + shift) % 10) + number.slice(place + 1);
      expect(parseCitizenId(wrong, rules).ok).toBe(false);
      const exchanged =
        number.slice(0, place) + (number[place + 1] ?? '') + (number[place] ?? '') + number.slice(place + 2);
      if (exchanged !== number) expect(parseCitizenId(exchanged, rules).ok).toBe(false);
    }),
  );
});

test('the suffix is what people say at a counter', () => {
  expect(idSuffix('33029919751231104x')).toBe('104X');
  expect(idSuffix('330299199901018882', 6)).toBe('018882');
});
