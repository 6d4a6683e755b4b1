import type { FieldType } from '../domain/entities.ts';
import type { FieldValue } from '../domain/values.ts';
import { CivilDate, Instant, RowId } from '../domain/values.ts';

/** True when a value fits its field's type; `null` (not known) fits every type. */
export function checkValue(type: FieldType, value: FieldValue): boolean {
  if (value === null) return true;
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
