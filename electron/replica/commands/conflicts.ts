import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import { fieldSpec, isEntityName, type EntityName, type MergeClass } from '../../../shared/domain/entities.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import { fail, ok } from '../../../shared/result.ts';
import type { Reason } from '../../../shared/sync/delta.ts';
import { combine } from '../../../shared/sync/combine.ts';
import { wholeRow } from '../../../shared/sync/judge.ts';
import { clashOf, parseLocalId } from '../queries/conflicts.ts';
import { findConflict, type PendingClash } from '../store/conflicts.ts';
import { findRow, valueOf, valueOfJson, type EntityRow } from '../store/decoding.ts';
import { rebasePending, withdrawPending } from '../store/rows.ts';
import { readFieldInput } from './field-input.ts';
import type { Change, Context } from './writing.ts';

type Settle = CallOutput<'conflicts.settle'>;
type Choice = ParsedInput<'conflicts.settle'>['choice'];

/**
 * What a settled dispute does to the row it is about. Source `visit`: a person looked and chose; the reason names the
 * conflict, which lets it write a department's field too.
 * @returns undefined when the value chosen is none for the field
 */
function subjectChange(
  context: Context,
  conflict: EntityRow<'conflict'>,
  choice: Choice,
): { readonly changes: readonly Change[]; readonly chosen: FieldValue } | undefined {
  const { values } = conflict;
  const entity: EntityName =
    values.subject_entity !== null && isEntityName(values.subject_entity) ? values.subject_entity : 'resident';
  const field = values.field ?? wholeRow;
  const offered = valueOfJson(values.offered_value);
  const subject = values.subject_id === null ? undefined : findRow(context.reader, entity, values.subject_id);
  const reason: Reason = { kind: 'resolve', conflict: conflict.id };
  const base = { entity, area: conflict.area, source: 'visit', reason } as const;
  if (field === wholeRow) {
    // Delete against edit has two answers only: there is no third value of a row.
    if (choice.side === 'other') return undefined;
    if (choice.side === 'current' || subject === undefined)
      return { changes: [], chosen: choice.side === 'current' ? valueOfJson(values.current_value) : offered };
    const row = subject.id;
    if (values.kind === 'delete-edited')
      return { changes: [{ ...base, row, op: 'delete', fields: {} }], chosen: offered };
    if (values.kind === 'edit-deleted' && typeof offered === 'string') {
      const wanted = JSON.parse(offered) as Record<string, FieldValue>;
      const fields: Record<string, FieldValue> = {};
      for (const [name, value] of Object.entries(wanted)) {
        const merge = fieldSpec(entity, name)?.merge;
        if (merge !== undefined) fields[name] = brought(merge, valueOf(subject, name), value);
      }
      return { changes: [{ ...base, row, op: 'update', fields }], chosen: offered };
    }
    return { changes: [], chosen: offered };
  }
  if (values.kind === 'duplicate') {
    // Its two sides are rows, not values of the field that gave them away: the choice is kept, and no number is written over.
    if (choice.side === 'other') return undefined;
    return { changes: [], chosen: choice.side === 'current' ? valueOfJson(values.current_value) : offered };
  }
  let chosen: FieldValue | undefined;
  if (choice.side === 'current') chosen = valueOfJson(values.current_value);
  else if (choice.side === 'offered') chosen = offered;
  else chosen = readFieldInput(context, entity, field, choice.value);
  if (chosen === undefined) return undefined;
  if (subject === undefined || fieldSpec(entity, field) === undefined) return { changes: [], chosen };
  return { changes: [{ ...base, row: subject.id, op: 'update', fields: { [field]: chosen } }], chosen };
}

/**
 * The value of an edit that is brought back onto a row which others may have written in since: sets, logs and marks take it in,
 * any other field takes it over. What its author had seen is not known any more, so a log takes what it does not hold.
 */
function brought(merge: MergeClass, current: FieldValue, offered: FieldValue): FieldValue {
  if (merge === 'counter') return offered;
  return combine(merge, merge === 'append' ? current : null, current, offered) ?? offered;
}

function settleCentral(context: Context, conflict: EntityRow<'conflict'>, choice: Choice): Settle {
  if (conflict.values.state !== 'open') return fail('conflict.settled', 'reload');
  const effect = subjectChange(context, conflict, choice);
  if (effect === undefined) return fail('value.invalid', 'correct');
  const { waiting } = context.write(
    [
      ...effect.changes,
      {
        entity: 'conflict',
        row: conflict.id,
        op: 'update',
        area: conflict.area,
        fields: {
          state: 'settled',
          choice: choice.side,
          chosen_value: JSON.stringify(effect.chosen),
          settled_by: context.person.id,
          settled_at: context.now(),
        },
        source: 'visit',
        reason: { kind: 'resolve', conflict: conflict.id },
      },
    ],
    { action: 'conflicts.settle', subject: conflict.id, detail: choice.side },
  );
  return ok({ waiting });
}

function settleLocal(context: Context, id: string, clash: PendingClash, choice: Choice): Settle {
  const { entity, rowId, field } = clash;
  const audit = { action: 'conflicts.settle', subject: id, detail: choice.side };
  if (choice.side === 'current')
    return ok(context.write([], audit, (writer) => withdrawPending(writer, entity, rowId, field)));
  if (choice.side === 'offered')
    return ok(context.write([], audit, (writer) => rebasePending(writer, entity, rowId, field)));
  const row = findRow(context.reader, entity, rowId);
  const value = row === undefined ? undefined : readFieldInput(context, entity, field, choice.value);
  if (row === undefined || value === undefined) return fail('value.invalid', 'correct');
  const change: Change = {
    entity,
    row: rowId,
    op: 'update',
    area: row.area,
    fields: { [field]: value },
    source: 'visit',
    reason: { kind: 'edit' },
  };
  // Having been shown both, the person writes a third value on top of what the centre has.
  return ok(context.write([change], audit, (writer) => rebasePending(writer, entity, rowId, field)));
}

function settle(context: Context, input: ParsedInput<'conflicts.settle'>): Settle {
  const clash = clashOf(context, input.conflictId);
  if (clash !== undefined) return settleLocal(context, input.conflictId, clash, input.choice);
  const local = parseLocalId(input.conflictId);
  if (local !== undefined) {
    // The row is here, the clash is not: somebody settled it, or both sides came to agree.
    const row = findRow(context.reader, local.entity, local.rowId);
    return row === undefined ? fail('conflict.unknown', 'reload') : fail('conflict.settled', 'reload');
  }
  const conflict = findConflict(context.reader, input.conflictId);
  return conflict === undefined ? fail('conflict.unknown', 'reload') : settleCentral(context, conflict, input.choice);
}

export const conflictCommands = { 'conflicts.settle': settle };
