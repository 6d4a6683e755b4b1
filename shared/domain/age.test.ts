import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ageIfKnown, ageOn, birthdayAt, isLeapYear } from './age.ts';

test.each([
  ['the day before the birthday', '1936-11-21', '2026-11-20', 89],
  ['the birthday', '1936-11-21', '2026-11-21', 90],
  ['the day of birth', '2026-11-21', '2026-11-21', 0],
  ['before the birth', '2026-11-21', '2026-11-20', -1],
  ['29 February in a leap year', '2004-02-29', '2024-02-28', 19],
  ['29 February in a leap year, on the day', '2004-02-29', '2024-02-29', 20],
  ['29 February in a common year: the last day of the month', '2004-02-29', '2026-02-28', 22],
  ['29 February in a common year, the day before', '2004-02-29', '2026-02-27', 21],
  ['28 February stays 28 February in a leap year', '2003-02-28', '2024-02-28', 21],
  ['a century that is no leap year', '1896-02-29', '1900-02-28', 4],
])('%s', (_case, birth, day, age) => {
  expect(ageOn(birth, day)).toBe(age);
});

test('leap years', () => {
  expect([1900, 2000, 2023, 2024, 2100].map(isLeapYear)).toEqual([false, true, false, true, false]);
});

test('an age is reached on its birthday and not a day before', () => {
  const date = fc
    .date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2026-11-21') })
    .map((day) => day.toISOString().slice(0, 10));
  fc.assert(
    fc.property(date, fc.integer({ min: 0, max: 120 }), (birth, age) => {
      const birthday = birthdayAt(birth, age);
      const eve = new Date(Date.parse(birthday) - 86_400_000).toISOString().slice(0, 10);
      expect(ageOn(birth, birthday)).toBe(age);
      expect(ageOn(birth, eve)).toBe(age - 1);
    }),
  );
});

test('an unknown or unreadable birth date gives no age', () => {
  expect(
    [null, undefined, '', '1950', '2026-02-30', '1950-06-01'].map((birth) => ageIfKnown(birth, '2026-11-21')),
  ).toEqual([null, null, null, null, null, 76]);
  expect(() => ageOn('1950', '2026-11-21')).toThrow('not a civil date');
});
