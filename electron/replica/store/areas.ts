import { entityNames, type EntityName } from '../../../shared/domain/entities.ts';
import { areaField } from '../../../shared/sync/delta.ts';
import { wholeRow } from '../../../shared/sync/judge.ts';
import { addHash, rowHash } from '../../../shared/sync/row-hash.ts';
import type { Area, AreaChecksum, Cursor } from '../../../shared/sync/wire.ts';
import { toJson } from './history.ts';
import type { Reader, Writer } from './sqlite.ts';

export type AreaState = 'new' | 'loading' | 'whole' | 'reload';

/** An area that this device holds, and how far. */
export interface HeldArea {
  readonly code: string;
  readonly name: string;
  readonly state: AreaState;
  readonly cursor: Cursor | null;
  /** Key of the next snapshot chunk; null at the beginning and at the end. */
  readonly next: string | null;
  readonly rows: number;
  readonly loaded: number;
  readonly total: number;
  readonly checkedAt: string | null;
  readonly reloadedAt: string | null;
}

interface Raw {
  readonly code: string;
  readonly name: string;
  readonly state: AreaState;
  readonly cursor_xid: string | null;
  readonly cursor_seq: string | null;
  readonly snapshot_next: string | null;
  readonly rows: number;
  readonly loaded: number;
  readonly total: number;
  readonly checked_at: string | null;
  readonly reloaded_at: string | null;
}

const areaOf = (raw: Raw): HeldArea => ({
  code: raw.code,
  name: raw.name,
  state: raw.state,
  cursor: raw.cursor_xid === null || raw.cursor_seq === null ? null : { xid: raw.cursor_xid, seq: raw.cursor_seq },
  next: raw.snapshot_next,
  rows: raw.rows,
  loaded: raw.loaded,
  total: raw.total,
  checkedAt: raw.checked_at,
  reloadedAt: raw.reloaded_at,
});

export const heldAreas = (reader: Reader): readonly HeldArea[] =>
  reader.prepare<Raw>('SELECT * FROM area ORDER BY code', 'areas.all').all().map(areaOf);

export function findArea(reader: Reader, code: string): HeldArea | undefined {
  const raw = reader.prepare<Raw>('SELECT * FROM area WHERE code = ?').get(code);
  return raw === undefined ? undefined : areaOf(raw);
}

/** Takes an area into the scope, to be loaded; renames one that is held. */
export function holdArea(writer: Writer, area: Area): void {
  writer
    .command(
      `INSERT INTO area (code, name, street, state) VALUES (?, ?, ?, 'new')
       ON CONFLICT (code) DO UPDATE SET name = excluded.name, street = excluded.street`,
    )
    .run(area.code, area.name, area.street);
}

/** Notes how far a snapshot has come; with `done` the area is whole and pulls go on from the cursor. */
export function noteChunk(
  writer: Writer,
  code: string,
  chunk: { readonly cursor: Cursor; readonly next: string | null; readonly rows: number; readonly total: number },
  done: boolean,
): void {
  writer
    .command(
      `UPDATE area SET cursor_xid = ?, cursor_seq = ?, snapshot_next = ?, loaded = loaded + ?, total = ?,
         state = CASE WHEN ? THEN 'whole' WHEN state = 'new' THEN 'loading' ELSE state END WHERE code = ?`,
      'areas.note-chunk',
    )
    .run(chunk.cursor.xid, chunk.cursor.seq, chunk.next, chunk.rows, chunk.total, done ? 1 : 0, code);
}

export function moveCursor(writer: Writer, code: string, cursor: Cursor): void {
  writer.command('UPDATE area SET cursor_xid = ?, cursor_seq = ? WHERE code = ?').run(cursor.xid, cursor.seq, code);
}

export function noteChecked(writer: Writer, code: string, checksum: AreaChecksum, at: string): void {
  writer
    .command('UPDATE area SET rows = ?, sum = ?, checked_at = ? WHERE code = ?')
    .run(checksum.rows, checksum.sum, at, code);
}

/** The area added up to this when it was last compared with the centre. */
export function wasCheckedAs(reader: Reader, code: string, checksum: AreaChecksum): boolean {
  const found = reader
    .prepare('SELECT 1 AS found FROM area WHERE code = ? AND rows = ? AND sum = ? AND checked_at IS NOT NULL')
    .get(code, checksum.rows, checksum.sum);
  return found !== undefined;
}

export function noteRows(writer: Writer, code: string, rows: number): void {
  writer.command('UPDATE area SET rows = ? WHERE code = ?').run(rows, code);
}

/** Has the area loaded anew from the first chunk; what is there stays in view until the new state replaces it. */
export function startReload(writer: Writer, code: string, at: string): void {
  writer.command('DELETE FROM seen WHERE area = ?').run(code);
  writer
    .command(
      `UPDATE area SET state = 'reload', cursor_xid = NULL, cursor_seq = NULL, snapshot_next = NULL, loaded = 0,
         reloaded_at = ? WHERE code = ?`,
    )
    .run(at, code);
}

export function dropAreaLine(writer: Writer, code: string): void {
  writer.command('DELETE FROM area WHERE code = ?').run(code);
  writer.command('DELETE FROM seen WHERE area = ?').run(code);
  writer.command('DELETE FROM wanted WHERE area = ?').run(code);
}

const scans: ReadonlyMap<EntityName, { readonly live: string; readonly one: string; readonly some: string }> = new Map(
  entityNames.map((entity) => [
    entity,
    {
      live: `SELECT id, version, deleted FROM "${entity}" WHERE area = ? AND version > 0`,
      one: `SELECT id, version, deleted FROM "${entity}" WHERE id = ? AND version > 0`,
      // Where the centre has a row counts, not where unsent work has put it.
      some: `SELECT t.id FROM "${entity}" t WHERE t.area = ? AND NOT EXISTS (SELECT 1 FROM pending p
          WHERE p.entity = '${entity}' AND p.row_id = t.id AND p.field = '${areaField}' AND p.received_value <> ?)
        UNION ALL SELECT t.id FROM pending p JOIN "${entity}" t ON t.id = p.row_id
          WHERE p.entity = '${entity}' AND p.field = '${areaField}' AND p.received_value = ? AND t.area <> ?
        LIMIT ?`,
    },
  ]),
);

interface Scanned {
  readonly id: string;
  readonly version: number;
  readonly deleted: number;
}

function scanOf(entity: EntityName): { readonly live: string; readonly one: string; readonly some: string } {
  const scan = scans.get(entity);
  if (scan === undefined) throw new Error(`no table for ${entity}`);
  return scan;
}

/** Count and checksum of an area's live rows as the centre has sent them, unsent work set apart. */
export function checksumOf(reader: Reader, area: string): AreaChecksum {
  let rows = 0;
  let sum = 0;
  // Few rows move or die by unsent work; the rest is one scan for each table.
  const moved = reader
    .prepare<{ entity: string; row_id: string; field: string; received_value: string }>(
      `SELECT entity, row_id, field, received_value FROM pending WHERE field IN ('${areaField}', '${wholeRow}')`,
      'areas.moved',
    )
    .all();
  const told = new Map(moved.map((line) => [`${line.entity}|${line.row_id}|${line.field}`, line.received_value]));
  const here = toJson(area);
  for (const entity of entityNames) {
    const scan = scanOf(entity);
    const count = (row: Scanned): void => {
      const dead = told.get(`${entity}|${row.id}|${wholeRow}`) ?? (row.deleted === 1 ? 'true' : 'false');
      if (dead === 'true') return;
      rows += 1;
      sum = addHash(sum, rowHash(entity, row.id, row.version));
    };
    for (const row of reader.prepare<Scanned>(scan.live, 'areas.checksum').all(area)) {
      if ((told.get(`${entity}|${row.id}|${areaField}`) ?? here) === here) count(row);
    }
    for (const line of moved) {
      if (line.entity !== entity || line.field !== areaField || line.received_value !== here) continue;
      const row = reader.prepare<Scanned & { area: string }>(scan.one).get(line.row_id);
      if (row !== undefined && !isVisibleIn(reader, entity, row.id, area)) count(row);
    }
  }
  return { rows, sum };
}

function isVisibleIn(reader: Reader, entity: EntityName, id: string, area: string): boolean {
  return reader
    .prepare<Scanned>(scanOf(entity).live)
    .all(area)
    .some((row) => row.id === id);
}

/** Some ids of an entity's rows that the centre has in an area, whatever their state: for taking them out bit by bit. */
export const someRowsIn = (reader: Reader, entity: EntityName, area: string, limit: number): readonly string[] =>
  reader
    .prepare<{ id: string }>(scanOf(entity).some)
    .all(area, toJson(area), toJson(area), area, limit)
    .map((row) => row.id);

/** Rows of an area that the centre has shown before and that a new snapshot of it did not bring. */
export const unseenRows = (reader: Reader, entity: EntityName, area: string): readonly string[] => {
  const seen = new Set(
    reader
      .prepare<{ row_id: string }>('SELECT row_id FROM seen WHERE area = ? AND entity = ?')
      .all(area, entity)
      .map((row) => row.row_id),
  );
  return reader
    .prepare<Scanned>(scanOf(entity).live)
    .all(area)
    .filter((row) => !seen.has(row.id))
    .map((row) => row.id);
};
