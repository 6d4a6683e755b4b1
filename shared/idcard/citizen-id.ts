import { ageOn } from '../domain/age.ts';
import { CivilDate } from '../domain/values.ts';
import { toCode } from '../codes/half-width.ts';
import { fail, ok, type Result } from '../result.ts';

/**
 * Prefixes that GB/T 2260 never assigned, so that no number under them belongs to a living person.
 * Only demonstration databases accept them.
 */
export const demonstrationPrefixes: ReadonlySet<string> = new Set(['330299', '500199']);

/** What a check of a number depends on; passed in, so that the check is the same every day it is run for. */
export interface CitizenIdRules {
  /** Civil date that counts as today. */
  readonly today: string;
  /** Six-digit division codes of all editions of GB/T 2260, withdrawn ones included. */
  readonly prefixes: ReadonlySet<string>;
  /** True in a demonstration database only: fictitious prefixes are accepted. */
  readonly demonstration: boolean;
}

/** What the record says beside the number; compared where present. */
export interface CitizenIdRecord {
  /** GB/T 2261.1: `1` male, `2` female. */
  readonly sex?: string | null;
  readonly birthDate?: string | null;
}

export type CitizenIdWarning = 'id.age' | 'id.prefix-unknown' | 'id.sex-differs' | 'id.birth-differs';
export type CitizenIdCode =
  'id.length' | 'id.characters' | 'id.date' | 'id.future' | 'id.check-character' | 'id.demonstration';

/** A citizen identity number (公民身份号码) that holds, in its 18-character form. */
export interface CitizenId {
  readonly number: string;
  /** The 15-digit number it was converted from; people and old papers still know it by that. */
  readonly alias: string | null;
  readonly prefix: string;
  readonly birthDate: string;
  /** GB/T 2261.1. */
  readonly sex: '1' | '2';
  /** Unusual, not wrong: shown, never blocking. */
  readonly warnings: readonly CitizenIdWarning[];
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const checkCharacters = '10X98765432';

/** Eighteenth character for the first seventeen digits (GB 11643-1999, ISO 7064 MOD 11-2). */
export function checkCharacter(seventeen: string): string {
  if (!/^\d{17}$/.test(seventeen)) throw new Error('a check character needs seventeen digits');
  const sum = weights.reduce((total, weight, index) => total + weight * Number(seventeen[index]), 0);
  return checkCharacters.charAt(sum % 11);
}

/**
 * Reads a citizen identity number by GB 11643: half-width, `x` as `X`, 15 digits converted to 18.
 * @returns the number with what it says, or the first rule it breaks: length, characters, the day of birth, the check character
 */
export function parseCitizenId(
  input: string,
  rules: CitizenIdRules,
  record: CitizenIdRecord = {},
): Result<CitizenId, CitizenIdCode> {
  const typed = toCode(input);
  if (typed.length !== 18 && typed.length !== 15) return fail('id.length', 'correct', { length: typed.length });
  if (!/^(\d{15}|\d{17}[\dX])$/.test(typed)) return fail('id.characters', 'correct');
  const converted = typed.length === 15;
  // Numbers of 15 digits were given out until 1999, so the century is known.
  const seventeen = converted ? `${typed.slice(0, 6)}19${typed.slice(6)}` : typed.slice(0, 17);
  const birthDate = `${seventeen.slice(6, 10)}-${seventeen.slice(10, 12)}-${seventeen.slice(12, 14)}`;
  if (!CivilDate.safeParse(birthDate).success) return fail('id.date', 'correct');
  if (birthDate > rules.today) return fail('id.future', 'correct');
  const number = `${seventeen}${checkCharacter(seventeen)}`;
  if (!converted && number !== typed) return fail('id.check-character', 'correct');
  const prefix = number.slice(0, 6);
  const fictitious = demonstrationPrefixes.has(prefix);
  if (fictitious && !rules.demonstration) return fail('id.demonstration', 'correct');
  const sex = Number(number.charAt(16)) % 2 === 1 ? '1' : '2';
  const warnings: CitizenIdWarning[] = [];
  if (ageOn(birthDate, rules.today) > 120) warnings.push('id.age');
  if (!fictitious && !rules.prefixes.has(prefix)) warnings.push('id.prefix-unknown');
  // Codes 0 and 9 say that the sex is not known or not told: nothing to compare.
  if ((record.sex === '1' || record.sex === '2') && record.sex !== sex) warnings.push('id.sex-differs');
  if (typeof record.birthDate === 'string' && record.birthDate !== birthDate) warnings.push('id.birth-differs');
  return ok({ number, alias: converted ? typed : null, prefix, birthDate, sex, warnings });
}

/** The last characters of a number, as people say it at a counter ("尾号 8882"); shorter input comes back whole. */
export const idSuffix = (number: string, length = 4): string => toCode(number).slice(-length);
