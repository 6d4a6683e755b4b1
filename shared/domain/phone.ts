import { fail, ok, type Result } from '../result.ts';
import { toCode } from '../codes/half-width.ts';

export interface Phone {
  /** Mobile `13800000000`, landline `0574-80000000`: one spelling for one number. */
  readonly number: string;
  readonly kind: 'mobile' | 'landline';
}

/** Areas with a three-digit trunk code: 010 and 02x. */
const shortTrunk = /^0(10|2\d)/;

/**
 * Reads a telephone number of the mainland: mobile `1[3-9]` and nine digits, or a landline with its trunk code and seven or
 * eight digits. Spaces, dashes, brackets, full-width digits and a leading +86 are taken away.
 */
export function parsePhone(input: string): Result<Phone, 'phone.invalid'> {
  const typed = toCode(input).replace(/[-‐–—―()·.]/g, '');
  const digits = typed.replace(/^(\+86|0086)(?=\d{10,12}$)/, '');
  if (/^1[3-9]\d{9}$/.test(digits)) return ok({ number: digits, kind: 'mobile' });
  // Abroad the trunk zero is left out; at home it is part of the number.
  const landline = digits !== typed && /^(10|[2-9])/.test(digits) ? `0${digits}` : digits;
  const trunk = shortTrunk.test(landline) ? 3 : 4;
  const rest = landline.slice(trunk);
  if (/^0\d+$/.test(landline) && /^[2-9]\d{6,7}$/.test(rest))
    return ok({ number: `${landline.slice(0, trunk)}-${rest}`, kind: 'landline' });
  return fail('phone.invalid', 'correct');
}

/** True when two spellings mean one number; texts that are no numbers compare as they stand. */
export function samePhone(a: string, b: string): boolean {
  const left = parsePhone(a);
  const right = parsePhone(b);
  return left.ok && right.ok ? left.value.number === right.value.number : toCode(a) === toCode(b);
}
