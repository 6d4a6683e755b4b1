import { toHalfWidth } from '../codes/half-width.ts';

/** A standard address in the parts that name a door, as stored on an `address` row. */
export interface PlaceParts {
  readonly community?: string | null;
  readonly compound?: string | null;
  readonly building?: string | null;
  readonly unit?: string | null;
  readonly room?: string | null;
}

/** `无` says that a part does not exist there; it is a value in the data and silence on screen. */
const said = (part: string | null | undefined): string => {
  const text = (part ?? '').trim();
  return text === '无' ? '' : text;
};

const withSuffix = (part: string, suffixes: string, suffix: string): string =>
  part === '' || new RegExp(`[${suffixes}]$`, 'u').test(part) ? part : `${part}${suffix}`;

/** Puts a space between a number or letter and a Chinese character on either side: `12 幢 2 单元 502 室`. */
const spaced = (text: string): string =>
  text.replace(/([0-9A-Za-z])(?=\p{Script=Han})/gu, '$1 ').replace(/(\p{Script=Han})(?=[0-9A-Za-z])/gu, '$1 ');

/** Building, unit and room as people say them: `12 幢 2 单元 502`; parts that do not exist are left out. */
export function formatDoor(parts: PlaceParts): string {
  const building = withSuffix(normalisePart(said(parts.building)), '幢号弄', '幢');
  const unit = said(parts.unit) === '' ? '' : normalisePart(said(parts.unit)).replace(/(单元)?$/u, '单元');
  const room = normalisePart(said(parts.room)).replace(/室$/u, '');
  return [building, unit, room]
    .filter((part) => part !== '')
    .map(spaced)
    .join(' ');
}

/** The place in one line: `城东社区 海棠苑 12 幢 2 单元 502`. */
export function placeText(parts: PlaceParts): string {
  return [said(parts.community), said(parts.compound), formatDoor(parts)].filter((part) => part !== '').join(' ');
}

const digits = '零一二三四五六七八九';

/** Chinese numerals to 99 as digits (`十二` → `12`); other text comes back unchanged. */
export function fromChineseNumeral(text: string): string {
  const plain = text.replace(/〇/g, '零').replace(/两/g, '二').replace(/廿/g, '二十');
  if (plain.includes('十')) {
    const match = /^([一二三四五六七八九]?)十([一二三四五六七八九]?)$/.exec(plain);
    if (match === null) return text;
    const tens = match[1] === undefined || match[1] === '' ? 1 : digits.indexOf(match[1]);
    const ones = match[2] === undefined || match[2] === '' ? 0 : digits.indexOf(match[2]);
    return String(tens * 10 + ones);
  }
  // A row of single numerals is read digit by digit: 五〇二 is 502.
  return /^[零一二三四五六七八九]+$/.test(plain)
    ? [...plain].map((character) => String(digits.indexOf(character))).join('')
    : text;
}

/** One building, unit or room: half-width, 栋/座/號楼/号楼 → 幢, Chinese numerals as digits, no leading zeros or spaces. */
export function normalisePart(part: string): string {
  const text = toHalfWidth(part)
    .replace(/\s+/g, '')
    .replace(/(號楼|号楼|號樓|栋|棟|座)$/u, '幢')
    .replace(/號$/u, '号');
  const split = /^(.*?)(幢|单元|室|号|弄|层|楼)?$/u.exec(text);
  const number = fromChineseNumeral(split?.[1] ?? '').replace(/^0+(?=\d)/, '');
  return `${number}${split?.[2] ?? ''}`;
}

const numeral = '[零〇一二三四五六七八九十廿两]+';

/**
 * A whole address by the rules for standard addresses (domain facts, 1.4): half-width, no spaces, 栋/座/號楼 → 幢;
 * numerals become digits in building, unit and room and stay in place names (`三官堂` is a name); 室 stays.
 */
export function normaliseAddress(address: string): string {
  return toHalfWidth(address)
    .replace(/\s+/g, '')
    .replace(new RegExp(`(?<=\\d|${numeral})(號楼|号楼|號樓|栋|棟|座)`, 'gu'), '幢')
    .replace(new RegExp(`(${numeral})(?=幢|单元|室)`, 'gu'), (found) => fromChineseNumeral(found))
    .replace(/(?<!\d)0+(?=\d+(?:幢|单元|室|$))/g, '')
    .toUpperCase();
}

/** Same door in another spelling? A trailing 室 says nothing. */
export function sameAddress(a: string, b: string): boolean {
  const plain = (text: string): string => normaliseAddress(text).replace(/(?<=\d)室$/u, '');
  return plain(a) === plain(b);
}
