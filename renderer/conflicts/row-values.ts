import type { EntityName } from '../../shared/domain/entities.ts';
import { fieldSpec } from '../../shared/domain/entities.ts';
import { FieldValue } from '../../shared/domain/values.ts';

/** One field inside a whole-row truth. */
export interface RowValue {
  readonly field: string;
  readonly value: FieldValue;
}

/**
 * The fields of a truth about a whole row (somebody deleted it, somebody else wrote it), which comes as JSON text.
 * Fields that this build does not know and empty ones are left out; null where the truth is no such text.
 */
export function rowValues(entity: EntityName, value: FieldValue): RowValue[] | null {
  if (typeof value !== 'string' || !value.startsWith('{')) return null;
  let content: unknown;
  try {
    content = JSON.parse(value);
  } catch {
    // Not JSON after all: a name that begins with a brace is shown as it stands.
    return null;
  }
  if (typeof content !== 'object' || content === null) return null;
  return Object.entries(content).flatMap(([field, raw]) => {
    const parsed = FieldValue.safeParse(raw);
    const known = fieldSpec(entity, field) !== undefined && fieldSpec(entity, field)?.type !== 'ref';
    return known && parsed.success && parsed.data !== null && parsed.data !== '' ? [{ field, value: parsed.data }] : [];
  });
}
