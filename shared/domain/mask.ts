import { unreachable } from '../result.ts';
import type { Mask } from './entities.ts';
import type { FieldValue } from './values.ts';

/*
 * What lists, notices and screens show until somebody asks for the whole value (domain facts, 8.3).
 * A text of unexpected shape is hidden more, never less.
 */

const stars = (count: number): string => '*'.repeat(Math.max(0, count));

/** First three, last four: `330***********8882`. */
export function maskIdNumber(number: string): string {
  return number.length < 12
    ? stars(number.length)
    : `${number.slice(0, 3)}${stars(number.length - 7)}${number.slice(-4)}`;
}

/**
 * Hides the middle of every number inside a text, which may also hold a name: `138****5678`, `0574-****0000`.
 * Runs of fewer than five digits (a room, an age) stay.
 */
export function maskPhone(text: string): string {
  return text.replace(/\d[\d -]{3,}\d/g, (run) => {
    const mobile = /^(1\d{2})[ -]?\d{4}[ -]?(\d{4})$/.exec(run);
    if (mobile !== null) return `${mobile[1] ?? ''}****${mobile[2] ?? ''}`;
    const landline = /^(0\d{2,3})[ -]?(\d{3,4})[ -]?(\d{4})$/.exec(run);
    if (landline !== null) return `${landline[1] ?? ''}-${stars((landline[2] ?? '').length)}${landline[3] ?? ''}`;
    // No shape we know: the last four at most.
    const digits = run.replace(/\D/g, '');
    return digits.length < 9 ? stars(digits.length) : `${stars(digits.length - 4)}${digits.slice(-4)}`;
  });
}

/** Last four of a bank account or card. */
export function maskBankAccount(number: string): string {
  const digits = number.replace(/\s/g, '');
  return digits.length < 9 ? stars(digits.length) : `${stars(digits.length - 4)}${digits.slice(-4)}`;
}

/** Surnames of two characters (复姓) in use. */
const compoundSurnames: ReadonlySet<string> = new Set(
  (
    '欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 令狐 慕容 宇文 司徒 司空 夏侯 轩辕 端木 长孙 独孤 南宫 西门 东郭 百里 闻人 ' +
    '申屠 呼延 澹台 公冶 宗政 濮阳 淳于 单于 太叔 仲孙 钟离 鲜于 闾丘 亓官 司寇 巫马 公西 颛孙 壤驷 公良 拓跋 夹谷 谷梁 ' +
    '段干 东门 南门 左丘 第五 梁丘 羊舌 微生 赫连 完颜 纳兰 叶赫 那拉'
  ).split(' '),
);

/** Name outside statutory postings: the surname, one star for each further character; a middle dot or space stays. */
export function maskName(name: string): string {
  const characters = [...name.trim()];
  const two = characters.slice(0, 2).join('');
  const kept = characters.length > 2 && compoundSurnames.has(two) ? 2 : 1;
  return characters.map((character, index) => (index < kept || /[\s·•‧]/u.test(character) ? character : '*')).join('');
}

/**
 * Address down to the community or village; the rest is three stars. Without a community the street or town is the end,
 * and a text that names none is hidden whole.
 */
export function maskAddress(address: string): string {
  const text = address.trim();
  if (text === '') return '';
  const kept =
    /^(?:.*?(?:街道|镇|乡))?.*?(?:居民委员会|村民委员会|居委会|村委会|社区|(?<!新)村(?![路街巷里]))/u.exec(text)?.[0] ??
    /^.*?(?:街道|镇(?!海|江)|乡)/u.exec(text)?.[0] ??
    /^.*?(?:省|自治区)?.*?(?:市|州)?.*?(?:(?<![小社])区|县)/u.exec(text)?.[0] ??
    '';
  return kept === text ? text : `${kept}***`;
}

/** Hides a value by the mask its field declares; `null` stays not known, and so does a list's shape. */
export function maskValue(mask: Mask, value: FieldValue): FieldValue {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((item) => maskText(mask, item));
  return maskText(mask, String(value));
}

function maskText(mask: Mask, text: string): string {
  switch (mask) {
    case 'id-number':
      return maskIdNumber(text);
    case 'phone':
      return maskPhone(text);
    case 'address':
      return maskAddress(text);
    default:
      return unreachable(mask);
  }
}
