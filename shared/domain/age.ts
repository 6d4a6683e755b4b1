import { CivilDate } from './values.ts';

/**
 * Age in completed years (周岁) on a day: N on the Nth birthday.
 * Who was born on 29 February reaches an age on 28 February in common years (Civil Code art. 202: with no corresponding
 * day, the last day of the month counts).
 * @param birthDate civil date
 * @param day civil date
 * @returns completed years, negative before the birth
 * @throws when either is no civil date, which its field's check should have refused
 */
export function ageOn(birthDate: string, day: string): number {
  const [year, rest] = split(birthDate);
  const [thisYear, thisRest] = split(day);
  const birthday = rest === '02-29' && !isLeapYear(thisYear) ? '02-28' : rest;
  return thisYear - year - (thisRest < birthday ? 1 : 0);
}

/** The day on which somebody reaches an age in completed years. */
export function birthdayAt(birthDate: string, age: number): string {
  const [year, rest] = split(birthDate);
  const reached = year + age;
  const day = rest === '02-29' && !isLeapYear(reached) ? '02-28' : rest;
  return `${String(reached).padStart(4, '0')}-${day}`;
}

export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Age where the birth date may not be known or not readable: then null. */
export function ageIfKnown(birthDate: string | null | undefined, day: string): number | null {
  return typeof birthDate === 'string' && CivilDate.safeParse(birthDate).success ? ageOn(birthDate, day) : null;
}

function split(date: string): readonly [number, string] {
  const parts = /^(\d{4})-(\d{2}-\d{2})$/.exec(date);
  const [, year, rest] = parts ?? [];
  if (year === undefined || rest === undefined) throw new Error('not a civil date');
  return [Number(year), rest];
}
