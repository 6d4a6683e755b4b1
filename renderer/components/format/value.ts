import { fieldSpec, type EntityName } from '../../../shared/domain/entities.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import { sayDay, sayFullDay, sayMoment, type Locale } from './time.ts';

/** Words and tables that formatting needs from outside. */
export interface FormatContext {
  readonly locale: Locale;
  readonly now: Date;
  readonly words: { readonly yes: string; readonly no: string; readonly unknown: string };
  /** Text of a code, or null when the set or the code is not known. */
  codeText(entity: EntityName, field: string, code: string): string | null;
  /** Name of the row that a reference points to, or a word for its kind: an id is for machines. */
  refText(field: string, id: string): string;
}

/** What a reference field points to, by its name. */
export type RefKind = 'resident' | 'household' | 'address' | 'worker' | 'visit' | 'row';

export function refKindOf(field: string): RefKind {
  if (field === 'householder_id' || field === 'resident_id') return 'resident';
  if (field === 'household_id') return 'household';
  if (field === 'address_id') return 'address';
  if (field === 'visit_id') return 'visit';
  return field === 'worker_id' || field.endsWith('_by') ? 'worker' : 'row';
}

/** Money for people: `38,420 元`, `¥38,420` in English; fen only when there are any. */
export function sayMoney(fen: number, locale: Locale): string {
  const yuan = fen / 100;
  const digits = fen % 100 === 0 ? 0 : 2;
  const text = yuan.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return locale === 'en' ? `¥${text}` : `${text} 元`;
}

/** Yuan as typed, to fen: `2,600`, `2600.5`, `2600 元`; null when it is no amount of money. */
export function readMoney(text: string): number | null {
  const bare = text.normalize('NFKC').replaceAll(/[\s,，元¥￥]/gu, '');
  if (!/^\d{1,11}(?:\.\d{1,2})?$/.test(bare)) return null;
  return Math.round(Number(bare) * 100);
}

/** A count with its thousands apart. */
export const sayNumber = (value: number): string => value.toLocaleString('en-US');

/** A size for people: `4.2 MB`. */
export function sayBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB'];
  let size = bytes / 1024;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size >= 100 ? Math.round(size) : Math.round(size * 10) / 10} ${units[unit]}`;
}

const fullDays: ReadonlySet<string> = new Set(['birth_date', 'death_date', 'relief_since']);

/**
 * One field's value in words: money with separators, days as people say them, codes by their set. Masked values come
 * masked and stay as they are; references are told by name. A field this build does not know is shown as it stands.
 */
export function sayValue(entity: EntityName, field: string, value: FieldValue, context: FormatContext): string {
  const { locale, now, words } = context;
  if (value === null || value === '') return words.unknown;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (Array.isArray(value)) {
    if (value.length === 0) return words.unknown;
    const items = value.map((item) => context.codeText(entity, field, item) ?? item);
    return items.join(locale === 'en' ? ', ' : '、');
  }
  const type = fieldSpec(entity, field)?.type;
  if (typeof value === 'number') return type === 'fen' ? sayMoney(value, locale) : sayNumber(value);
  switch (type) {
    case 'code':
      return context.codeText(entity, field, value) ?? value;
    case 'date':
      return fullDays.has(field) ? sayFullDay(value, locale) : sayDay(value, now, locale);
    case 'ref':
      return context.refText(field, value);
    case 'instant':
      return sayMoment(value, now, locale);
    default:
      return value;
  }
}
