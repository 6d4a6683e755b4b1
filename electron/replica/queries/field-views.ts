import type { FieldView } from '../../../shared/contract/views.ts';
import { fieldNames, fieldSpec, type EntityName } from '../../../shared/domain/entities.ts';
import type { Context } from '../commands/writing.ts';
import { valueOf, type EntityRow } from '../store/decoding.ts';
import { originsOf, waitingFields } from '../store/field-facts.ts';
import { authorOf } from '../store/workers.ts';
import { isMasked, shown } from './masking.ts';

/** Every field of a row with its origin, masked. */
export function fieldViews(context: Context, row: EntityRow): FieldView[] {
  const entity: EntityName = row.entity;
  const origins = originsOf(context.reader, entity, row.id);
  const waiting = waitingFields(context.reader, entity, row.id);
  return fieldNames(entity).map((field) => {
    const origin = origins.get(field);
    const value = valueOf(row, field);
    return {
      field,
      value: shown(entity, field, value),
      masked: isMasked(entity, field, value),
      source: origin?.source ?? null,
      at: origin?.at ?? null,
      by: origin === undefined ? null : authorOf(context.reader, origin.by, context.person.id),
      reason: origin?.reason ?? null,
      waiting: waiting.has(field),
      owned: fieldSpec(entity, field)?.owner ?? null,
    };
  });
}
