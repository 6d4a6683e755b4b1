import { organisationCheckCharacter, usccCheckCharacter } from '../../shared/codes/uscc.ts';
import { checkCharacter } from '../../shared/idcard/citizen-id.ts';

/** Prefix of everyone in a demonstration: GB/T 2260 never assigned it, so that a number can belong to nobody. */
export const fictitiousPrefix = '330299';

/** Citizen ID number (公民身份号码, GB 11643) of the `ordinal`-th person of that sex and birth date; at most 500 a day. */
export function fictitiousIdNumber(birthDate: string, sex: '1' | '2', ordinal: number): string {
  // The sequence number is odd for men, even for women.
  const sequence = 2 * ordinal + (sex === '1' ? 1 : 0);
  if (sequence > 999) throw new Error('more than 500 people of one sex on one birth date');
  const body = `${fictitiousPrefix}${birthDate.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`;
  return body + checkCharacter(body);
}

/**
 * Unified social credit code (统一社会信用代码, GB 32100) of a fictitious organisation.
 * @param kind two characters: `54` residents' committee, `51` association, `52` private non-enterprise unit
 * @param serial eight characters of the inner organisation code (GB 11714), without its check character
 */
export function fictitiousUscc(kind: string, serial: string): string {
  const body = `${kind}${fictitiousPrefix}${serial}${organisationCheckCharacter(serial)}`;
  return body + usccCheckCharacter(body);
}

/** Mobile number of a demonstration: `1990000` and four digits, so that nobody takes it for a real one. */
export const fictitiousPhone = (ordinal: number): string => `1990000${String(ordinal % 10_000).padStart(4, '0')}`;
