import { fieldSpec, isEntityName, type EntityName } from '../../../shared/domain/entities.ts';
import { maskValue } from '../../../shared/domain/mask.ts';
import { questionByKey } from '../../../shared/domain/questions.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import { wholeRow } from '../../../shared/sync/judge.ts';
import type { Reader } from '../store/database.ts';
import { findRow, valueOfJson } from '../store/decoding.ts';

/** A field's value as it may appear on screen: identity numbers, phones and addresses by their mask. */
export function shown(entity: EntityName, field: string, value: FieldValue): FieldValue {
  const mask = fieldSpec(entity, field)?.mask;
  return mask === undefined ? value : maskValue(mask, value);
}

export const isMasked = (entity: EntityName, field: string, value: FieldValue): boolean =>
  value !== null && fieldSpec(entity, field)?.mask !== undefined;

type RowFields = Readonly<Record<string, unknown>>;

/** Which field of which entity a value of this row is about, where the row is about another row's field. */
function describedField(
  entity: EntityName,
  field: string,
  values: RowFields,
): { entity: EntityName; field: string } | undefined {
  if (entity === 'proposal' || entity === 'conflict') {
    const about = values['subject_entity'];
    const name = values['field'];
    if (!field.endsWith('_value') || typeof about !== 'string' || typeof name !== 'string') return undefined;
    return isEntityName(about) ? { entity: about, field: name } : undefined;
  }
  if (entity === 'visit_answer' && (field === 'value' || field === 'prefilled')) {
    const question = questionByKey(String(values['question']));
    if (question === undefined || question.field === null) return undefined;
    return { entity: question.whom === 'household' ? 'household' : 'resident', field: question.field };
  }
  return undefined;
}

/**
 * As `shown`, wherever a value may stand: in a proposal's or a conflict's JSON, in an answer, or in a whole row kept as text.
 * @param values other fields of the row, which say what it is about
 */
export function shownInRow(entity: EntityName, field: string, value: FieldValue, values: RowFields): FieldValue {
  if (field === wholeRow) return shownWhole(entity, value);
  const about = describedField(entity, field, values);
  if (about === undefined || value === null) return shown(entity, field, value);
  if (entity === 'visit_answer') return shown(about.entity, about.field, value);
  return JSON.stringify(shownInRow(about.entity, about.field, valueOfJson(String(value)), {}));
}

/** A row that was deleted or fought over, kept as JSON text of its fields. */
function shownWhole(entity: EntityName, value: FieldValue): FieldValue {
  if (typeof value !== 'string') return value;
  const fields = JSON.parse(value) as Readonly<Record<string, FieldValue>>;
  const masked = Object.entries(fields).map(([name, inner]) => [name, shownInRow(entity, name, inner, fields)]);
  return JSON.stringify(Object.fromEntries(masked));
}

/** As `shownInRow`, looking up the row where it takes that to know what a value is about. */
export function shownAt(
  reader: Reader,
  entity: EntityName,
  rowId: string,
  field: string,
  value: FieldValue,
): FieldValue {
  const telling = entity === 'proposal' || entity === 'conflict' || entity === 'visit_answer';
  return shownInRow(entity, field, value, telling ? (findRow(reader, entity, rowId)?.values ?? {}) : {});
}
