import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import type { OutboxLine } from '../../../shared/contract/views.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import { hlcInstant } from '../../../shared/sync/judge.ts';
import type { Context } from '../commands/writing.ts';
import type { Station } from '../station.ts';
import { readRow } from '../store/entity-table.ts';
import { listOutbox, type OutboxEntry } from '../store/outbox.ts';
import { authorOf } from '../store/workers.ts';
import { shownInRow } from './masking.ts';

/** A person's or place's name for a line of the outbox; the row id where there is none. */
function subjectOf(context: Context, { delta }: OutboxEntry): string {
  const values = readRow(context.reader, delta.entity, delta.row)?.values ?? {};
  const offered = delta.fields['name']?.value;
  const name = values['name'] ?? offered ?? null;
  if (typeof name === 'string') return name;
  const resident = values['resident_id'] ?? (values['subject_entity'] === 'resident' ? values['subject_id'] : null);
  const household = values['household_id'] ?? (delta.entity === 'household' ? delta.row : null);
  if (typeof resident === 'string') {
    const named = readRow(context.reader, 'resident', resident)?.values['name'];
    if (typeof named === 'string') return named;
  }
  if (typeof household !== 'string') return delta.row;
  const householder = readRow(context.reader, 'household', household)?.values['householder_id'];
  const named =
    typeof householder === 'string' ? readRow(context.reader, 'resident', householder)?.values['name'] : null;
  return typeof named === 'string' ? named : delta.row;
}

function lineOf(context: Context, entry: OutboxEntry): OutboxLine {
  const { delta, state, result, code, at } = entry;
  // What a value is about may stand in the row or, where the row is gone from here, in the change itself.
  const around = {
    ...readRow(context.reader, delta.entity, delta.row)?.values,
    ...Object.fromEntries(Object.entries(delta.fields).map(([field, change]) => [field, change.value])),
  };
  const masked = (field: string, value: FieldValue): FieldValue => shownInRow(delta.entity, field, value, around);
  return {
    id: delta.id,
    opNo: delta.opNo,
    entity: delta.entity,
    subject: subjectOf(context, entry),
    op: delta.op,
    fields: Object.entries(delta.fields).map(([field, change]) => ({
      field,
      before: masked(field, change.base ?? null),
      after: masked(field, change.value),
    })),
    at: hlcInstant(delta.hlc, at),
    by: authorOf(context.reader, delta.actor, context.person.id),
    state: state === 'answered' ? (result ?? 'sent') : state,
    code,
  };
}

export const syncQueries = {
  'sync.status': ({ station }: { readonly station: Station }): CallOutput<'sync.status'> => station.sync(),
  'sync.outbox': (context: Context, input: ParsedInput<'sync.outbox'>): CallOutput<'sync.outbox'> =>
    listOutbox(context.reader, input.filter, input.limit).map((entry) => lineOf(context, entry)),
};
