import { fieldNames, fieldSpec, type EntityName } from '../../../shared/domain/entities.ts';
import { sameValue, type FieldValue } from '../../../shared/domain/values.ts';
import { checkValue } from '../../../shared/sync/check-value.ts';
import { areaField, type Outcome } from '../../../shared/sync/delta.ts';
import { wholeRow } from '../../../shared/sync/judge.ts';
import type { PulledRow } from '../../../shared/sync/wire.ts';
import { putRow, readRow, removeRow, type StoredRow } from './entity-table.ts';
import { addHistory, putProvenance, toJson, type Origin } from './history.ts';
import { findEntry, outstanding, setOutcome } from './outbox.ts';
import { pendingOf, putPending, receiveUnder, removePending, type PendingLine } from './pending.ts';
import type { SearchUpdate } from './search-index.ts';
import { originOfDelta, withValue } from './settle-pending.ts';
import type { Writer } from './sqlite.ts';

/** What became of a pulled row. `missing`: a part of a row that is not held. `malformed`: a value that fits no field. */
export type Received = 'applied' | 'known' | 'missing' | 'malformed';

/** True when every value fits its field; fields this build does not know fit always. */
export function fits(entity: EntityName, fields: Readonly<Record<string, FieldValue>>): boolean {
  return Object.entries(fields).every(([name, value]) => {
    const spec = fieldSpec(entity, name);
    return spec === undefined || checkValue(spec.type, value);
  });
}

/**
 * Applies one pulled row of an area under pending work: visible values with unsent edits stay, the received ones go beneath
 * them. Applying it again changes nothing, and an older version never replaces a newer one.
 * @param now where the centre does not say when a value was set
 */
export function receiveRow(
  writer: Writer,
  search: SearchUpdate,
  area: string,
  pulled: PulledRow,
  now: string,
): Received {
  const { entity, id } = pulled;
  if (!fits(entity, pulled.fields)) return 'malformed';
  const existing = readRow(writer, entity, id);
  if (existing === undefined) {
    if (pulled.deleted) return 'known';
    if (!pulled.whole) return 'missing';
  } else if (existing.version >= pulled.version) return 'known';
  else if (existing.version === 0 && !pulled.whole && !pulled.deleted) return 'missing';
  search.before(entity, id);
  const lines = existing === undefined ? overlay(writer, pulled) : pendingOf(writer, entity, id);
  const held: StoredRow = existing ?? { id, area, version: 0, deleted: false, values: {} };
  let row: StoredRow = { ...held, version: pulled.version };
  for (const [field, value] of received(pulled, area)) {
    const line = lines.get(field);
    const before = field === areaField ? held.area : field === wholeRow ? held.deleted : (held.values[field] ?? null);
    const origin = pulled.provenance[field];
    if (origin !== undefined && field !== areaField) putUnderlying(writer, pulled, field, line, origin);
    if (line === undefined) {
      if (existing !== undefined && existing.version > 0 && field !== areaField && !sameValue(before, value))
        noteChange(writer, pulled, field, before, value, now);
      row = withValue(row, field, value);
      continue;
    }
    const next = receiveUnder(entity, line, value, pulled.version);
    if (!sameValue(line.receivedValue, value) && !sameValue(line.mine, value))
      noteChange(writer, pulled, field, line.receivedValue, value, now);
    lines.set(field, next);
    putPending(writer, entity, id, next);
    row = withValue(row, field, next.mine);
  }
  if (pulled.deleted) row = keepWorkedOn(writer, pulled, lines, row);
  defer(writer, pulled);
  putRow(writer, entity, dropSettled(writer, entity, row, lines));
  search.after(entity, id);
  return 'applied';
}

/** Received fields in order, with the row's area and life as fields of their own. */
function received(pulled: PulledRow, area: string): [string, FieldValue][] {
  const known = fieldNames(pulled.entity);
  const whole = pulled.whole && !pulled.deleted;
  const named = known.filter((name) => whole || Object.hasOwn(pulled.fields, name));
  return [
    ...named.map((name): [string, FieldValue] => [name, pulled.fields[name] ?? null]),
    [areaField, area],
    [wholeRow, pulled.deleted],
  ];
}

/** Work in the outbox for a row that comes into view (again) goes on top of it. */
function overlay(writer: Writer, pulled: PulledRow): Map<string, PendingLine> {
  const lines = new Map<string, PendingLine>();
  for (const { delta } of outstanding(writer, pulled.entity, pulled.id, pulled.version)) {
    const wanted = Object.entries(delta.fields).map(
      ([name, change]) => [name, change.base ?? null, change.value] as const,
    );
    if (delta.op === 'delete') wanted.push([wholeRow, false, true]);
    for (const [field, base, mine] of wanted) {
      const earlier = lines.get(field);
      const fresh: PendingLine = {
        field,
        baseValue: base,
        baseVersion: delta.baseVersion,
        mine,
        receivedValue: base,
        receivedVersion: delta.baseVersion,
        deltaId: delta.id,
      };
      lines.set(field, earlier === undefined ? fresh : { ...earlier, mine, deltaId: delta.id });
    }
  }
  for (const line of lines.values()) putPending(writer, pulled.entity, pulled.id, line);
  return lines;
}

/** The centre deleted a row that has unsent work on it: it stays in view, and the deletion shows as a clash. */
function keepWorkedOn(writer: Writer, pulled: PulledRow, lines: Map<string, PendingLine>, row: StoredRow): StoredRow {
  const last = [...lines.values()].filter((line) => line.field !== wholeRow && line.field !== areaField).at(-1);
  if (last === undefined || lines.has(wholeRow)) return row;
  const line: PendingLine = {
    field: wholeRow,
    baseValue: false,
    baseVersion: last.baseVersion,
    mine: false,
    receivedValue: true,
    receivedVersion: pulled.version,
    deltaId: last.deltaId,
  };
  lines.set(wholeRow, line);
  putPending(writer, pulled.entity, pulled.id, line);
  return { ...row, deleted: false };
}

/** Takes away the overlay of fields whose last delta the received version contains. */
function dropSettled(
  writer: Writer,
  entity: EntityName,
  row: StoredRow,
  lines: ReadonlyMap<string, PendingLine>,
): StoredRow {
  let settled = row;
  for (const line of lines.values()) {
    const entry = findEntry(writer, line.deltaId);
    const answered = entry?.state === 'answered' || entry?.state === 'set-aside';
    if (entry === undefined || !answered) continue;
    const rejected = entry.result === 'rejected';
    if (!rejected && (entry.version ?? 0) > row.version) continue;
    removePending(writer, entity, row.id, line.field);
    settled = withValue(settled, line.field, line.receivedValue);
    if (sameValue(line.mine, line.receivedValue)) continue;
    const lost = { before: line.receivedValue, after: line.mine, fate: 'aside' } as const;
    addHistory(writer, { entity, row: row.id, field: line.field }, lost, originOfDelta(entry.delta), entry.delta.id);
  }
  return settled;
}

/**
 * Stores what the centre answered to a delta, and lets go of the overlay where the received row contains the outcome already.
 * A refused delta's values leave the view and stay in the outbox.
 */
export function receiveOutcome(writer: Writer, search: SearchUpdate, outcome: Outcome): EntityName | undefined {
  const entry = findEntry(writer, outcome.id);
  // An answer to something this replica does not know, or has had answered: nothing to do, and nothing to undo.
  if (entry === undefined || (entry.state !== 'sent' && entry.state !== 'waiting')) return undefined;
  setOutcome(writer, outcome);
  const { entity, row: id } = entry.delta;
  const row = readRow(writer, entity, id);
  if (row === undefined) return entity;
  search.before(entity, id);
  const lines = pendingOf(writer, entity, id);
  if (outcome.result !== 'rejected') advanceBase(writer, entry.delta.fields, outcome, entity, id, lines);
  const unseen = row.version === 0 && outcome.result === 'rejected' && outstanding(writer, entity, id, 0).length === 0;
  // A row that only this device ever had, and that the centre refused: its content is in the outbox.
  if (unseen) forget(writer, entity, id);
  else putRow(writer, entity, dropSettled(writer, entity, row, lines));
  search.after(entity, id);
  return entity;
}

/**
 * An earlier delta of a chain went through: what stands on top of it is based on its value now, so that its own echo does not
 * look like somebody else's change.
 */
function advanceBase(
  writer: Writer,
  fields: Readonly<Record<string, { readonly value: FieldValue }>>,
  outcome: Outcome,
  entity: EntityName,
  id: string,
  lines: Map<string, PendingLine>,
): void {
  if (outcome.result === 'merged') return;
  for (const [field, change] of Object.entries(fields)) {
    const line = lines.get(field);
    if (line === undefined || line.deltaId === outcome.id) continue;
    if (outcome.conflicts.includes(`${outcome.id}.${field}`) || outcome.version <= line.baseVersion) continue;
    const next = { ...line, baseValue: change.value, baseVersion: outcome.version };
    lines.set(field, next);
    putPending(writer, entity, id, next);
  }
}

/** Takes a row with all that belongs to it out of the replica. Its deltas stay in the outbox. */
export function forget(writer: Writer, entity: EntityName, id: string): void {
  if (entity === 'attachment') forgetContent(writer, id);
  removeRow(writer, entity, id);
  for (const sql of [
    'DELETE FROM pending WHERE entity = ? AND row_id = ?',
    'DELETE FROM provenance WHERE entity = ? AND row_id = ?',
    'DELETE FROM field_history WHERE entity = ? AND row_id = ?',
    'DELETE FROM deferred WHERE entity = ? AND row_id = ?',
    'DELETE FROM wanted WHERE entity = ? AND row_id = ?',
  ])
    writer.command(sql).run(entity, id);
}

/** Bytes go with the last row that names them, unless they are still to be sent. */
function forgetContent(writer: Writer, id: string): void {
  writer
    .command(
      `DELETE FROM blob WHERE sha256 IN (SELECT sha256 FROM attachment WHERE id = ?)
         AND sha256 NOT IN (SELECT sha256 FROM attachment WHERE id <> ? AND sha256 IS NOT NULL)
         AND sha256 NOT IN (SELECT sha256 FROM upload WHERE state IN ('waiting', 'sending'))`,
      'blob.forget',
    )
    .run(id, id);
}

/** The area a row has at the centre, as far as this device knows. */
export function receivedArea(writer: Writer, entity: EntityName, row: StoredRow): string {
  const line = pendingOf(writer, entity, row.id).get(areaField);
  return typeof line?.receivedValue === 'string' ? line.receivedValue : row.area;
}

/** A row left an area. It goes, unless another area that is held has it meanwhile. */
export function rowLeft(writer: Writer, search: SearchUpdate, area: string, entity: EntityName, id: string): boolean {
  const row = readRow(writer, entity, id);
  if (row === undefined || row.version === 0 || receivedArea(writer, entity, row) !== area) return false;
  search.before(entity, id);
  forget(writer, entity, id);
  search.after(entity, id);
  return true;
}

/** Whoever set the received value is its origin, unless an unsent edit stands on top. */
function putUnderlying(
  writer: Writer,
  pulled: PulledRow,
  field: string,
  line: PendingLine | undefined,
  origin: Origin,
): void {
  const own = line !== undefined && !sameValue(line.mine, pulled.fields[field] ?? null);
  if (!own) putProvenance(writer, { entity: pulled.entity, row: pulled.id, field }, origin);
}

function noteChange(
  writer: Writer,
  pulled: PulledRow,
  field: string,
  before: FieldValue,
  after: FieldValue,
  now: string,
): void {
  const unknown: Origin = {
    version: pulled.version,
    by: 'system',
    source: 'system',
    at: now,
    reason: { kind: 'edit' },
  };
  const place = { entity: pulled.entity, row: pulled.id, field };
  addHistory(writer, place, { before, after, fate: 'set' }, pulled.provenance[field] ?? unknown, null);
}

/** Fields of a newer schema wait for the upgrade; an older value never replaces a newer one. */
function defer(writer: Writer, pulled: PulledRow): void {
  for (const [name, value] of Object.entries(pulled.fields)) {
    if (fieldSpec(pulled.entity, name) !== undefined || name === areaField) continue;
    writer
      .command(
        `INSERT INTO deferred (entity, row_id, field, value, version) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (entity, row_id, field) DO UPDATE SET value = excluded.value, version = excluded.version
           WHERE excluded.version > deferred.version`,
      )
      .run(pulled.entity, pulled.id, name, toJson(value), pulled.version);
  }
}
