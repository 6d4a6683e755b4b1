import { randomUUID } from 'node:crypto';
import type { EntityName } from '../../../shared/domain/entities.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import { areaField, type Delta } from '../../../shared/sync/delta.ts';
import { hlcInstant, wholeRow } from '../../../shared/sync/judge.ts';
import { putRow, readRow, type StoredRow } from './entity-table.ts';
import { addHistory, type Origin } from './history.ts';
import { amend, appendDelta, findEntry, outstanding } from './outbox.ts';
import { pendingOf, putPending, removePending } from './pending.ts';
import { SearchUpdate } from './search-index.ts';
import type { Writer } from './sqlite.ts';

/** Who wrote a delta, as history and provenance say it. */
export const originOfDelta = (delta: Delta): Origin => ({
  version: 0,
  by: delta.actor,
  source: delta.source,
  at: hlcInstant(delta.hlc, '1970-01-01T00:00:00.000Z'),
  reason: delta.reason,
});

/** The row with a field's visible value replaced. */
export function withValue(row: StoredRow, field: string, value: FieldValue): StoredRow {
  if (field === wholeRow) return { ...row, deleted: value === true };
  if (field === areaField) return typeof value === 'string' ? { ...row, area: value } : row;
  return { ...row, values: { ...row.values, [field]: value } };
}

/**
 * The person was shown what the centre has and keeps her own value: from now on the edit is based on the received value.
 * Deltas that have not left are rewritten; one that has left will be judged as it was, and the new one stands on top of it.
 */
export function rebasePending(writer: Writer, entity: EntityName, rowId: string, field: string): void {
  const line = pendingOf(writer, entity, rowId).get(field);
  if (line === undefined) return;
  const last = findEntry(writer, line.deltaId)?.delta;
  if (last === undefined) throw new Error('a pending line names no delta');
  strip(writer, entity, rowId, field);
  const deletes = field === wholeRow && line.mine === true;
  const fields = field === wholeRow ? {} : { [field]: { base: line.receivedValue, value: line.mine } };
  const delta = appendDelta(
    writer,
    {
      id: randomUUID(),
      txn: randomUUID(),
      entity,
      row: rowId,
      op: deletes ? 'delete' : 'update',
      area: last.area,
      baseVersion: line.receivedVersion,
      fields,
      hlc: last.hlc,
      actor: last.actor,
      source: last.source,
      reason: last.reason,
    },
    originOfDelta(last).at,
  );
  const { receivedValue: baseValue, receivedVersion: baseVersion } = line;
  putPending(writer, entity, rowId, { ...line, baseValue, baseVersion, deltaId: delta.id });
}

/**
 * The person was shown what the centre has and takes it: the received value becomes visible, her own goes to the history's
 * set-aside lines. What has left already will be judged by the centre, and its loser kept there too.
 */
export function withdrawPending(writer: Writer, entity: EntityName, rowId: string, field: string): void {
  const line = pendingOf(writer, entity, rowId).get(field);
  const row = readRow(writer, entity, rowId);
  if (line === undefined || row === undefined) return;
  const last = findEntry(writer, line.deltaId)?.delta;
  if (last === undefined) throw new Error('a pending line names no delta');
  strip(writer, entity, rowId, field);
  const search = new SearchUpdate(writer);
  search.before(entity, rowId);
  removePending(writer, entity, rowId, field);
  putRow(writer, entity, withValue(row, field, line.receivedValue));
  const lost = { before: line.receivedValue, after: line.mine, fate: 'aside' } as const;
  addHistory(writer, { entity, row: rowId, field }, lost, originOfDelta(last), last.id);
  search.after(entity, rowId);
  search.finish();
}

/** Takes a field out of deltas that have not left. Their numbers stay: an empty delta does nothing at the centre. */
function strip(writer: Writer, entity: EntityName, rowId: string, field: string): void {
  for (const { delta, state } of outstanding(writer, entity, rowId, Number.MAX_SAFE_INTEGER)) {
    if (state !== 'waiting' || delta.op === 'create') continue;
    if (field === wholeRow && delta.op === 'delete') amend(writer, { ...delta, op: 'update', fields: {} });
    if (!Object.hasOwn(delta.fields, field)) continue;
    const fields = Object.fromEntries(Object.entries(delta.fields).filter(([name]) => name !== field));
    amend(writer, { ...delta, fields });
  }
}
