import { fieldSpec, isEntityName, type EntityName } from '../../../shared/domain/entities.ts';
import { maskValue } from '../../../shared/domain/mask.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';

/** A field's value as it may appear on screen: identity numbers, phones and addresses by their mask. */
export function shown(entity: EntityName, field: string, value: FieldValue): FieldValue {
  const mask = fieldSpec(entity, field)?.mask;
  return mask === undefined ? value : maskValue(mask, value);
}

export const isMasked = (entity: EntityName, field: string, value: FieldValue): boolean =>
  value !== null && fieldSpec(entity, field)?.mask !== undefined;

/** Fields of synced rows that hold a JSON value of some other row's field: which field that is. */
function describedField(values: Readonly<Record<string, unknown>>): { entity: EntityName; field: string } | undefined {
  const entity = values['subject_entity'];
  const field = values['field'];
  if (typeof entity !== 'string' || !isEntityName(entity) || typeof field !== 'string') return undefined;
  return { entity, field };
}

/**
 * As `shown`, and for proposals and conflicts also behind their JSON: an identity number is masked wherever it stands.
 * @param values the row's other values, which say what its JSON is about
 */
export function shownInRow(
  entity: EntityName,
  field: string,
  value: FieldValue,
  values: Readonly<Record<string, unknown>>,
): FieldValue {
  if (value === null || fieldSpec(entity, field)?.type !== 'json' || typeof value !== 'string')
    return shown(entity, field, value);
  const about = describedField(values);
  // Reasons and other JSON that is about no field hold no personal values.
  return about === undefined || !field.endsWith('_value')
    ? value
    : JSON.stringify(shownOf(about.entity, about.field, JSON.parse(value) as FieldValue));
}

/** Mask of a value in a conflict: one about the whole row holds all its fields as JSON text. */
export function shownOf(entity: EntityName, field: string, value: FieldValue): FieldValue {
  if (field !== 'row' || typeof value !== 'string') return shown(entity, field, value);
  const fields = JSON.parse(value) as Readonly<Record<string, FieldValue>>;
  const masked = Object.entries(fields).map(([name, inner]) => [name, shown(entity, name, inner)]);
  return JSON.stringify(Object.fromEntries(masked));
}
