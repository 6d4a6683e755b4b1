import { codeSetOf } from '../../../shared/domain/code-sets.ts';
import { fieldSpec, type EntityName } from '../../../shared/domain/entities.ts';
import { parsePhone } from '../../../shared/domain/phone.ts';
import { CivilDate, type FieldValue } from '../../../shared/domain/values.ts';
import { readMoney } from './value.ts';

/** How a field is edited. `set` is a list of known codes, `note` a log that only grows; the rest is typed or chosen. */
export type DraftKind = 'text' | 'phone' | 'money' | 'date' | 'number' | 'code' | 'boolean' | 'set' | 'note';

export function draftKindOf(entity: EntityName, field: string): DraftKind {
  const spec = fieldSpec(entity, field);
  const coded = codeSetOf(entity, field) !== null;
  switch (spec?.type) {
    case 'fen':
      return 'money';
    case 'date':
      return 'date';
    case 'boolean':
      return 'boolean';
    case 'integer':
      return 'number';
    case 'list':
      return coded ? 'set' : 'note';
    case 'code':
      return coded ? 'code' : 'text';
    default:
      return spec?.mask === 'phone' && field === 'phone' ? 'phone' : 'text';
  }
}

/** A value of a typed field as the text a person edits; a masked value starts empty, since its stars are no value. */
export function draftOf(entity: EntityName, field: string, value: FieldValue | undefined): string {
  if (typeof value === 'number') return draftKindOf(entity, field) === 'money' ? String(value / 100) : String(value);
  if (typeof value !== 'string') return '';
  return fieldSpec(entity, field)?.mask !== undefined && value.includes('*') ? '' : value;
}

/** The value of a typed text, a note as the one entry it adds; undefined when it is none (no amount, no day, no number). */
export function valueOfDraft(entity: EntityName, field: string, draft: string): FieldValue | undefined {
  const text = draft.trim();
  if (text === '') return undefined;
  switch (draftKindOf(entity, field)) {
    case 'money':
      return readMoney(text) ?? undefined;
    case 'date':
      return CivilDate.safeParse(text).success ? text : undefined;
    case 'number':
      return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
    case 'phone': {
      const phone = parsePhone(text);
      return phone.ok ? phone.value.number : undefined;
    }
    case 'note':
      return [text];
    default:
      return text;
  }
}
