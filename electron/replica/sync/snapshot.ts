import { fieldSpec, type EntityName } from '../../../shared/domain/entities.ts';
import { RowId, type FieldValue } from '../../../shared/domain/values.ts';
import { checkValue } from '../../../shared/sync/check-value.ts';
import type { PulledRow, SnapshotChunk, SnapshotGroup } from '../../../shared/sync/wire.ts';
import { entityNames } from '../../../shared/domain/entities.ts';
import { findArea, heldAreas, noteChunk, noteRows, unseenRows, checksumOf, type HeldArea } from '../store/areas.ts';
import type { Replica, SqlValue, Writer } from '../store/database.ts';
import { bulkPut, encode } from '../store/entity-table.ts';
import { putProvenance, toJson } from '../store/history.ts';
import { receiveRow, rowLeft } from '../store/receive.ts';
import { indexMissing, SearchUpdate } from '../store/search-index.ts';
import { want } from '../store/wanted.ts';
import type { GatewayClient, Trouble } from './gateway-client.ts';
import type { Turn } from './turn.ts';

/** Areas loaded side by side, so that the network is busy while rows are written. */
const areasAtOnce = 3;
/** Rows put in one transaction, measured to stay about 30 ms; fewer where each row is compared with what is there. */
const bulkRows = 1_500;
const comparedRows = 200;
const indexedResidents = 300;

/**
 * Loads every area that is not whole, chunk by chunk. Where it stopped is stored with each chunk, so a killed load goes on at
 * the chunk it was at. Only an area's end is made durable: what a power cut takes back before it is asked for again.
 */
export async function loadAreas(replica: Replica, client: GatewayClient, turn: Turn): Promise<Trouble | null> {
  const queue = heldAreas(replica.reader).filter((area) => area.state !== 'whole');
  if (queue.length === 0) return null;
  turn.phase('loading');
  let trouble: Trouble | null = null;
  const load = async (): Promise<void> => {
    for (let area = queue.shift(); area !== undefined && trouble === null; area = queue.shift()) {
      trouble = (await loadArea(replica, client, area, turn)) ?? trouble;
    }
  };
  replica.bulk(true);
  try {
    await Promise.all(Array.from({ length: areasAtOnce }, load));
  } finally {
    replica.bulk(false);
  }
  return trouble;
}

async function loadArea(replica: Replica, client: GatewayClient, area: HeldArea, turn: Turn): Promise<Trouble | null> {
  let { next, cursor } = area;
  for (;;) {
    if (turn.stopped()) return null;
    const answer = await client.snapshot(area.code, next, cursor);
    if (!answer.ok) return answer.trouble;
    const chunk = answer.value;
    // The next key must lead on, and the area be the one asked for.
    if (chunk.area !== area.code || (chunk.next !== null && chunk.next === next))
      return { kind: 'strange', status: 200 };
    if (turn.stopped()) return null;
    await applyChunk(replica, area, chunk, turn);
    ({ next, cursor } = chunk);
    if (next === null) break;
  }
  await finishArea(replica, area, turn);
  return null;
}

export async function applyChunk(replica: Replica, area: HeldArea, chunk: SnapshotChunk, turn: Turn): Promise<void> {
  const anew = area.state === 'reload';
  const size = anew ? comparedRows : bulkRows;
  let rows = 0;
  for (const group of chunk.groups) {
    for (let start = 0; start < group.rows.length; start += size) {
      if (turn.stopped()) return;
      const part = group.rows.slice(start, start + size);
      replica.refetchable((writer) => {
        if (!isLoading(writer, area.code)) return;
        if (anew) applyCompared(writer, area.code, group, part, turn);
        else applyBulk(writer, area.code, group, part, turn);
      });
      rows += part.length;
      turn.pulled(part.length);
      await turn.breathe();
    }
  }
  if (turn.stopped()) return;
  replica.refetchable((writer) => {
    if (isLoading(writer, area.code)) noteChunk(writer, area.code, { ...chunk, rows }, false);
  });
  turn.changed(new Set());
}

/** False once the area has been dropped, or begun anew, while its chunk was on its way. */
function isLoading(writer: Writer, code: string): boolean {
  const state = findArea(writer, code)?.state;
  return state !== undefined && state !== 'whole';
}

/** First load: rows go straight into their tables; search follows when the area is whole. */
function applyBulk(
  writer: Writer,
  area: string,
  group: SnapshotGroup,
  rows: readonly (readonly FieldValue[])[],
  turn: Turn,
): void {
  const { entity } = group;
  const worked = workedOn(writer, entity);
  const { fields, put } = bulkPut(writer, entity, area);
  const places = fields.map(([name, type]) => ({ name, type, index: group.fields.indexOf(name) + 2 }));
  const unknown = group.fields.flatMap((name, index) =>
    fieldSpec(entity, name) === undefined && name !== 'area' ? [{ name, index: index + 2 }] : [],
  );
  for (const row of rows) {
    const [id, version] = row;
    const fine =
      typeof id === 'string' &&
      typeof version === 'number' &&
      Number.isSafeInteger(version) &&
      version > 0 &&
      row.length === group.fields.length + 2;
    if (!fine || !RowId.safeParse(id).success) {
      turn.log('warn', 'load.malformed', { area, entity });
      if (typeof id === 'string' && RowId.safeParse(id).success) want(writer, entity, id, area);
      continue;
    }
    const values: SqlValue[] = [];
    let fits = true;
    for (const { type, index } of places) {
      const value = index === 1 ? null : (row[index] ?? null);
      if (value !== null && !checkValue(type, value)) {
        fits = false;
        break;
      }
      values.push(encode(type, value));
    }
    if (!fits) {
      turn.log('warn', 'load.malformed', { area, entity });
      want(writer, entity, id, area);
      continue;
    }
    if (worked.has(id)) {
      const search = new SearchUpdate(writer);
      receiveRow(writer, search, area, pulledOf(group, row, id, version), turn.now());
      search.finish();
      continue;
    }
    put(id, version, values);
    for (const { name, index } of unknown) deferValue(writer, entity, id, name, row[index] ?? null, version);
    for (const [field, origin] of Object.entries(group.provenance[id] ?? {}))
      putProvenance(writer, { entity, row: id, field }, origin);
  }
}

/** A reload: each row is compared with what is there, under unsent work, and remembered as seen. */
function applyCompared(
  writer: Writer,
  area: string,
  group: SnapshotGroup,
  rows: readonly (readonly FieldValue[])[],
  turn: Turn,
): void {
  const search = new SearchUpdate(writer);
  const seen = writer.command('INSERT INTO seen (area, entity, row_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const changed = new Set<EntityName>();
  for (const row of rows) {
    const [id, version] = row;
    if (typeof id !== 'string' || !RowId.safeParse(id).success || typeof version !== 'number') continue;
    seen.run(area, group.entity, id);
    const received = receiveRow(writer, search, area, pulledOf(group, row, id, version), turn.now());
    if (received === 'malformed') want(writer, group.entity, id, area);
    if (received === 'applied') changed.add(group.entity);
  }
  search.finish();
  turn.changed(changed);
}

/** Gives every resident of an area the index entry she lacks, a few at a time. */
export async function indexArea(
  replica: Replica,
  area: string,
  turn: Pick<Turn, 'stopped' | 'breathe'>,
): Promise<void> {
  for (;;) {
    if (turn.stopped()) return;
    const added = replica.refetchable((writer) => indexMissing(writer, area, indexedResidents));
    await turn.breathe();
    if (added < indexedResidents) return;
  }
}

/** The area's chunks are all in: gone rows go, search is built, pulls may start. */
export async function finishArea(replica: Replica, area: HeldArea, turn: Turn): Promise<void> {
  await indexArea(replica, area.code, turn);
  if (turn.stopped()) return;
  replica.transaction((writer) => {
    const held = findArea(writer, area.code);
    if (held === undefined || held.state === 'whole' || held.cursor === null) return;
    if (held.state === 'reload') dropUnseen(writer, area.code, turn);
    noteChunk(writer, area.code, { cursor: held.cursor, next: null, rows: 0, total: held.total }, true);
    noteRows(writer, area.code, checksumOf(writer, area.code).rows);
  });
  turn.changed(new Set(entityNames));
}

function dropUnseen(writer: Writer, area: string, turn: Turn): void {
  const search = new SearchUpdate(writer);
  let dropped = 0;
  for (const entity of entityNames)
    for (const id of unseenRows(writer, entity, area)) if (rowLeft(writer, search, area, entity, id)) dropped += 1;
  search.finish();
  writer.command('DELETE FROM seen WHERE area = ?').run(area);
  turn.log('info', 'load.replaced', { area, dropped });
}

/** Rows of an entity that must not be put over blindly: unsent work stands on them. */
function workedOn(writer: Writer, entity: EntityName): ReadonlySet<string> {
  const rows = writer
    .prepare<{ row_id: string }>(
      `SELECT row_id FROM pending WHERE entity = ?
       UNION SELECT row_id FROM outbox WHERE entity = ? AND (state IN ('waiting', 'sent')
         OR (state = 'answered' AND result <> 'rejected'))`,
      'load.worked-on',
    )
    .all(entity, entity);
  return new Set(rows.map((row) => row.row_id));
}

function pulledOf(group: SnapshotGroup, row: readonly FieldValue[], id: string, version: number): PulledRow {
  const fields = Object.fromEntries(group.fields.map((name, index) => [name, row[index + 2] ?? null]));
  const provenance = group.provenance[id] ?? {};
  return { entity: group.entity, id, version, whole: true, deleted: false, fields, provenance };
}

function deferValue(
  writer: Writer,
  entity: EntityName,
  id: string,
  field: string,
  value: FieldValue,
  version: number,
): void {
  writer
    .command(
      `INSERT INTO deferred (entity, row_id, field, value, version) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (entity, row_id, field) DO UPDATE SET value = excluded.value, version = excluded.version
         WHERE excluded.version > deferred.version`,
      'load.defer',
    )
    .run(entity, id, field, toJson(value), version);
}
