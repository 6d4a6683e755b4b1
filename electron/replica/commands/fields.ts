import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import { fieldSpec } from '../../../shared/domain/entities.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import { fail, ok } from '../../../shared/result.ts';
import type { Reason } from '../../../shared/sync/delta.ts';
import { findLiveRow, findRow, valueOf } from '../store/decoding.ts';
import { householdOf } from '../store/households.ts';
import { isWorkersSource, readFieldInput } from './field-input.ts';
import type { Context } from './writing.ts';

function edit(context: Context, input: ParsedInput<'fields.edit'>): CallOutput<'fields.edit'> {
  const row = findLiveRow(context.reader, input.entity, input.rowId);
  if (row === undefined) return fail('row.unknown', 'reload');
  if (!isWorkersSource(input.source)) return fail('value.invalid', 'correct');
  const fields: Record<string, FieldValue> = {};
  for (const [name, typed] of Object.entries(input.fields)) {
    const spec = fieldSpec(input.entity, name);
    if (spec === undefined) return fail('field.unknown', 'update-app');
    if (spec.owner !== undefined) return fail('field.owned', 'correct', { field: name, owner: spec.owner });
    const value = readFieldInput(context, input.entity, name, typed, valueOf(row, name));
    if (value === undefined) return fail('value.invalid', 'correct', { field: name });
    fields[name] = value;
  }
  const reason: Reason = input.visitId === null ? { kind: 'edit' } : { kind: 'visit', visit: input.visitId };
  const { waiting } = context.write(
    [{ entity: input.entity, row: row.id, op: 'update', area: row.area, fields, source: input.source, reason }],
    { action: 'fields.edit', subject: `${input.entity}/${row.id}`, detail: Object.keys(fields).join(' ') },
  );
  return ok({ waiting });
}

/** Opens a note to the department (核实反馈): a proposal that begins as disputed; the department's value stays. */
function report(context: Context, input: ParsedInput<'fields.report'>): CallOutput<'fields.report'> {
  const row = findLiveRow(context.reader, input.entity, input.rowId);
  if (row === undefined) return fail('row.unknown', 'reload');
  if (fieldSpec(input.entity, input.field) === undefined) return fail('field.unknown', 'update-app');
  const current = valueOf(row, input.field);
  const value = readFieldInput(context, input.entity, input.field, input.value, current);
  if (value === undefined) return fail('value.invalid', 'correct', { field: input.field });
  const id = context.newId();
  const householdId =
    input.entity === 'household' ? row.id : (householdOf(context.reader, row.id, context.today())?.householdId ?? null);
  const { waiting } = context.write(
    [
      {
        entity: 'proposal',
        row: id,
        op: 'create',
        area: row.area,
        fields: {
          subject_entity: input.entity,
          subject_id: row.id,
          household_id: householdId,
          field: input.field,
          old_value: JSON.stringify(current),
          new_value: JSON.stringify(value),
          source: 'visit',
          observed_on: context.today(),
          received_at: context.now(),
          grade: 'Y',
          state: 'disputed',
          final_value: JSON.stringify(value),
          decided_by: context.person.id,
          decided_at: context.now(),
          decided_how: 'seen',
          dispute_reason: input.reason,
        },
        source: 'visit',
        reason: { kind: 'edit' },
      },
    ],
    { action: 'fields.report', subject: `${input.entity}/${row.id}`, detail: input.field },
  );
  return ok({ waiting });
}

function unmask(context: Context, input: ParsedInput<'fields.unmask'>): CallOutput<'fields.unmask'> {
  // First the note, then the look: whoever asks is on record, also when there was nothing to see.
  context.note({
    action: 'fields.unmask',
    subject: `${input.entity}/${input.rowId}`,
    detail: `${input.field}: ${input.reason}`,
  });
  const row = findRow(context.reader, input.entity, input.rowId);
  if (row === undefined) return fail('row.unknown', 'reload');
  if (fieldSpec(input.entity, input.field) === undefined) return fail('field.unknown', 'update-app');
  return ok({ value: valueOf(row, input.field) });
}

export const fieldCommands = { 'fields.edit': edit, 'fields.report': report, 'fields.unmask': unmask };
