import type { FieldType } from '../domain/entities.ts';
import type { FieldValue } from '../domain/values.ts';
import { CivilDate, Instant, RowId } from '../domain/values.ts';

/**
 * True for a value every store can keep: no NUL and no half of a surrogate pair, which PostgreSQL refuses in JSON (and with
 * it the whole batch), and no number that JSON cannot say.
 */
export function isStorable(value: FieldValue): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string') return !unstorable.test(value);
  return !Array.isArray(value) || value.every((item) => !unstorable.test(item));
}

const unstorable = /\u0000|\p{Cs}/u;

/** True when a value fits its field's type; `null` (not known) fits every type. */
export function checkValue(type: FieldType, value: FieldValue): boolean {
  if (value === null) return true;
  if (!isStorable(value)) return false;
  switch (type) {
    case 'integer':
    case 'fen':
      return Number.isSafeInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value);
    case 'date':
      return CivilDate.safeParse(value).success;
    case 'instant':
      return Instant.safeParse(value).success;
    case 'ref':
      return RowId.safeParse(value).success;
    case 'code':
      return typeof value === 'string' && value.length <= 64;
    case 'json':
      return typeof value === 'string' && isJson(value);
    case 'text':
      return typeof value === 'string';
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
