import { toHalfWidth } from '../codes/half-width.ts';

/** What a search text can be about, most likely first; a store tries them in this order. */
export type SearchTarget = 'id-suffix' | 'id-number' | 'phone' | 'room' | 'pinyin' | 'name' | 'address';

export interface SearchText {
  /** Half-width, lower case, single spaces. */
  readonly text: string;
  /** Parts between spaces; all of them must match. */
  readonly terms: readonly SearchTerm[];
}

export interface SearchTerm {
  /** Upper-case X in identity numbers; no separators but those of a door (`12-2-502`). */
  readonly text: string;
  readonly targets: readonly SearchTarget[];
}

/** Search input as it is compared: half-width, lower case, white space and separators as one space. */
export function normaliseSearch(input: string): string {
  return toHalfWidth(input)
    .toLowerCase()
    .replace(/[\s,，、;；]+/gu, ' ')
    .trim();
}

const han = /\p{Script=Han}/u;
/** Characters that stand in addresses and hardly in names. */
const addressMark = /[路街巷弄号幢栋座室村区苑园镇乡]|单元|社区|小区|公寓|新村/u;

/** Reads a search box: each part between spaces is classified by itself, so that `王秀英 502` finds her behind that door. */
export function readSearch(input: string): SearchText {
  const text = normaliseSearch(input);
  const terms = text === '' ? [] : text.split(' ').map(readTerm);
  return { text, terms };
}

function readTerm(part: string): SearchTerm {
  // Building-unit-room as people type it; a landline starts with its trunk zero.
  if (/^[1-9]\d{0,2}(-\d{1,4}){1,2}$/.test(part)) return { text: part, targets: ['room'] };
  const digits = part.replace(/[-#*]/g, '');
  if (/^\d+x?$/.test(digits)) return { text: digits.toUpperCase(), targets: targetsOfDigits(digits) };
  if (han.test(part)) {
    // A name can be three or four characters, with a middle dot longer; digits or address words say address.
    if (/\d/.test(part)) return { text: part, targets: ['address'] };
    const targets: readonly SearchTarget[] = addressMark.test(part) ? ['address', 'name'] : ['name', 'address'];
    return { text: part, targets };
  }
  const letters = part.replace(/['’\-.]/g, '');
  return { text: letters, targets: /^[a-zü]+$/.test(letters) ? ['pinyin'] : ['address', 'pinyin'] };
}

function targetsOfDigits(digits: string): readonly SearchTarget[] {
  const length = digits.length;
  // An X ends an identity number and nothing else.
  if (digits.endsWith('x')) return length >= 15 ? ['id-number'] : ['id-suffix'];
  if (length === 18 || length === 15) return ['id-number'];
  if (/^1[3-9]/.test(digits) && length >= 7 && length <= 11) return ['phone'];
  if (/^0\d/.test(digits) && length >= 10) return ['phone'];
  if (length <= 2) return ['room'];
  if (length === 3) return ['room', 'id-suffix'];
  // Four digits are a room on a high floor, the end of a number, or the end of a phone.
  if (length === 4) return ['id-suffix', 'phone', 'room'];
  if (length <= 6) return ['id-suffix', 'phone'];
  return length > 11 ? ['id-number'] : ['phone', 'id-number'];
}
