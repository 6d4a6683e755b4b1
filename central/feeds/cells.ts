import { toHalfWidth } from '../../shared/codes/half-width.ts';
import { CivilDate } from '../../shared/domain/values.ts';
import type { ReasonCode } from './reasons.ts';

/** A cell read, or what is wrong with it. */
export type Cell<T> = { readonly value: T } | { readonly reason: ReasonCode };

const tidy = (text: string): string => toHalfWidth(text).trim();

/** Words that stand for an empty cell. */
const isBlank = (text: string): boolean => /^([-—–/]*|无|空|null|n\/a)$/i.test(text);

export const readText = (text: string): string | null => {
  const value = tidy(text).replace(/\s+/g, ' ');
  return isBlank(value) ? null : value;
};

const civil = (year: string, month: string, day: string): string =>
  `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;

/**
 * A civil day as departments write it: `2026-11-18`, `2026/11/19`, `2026.11.18`, `2026年11月18日`, `20261118`, with or without a
 * time of day behind it.
 */
export function readDate(text: string): Cell<string> {
  const value = tidy(text);
  if (isBlank(value)) return { reason: 'date.missing' };
  const parts =
    /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?:[ T]\s*\d{1,2}:\d{2}.*)?$/.exec(value) ??
    /^(\d{4})(\d{2})(\d{2})(?:\d{6})?$/.exec(value);
  const [, year, month, day] = parts ?? [];
  if (year === undefined || month === undefined || day === undefined) return { reason: 'date.invalid' };
  const date = civil(year, month, day);
  return CivilDate.safeParse(date).success ? { value: date } : { reason: 'date.invalid' };
}

/** A month (`2026-10`, `202610`, `2026年10月`) as its last day; a whole date is taken as it is. */
export function readMonth(text: string): Cell<string> {
  const value = tidy(text);
  const parts = /^(\d{4})\s*[-/.年]?\s*(\d{1,2})月?$/.exec(value);
  const [, year, month] = parts ?? [];
  if (year === undefined || month === undefined || !/^([1-9]|0[1-9]|1[0-2])$/.test(month)) return readDate(text);
  return { value: new Date(Date.UTC(Number(year), Number(month), 0)).toISOString().slice(0, 10) };
}

/**
 * Money in fen: `1,204.50`, `¥28110.4`, `400元`. Exact: digits are moved, nothing is multiplied in floating point.
 * @param unitFen fen per unit of the column: 100 for yuan
 */
export function readFen(text: string, unitFen: number): Cell<number> {
  const value = tidy(text).replace(/^[¥￥]\s*|\s*元$/g, '');
  if (isBlank(value)) return { reason: 'amount.missing' };
  // Commas only where thousands end; `1,2045` is a slip, and a slip in money is not mended by guessing.
  if (!/^[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?$/.test(value)) return { reason: 'amount.not-a-number' };
  if (value.startsWith('-') && /[1-9]/.test(value)) return { reason: 'amount.negative' };
  const [whole = '0', fraction = ''] = value.replace(/^[-+]/, '').replaceAll(',', '').split('.');
  const places = Math.log10(unitFen);
  const fen = Number(whole + fraction.slice(0, places).padEnd(places, '0'));
  // What is finer than a fen comes from a spreadsheet's arithmetic (28110.399999): rounded, half up.
  const rest = fraction.slice(places);
  if (!Number.isSafeInteger(fen)) return { reason: 'amount.not-a-number' };
  return { value: /^[5-9]/.test(rest) ? fen + 1 : fen };
}

/** True for an ID number that a spreadsheet has turned into a floating-point number: `3.30299E+17`. */
export const isLostNumber = (text: string): boolean => /^\d(\.\d+)?[eE]\+?\d{2}$/.test(tidy(text));
