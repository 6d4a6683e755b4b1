import { entityNames, fieldSpec, type EntityName } from '../../../shared/domain/entities.ts';
import { sameValue, type FieldValue } from '../../../shared/domain/values.ts';
import { checkValue } from '../../../shared/sync/check-value.ts';
import { areaField, type FieldDelta } from '../../../shared/sync/delta.ts';
import { wholeRow } from '../../../shared/sync/judge.ts';
import type { Change } from './change.ts';
import { putRow, readRow, type StoredRow } from './entity-table.ts';
import { addHistory, putProvenance, type Origin } from './history.ts';
import { appendDelta, nextHybridTime, type NewDelta } from './outbox.ts';
import { clashes, pendingOf, putPending, type PendingLine } from './pending.ts';
import { SearchUpdate } from './search-index.ts';
import type { Writer } from './sqlite.ts';

export { rebasePending, withdrawPending } from './settle-pending.ts';

/** Who writes, and the sources of time and identity. */
export interface Author {
  readonly person: string;
  readonly now: string;
  newId(): string;
}

/**
 * Writes one command's changes: rows, deltas, pending lines, provenance, history and search index. To be called inside one
 * transaction; all deltas share one txn.
 * @returns entities that changed
 */
export function writeChanges(writer: Writer, author: Author, changes: readonly Change[]): ReadonlySet<EntityName> {
  const touched = new Set<EntityName>();
  if (changes.length === 0) return touched;
  const search = new SearchUpdate(writer);
  const stamp: Stamp = { author, txn: author.newId(), hlc: nextHybridTime(writer, author.now) };
  for (const change of changes) {
    search.before(change.entity, change.row);
    if (writeChange(writer, stamp, change)) touched.add(change.entity);
    search.after(change.entity, change.row);
  }
  search.finish();
  return touched;
}

interface Stamp {
  readonly author: Author;
  readonly txn: string;
  readonly hlc: string;
}

function writeChange(writer: Writer, stamp: Stamp, change: Change): boolean {
  if (!entityNames.includes(change.entity)) throw new Error('unknown entity');
  const existing = readRow(writer, change.entity, change.row);
  if (change.op === 'delete') return writeDelete(writer, stamp, change, existing);
  if (existing === undefined && change.op === 'update') throw new Error(`no ${change.entity} to update`);
  return writeValues(writer, stamp, change, existing);
}

function writeDelete(writer: Writer, stamp: Stamp, change: Change, existing: StoredRow | undefined): boolean {
  if (existing === undefined) throw new Error(`no ${change.entity} to delete`);
  if (existing.deleted) return false;
  const lines = pendingOf(writer, change.entity, change.row);
  // What the person has not been shown yet he cannot mean to delete.
  const unseen = [...lines.values()].filter(clashes).map((line) => line.baseVersion);
  const baseVersion = Math.min(existing.version, ...unseen);
  const delta = send(writer, stamp, change, existing.area, 'delete', baseVersion, {});
  putPending(writer, change.entity, change.row, stack(lines.get(wholeRow), wholeRow, false, true, baseVersion, delta));
  putRow(writer, change.entity, { ...existing, deleted: true });
  const place = { entity: change.entity, row: change.row, field: wholeRow };
  const before = JSON.stringify(existing.values);
  addHistory(writer, place, { before, after: null, fate: 'set' }, originOf(stamp, change), delta);
  return true;
}

function writeValues(writer: Writer, stamp: Stamp, change: Change, existing: StoredRow | undefined): boolean {
  const { entity, row } = change;
  const before = (name: string): FieldValue =>
    name === areaField ? (existing?.area ?? change.area) : (existing?.values[name] ?? null);
  const wanted = Object.entries(change.fields).filter(([name, value]) => {
    checkField(entity, name, value);
    return !sameValue(before(name), value);
  });
  const revived = existing?.deleted === true;
  if (existing !== undefined && !revived && wanted.length === 0) return false;
  const lines = pendingOf(writer, entity, row);
  // Fields seen at different versions go in deltas of their own, or the older one would make the newer look unseen.
  const groups = new Map<number, (readonly [string, FieldValue])[]>();
  for (const [name, value] of wanted) {
    const base = lines.get(name)?.baseVersion ?? existing?.version ?? 0;
    groups.set(base, [...(groups.get(base) ?? []), [name, value]]);
  }
  if (groups.size === 0) groups.set(lines.get(wholeRow)?.baseVersion ?? existing?.version ?? 0, []);
  const values: Record<string, FieldValue> = { ...existing?.values };
  let area = existing?.area ?? change.area;
  const origin = originOf(stamp, change);
  let first = '';
  for (const [baseVersion, members] of [...groups].sort(([a], [b]) => a - b)) {
    const fields: Record<string, FieldDelta> = {};
    for (const [name, value] of members)
      fields[name] = existing === undefined ? { value } : { base: before(name), value };
    const op = existing === undefined && first === '' ? 'create' : 'update';
    const delta = send(writer, stamp, change, area, op, baseVersion, fields);
    first = first === '' ? delta : first;
    for (const [name, value] of members) {
      const place = { entity, row, field: name };
      putPending(writer, entity, row, stack(lines.get(name), name, before(name), value, baseVersion, delta));
      putProvenance(writer, place, origin);
      addHistory(writer, place, { before: before(name), after: value, fate: 'set' }, origin, delta);
      if (name !== areaField) values[name] = value;
      else if (typeof value === 'string') area = value;
    }
  }
  if (revived) {
    const base = existing.version;
    putPending(writer, entity, row, stack(lines.get(wholeRow), wholeRow, true, false, base, first));
  }
  putRow(writer, entity, { id: row, area, version: existing?.version ?? 0, deleted: false, values });
  return true;
}

function checkField(entity: EntityName, name: string, value: FieldValue): void {
  if (name === areaField) {
    if (typeof value !== 'string' || !/^\d{12}$/.test(value)) throw new Error('an area is a 12-digit code');
    return;
  }
  const spec = fieldSpec(entity, name);
  if (spec === undefined) throw new Error(`${entity} has no field ${name}`);
  if (!checkValue(spec.type, value)) throw new Error(`${entity}.${name} cannot hold that`);
}

/** A new edit on top of an earlier unsent one keeps what that one was based on. */
function stack(
  earlier: PendingLine | undefined,
  field: string,
  before: FieldValue,
  mine: FieldValue,
  baseVersion: number,
  deltaId: string,
): PendingLine {
  if (earlier !== undefined) return { ...earlier, mine, deltaId };
  return {
    field,
    baseValue: before,
    baseVersion,
    mine,
    receivedValue: before,
    receivedVersion: baseVersion,
    deltaId,
  };
}

const originOf = (stamp: Stamp, change: Change): Origin => ({
  version: 0,
  by: stamp.author.person,
  source: change.source,
  at: stamp.author.now,
  reason: change.reason,
});

function send(
  writer: Writer,
  stamp: Stamp,
  change: Change,
  area: string,
  op: NewDelta['op'],
  baseVersion: number,
  fields: NewDelta['fields'],
): string {
  const { author, txn, hlc } = stamp;
  const { entity, row, source, reason } = change;
  const parts = { txn, entity, row, op, area, baseVersion, fields, hlc, actor: author.person, source, reason };
  return appendDelta(writer, { id: author.newId(), ...parts }, author.now).id;
}
