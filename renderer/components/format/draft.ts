import { fieldSpec, type EntityName } from '../../../shared/domain/entities.ts';
import { codeSetOf } from '../../../shared/domain/code-sets.ts';
import { CivilDate, type FieldValue } from '../../../shared/domain/values.ts';
import { readMoney } from './value.ts';

/** How a field is edited: what control, and how its text is read back. */
export type DraftKind = 'text' | 'phone' | 'money' | 'date' | 'code' | 'boolean' | 'number' | 'list';

export function draftKindOf(entity: EntityName, field: string): DraftKind {
  const spec = fieldSpec(entity, field);
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
      return 'list';
    case 'code':
      return codeSetOf(entity, field) === null ? 'text' : 'code';
    default:
      return spec?.mask === 'phone' && field === 'phone' ? 'phone' : 'text';
  }
}

/** A value as the text a person edits; a masked value starts empty, since its stars are no value. */
export function draftOf(entity: EntityName, field: string, value: FieldValue): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.join('\n');
  switch (draftKindOf(entity, field)) {
    case 'money':
      return typeof value === 'number' ? String(value / 100) : '';
    case 'boolean':
      return value === true ? 'yes' : 'no';
    default: {
      const text = String(value);
      return fieldSpec(entity, field)?.mask !== undefined && text.includes('*') ? '' : text;
    }
  }
}

/** The value of an edited text; undefined when it is none (no amount, no day, nothing at all). */
export function valueOfDraft(entity: EntityName, field: string, draft: string): FieldValue | undefined {
  const text = draft.trim();
  if (text === '') return undefined;
  switch (draftKindOf(entity, field)) {
    case 'money':
      return readMoney(text) ?? undefined;
    case 'date':
      return CivilDate.safeParse(text).success ? text : undefined;
    case 'boolean':
      return text === 'yes';
    case 'number':
      return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
    case 'list':
      return text
        .split('\n')
        .map((item) => item.trim())
        .filter((item) => item !== '');
    default:
      return text;
  }
}
