import type { HistoryLine } from '../../../shared/contract/views.ts';
import type { EntityName } from '../../../shared/domain/entities.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import type { Context } from '../commands/writing.ts';
import { livesOf, type FieldLife } from '../store/field-facts.ts';
import { authorOf } from '../store/workers.ts';
import { shownAt } from './masking.ts';

/** A change as the window shows it: masked, its author by name. */
export function historyLine(context: Context, life: FieldLife): HistoryLine {
  const mask = (value: FieldValue): FieldValue => shownAt(context.reader, life.entity, life.rowId, life.field, value);
  return {
    field: life.field,
    before: mask(life.before),
    after: mask(life.after),
    fate: life.fate,
    at: life.at,
    by: authorOf(context.reader, life.by, context.person.id),
    source: life.source,
    reason: life.reason,
    waiting: life.waiting,
  };
}

/** A row's or a field's history, newest first. */
export function historyLines(
  context: Context,
  entity: EntityName,
  row: string,
  field: string | null,
  limit: number,
): HistoryLine[] {
  return livesOf(context.reader, entity, row, field, limit).map((life) => historyLine(context, life));
}
