import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import type { OutboxLine } from '../../../shared/contract/views.ts';
import { isEntityName, type EntityName } from '../../../shared/domain/entities.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import { hlcInstant } from '../../../shared/sync/judge.ts';
import type { Context } from '../commands/writing.ts';
import type { Station } from '../station.ts';
import type { Reader } from '../store/database.ts';
import { readRow } from '../store/entity-table.ts';
import { listOutbox, type OutboxEntry } from '../store/outbox.ts';
import { authorOf } from '../store/workers.ts';
import { shownInRow } from './masking.ts';

type RowValues = Readonly<Record<string, FieldValue>>;

/** The rows a row may lead to, nearest to a person first: what it names, and of which entity that is. */
const leads = [
  ['resident_id', 'resident'],
  ['householder_id', 'resident'],
  ['household_id', 'household'],
  ['visit_id', 'visit'],
] as const satisfies readonly (readonly [string, EntityName])[];

/**
 * Whose row it is, by name: its own, else that of the person or the householder it leads to; null where nobody is known.
 * @param offered values of a change to the row, which may be all there is of it here
 * @param steps rows still followed; a row that leads back to itself ends there
 */
function nameOf(reader: Reader, entity: EntityName, id: string, offered: RowValues = {}, steps = 4): string | null {
  const values = readRow(reader, entity, id)?.values ?? {};
  const at = (field: string): string | null => {
    const value = values[field] ?? offered[field];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const name = at('name');
  if (name !== null || steps === 0) return name;
  const about = at('subject_entity');
  const subject = at('subject_id');
  if (about !== null && subject !== null && isEntityName(about)) {
    const named = nameOf(reader, about, subject, {}, steps - 1);
    if (named !== null) return named;
  }
  for (const [field, of] of leads) {
    const next = at(field);
    const named = next === null ? null : nameOf(reader, of, next, {}, steps - 1);
    if (named !== null) return named;
  }
  return null;
}

function lineOf(context: Context, entry: OutboxEntry): OutboxLine {
  const { delta, state, result, code, at } = entry;
  const offered: RowValues = Object.fromEntries(
    Object.entries(delta.fields).map(([field, change]) => [field, change.value]),
  );
  // What a value is about may stand in the row or, where the row is gone from here, in the change itself.
  const around: RowValues = {
    ...readRow(context.reader, delta.entity, delta.row)?.values,
    ...offered,
  };
  const masked = (field: string, value: FieldValue): FieldValue => shownInRow(delta.entity, field, value, around);
  const fields = Object.entries(delta.fields).map(([field, change]) => ({
    field,
    before: masked(field, change.base ?? null),
    after: masked(field, change.value),
  }));
  const question = around['question'] ?? null;
  // An answer says nothing without its question, which a later change of it does not carry.
  if (delta.entity === 'visit_answer' && delta.fields['question'] === undefined && question !== null)
    fields.unshift({ field: 'question', before: question, after: question });
  return {
    id: delta.id,
    opNo: delta.opNo,
    entity: delta.entity,
    // Empty where nobody is known: a row's id says nothing to people.
    subject: nameOf(context.reader, delta.entity, delta.row, offered) ?? '',
    op: delta.op,
    fields,
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
