import { isEntityName, type EntityName } from '../../shared/domain/entities.ts';
import type { FieldValue } from '../../shared/domain/values.ts';
import type { CentralRow, Head } from '../../shared/sync/judge.ts';
import { rowHash } from '../../shared/sync/row-hash.ts';
import type { Database, Transaction } from './database.ts';
import { decodeHeads, encodeHeads, type EncodedHeads } from './heads.ts';

/** A row as first loaded: version 1, no heads, because nobody changed anything yet. */
export interface LoadRow {
  readonly entity: EntityName;
  readonly id: string;
  /** 12-digit division code; its first six digits are the county. */
  readonly area: string;
  readonly values: Readonly<Record<string, FieldValue>>;
}

const chunk = 5000;

/** County of an area: the first six digits of its code. */
export const countyOf = (area: string): string => area.slice(0, 6);

function* chunksOf<T>(rows: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}

/**
 * Loads rows as they were before anybody worked on them, in chunks of one statement each. They get no feed entries, so
 * this is for a district without devices only: a device would never hear of them.
 * @throws when a device is enrolled already, or a row exists
 */
export async function bulkLoad(transaction: Transaction, rows: readonly LoadRow[]): Promise<void> {
  const { rows: devices } = await transaction.query('SELECT FROM device LIMIT 1');
  if (devices.length > 0) throw new Error('bulkLoad: devices are enrolled; write rows through the feed instead');
  for (const part of chunksOf(rows, chunk)) {
    const lines = part.map((row) => ({
      entity: row.entity,
      id: row.id,
      area: row.area,
      row_hash: rowHash(row.entity, row.id, 1),
      data: row.values,
    }));
    await transaction.query(
      `INSERT INTO record (county, entity, id, area, version, data, row_hash)
       SELECT left(area, 6), entity, id, area, 1, data, row_hash
       FROM json_to_recordset($1::json) AS r(entity text, id text, area text, row_hash bigint, data jsonb)`,
      [JSON.stringify(lines)],
    );
  }
}

export interface RowKey {
  readonly entity: EntityName;
  readonly id: string;
}

export const keyText = (key: RowKey): string => `${key.entity} ${key.id}`;

interface RecordLine {
  entity: string;
  id: string;
  area: string;
  version: number;
  deleted: boolean;
  data: Record<string, FieldValue>;
  heads: EncodedHeads;
}

function rowOf(line: RecordLine): CentralRow {
  if (!isEntityName(line.entity)) throw new Error(`record of unknown entity ${line.entity}`);
  return {
    entity: line.entity,
    id: line.id,
    area: line.area,
    version: line.version,
    deleted: line.deleted,
    values: line.data,
    heads: decodeHeads(line.heads),
  };
}

const columns = 'r.entity, r.id, r.area, r.version, r.deleted, r.data, r.heads';

async function select(
  transaction: Transaction,
  county: string,
  keys: readonly RowKey[],
  lock: string,
): Promise<Map<string, CentralRow>> {
  if (keys.length === 0) return new Map();
  const { rows } = await transaction.query<RecordLine>(
    `SELECT ${columns} FROM unnest($2::text[], $3::text[]) AS k(entity, id)
     JOIN record r ON r.county = $1 AND r.entity = k.entity AND r.id = k.id
     ORDER BY r.entity, r.id ${lock}`,
    [county, keys.map((key) => key.entity), keys.map((key) => key.id)],
  );
  return new Map(rows.map((line) => [keyText({ entity: rowOf(line).entity, id: line.id }), rowOf(line)]));
}

/** Locks rows in one order for everybody, so that concurrent pushes wait for each other instead of deadlocking. Missing ones are left out. */
export const lockRows = (transaction: Transaction, county: string, keys: readonly RowKey[]) =>
  select(transaction, county, keys, 'FOR UPDATE OF r');

/** Rows by name, without a lock. */
export const readRows = (transaction: Transaction, county: string, keys: readonly RowKey[]) =>
  select(transaction, county, keys, '');

/** Rows of one entity, ordered by id; for importers that match by their own rules. */
export async function readEntity(database: Database, county: string, entity: EntityName): Promise<CentralRow[]> {
  const { rows } = await database.query<RecordLine>(
    `SELECT ${columns} FROM record r WHERE r.county = $1 AND r.entity = $2 AND NOT r.deleted ORDER BY r.id`,
    [county, entity],
  );
  return rows.map(rowOf);
}

/** Live residents that bear one of the ID numbers: id number -> rows (id and area only). */
export async function residentsByIdNo(
  transaction: Transaction,
  county: string,
  idNumbers: readonly string[],
): Promise<Map<string, readonly { readonly id: string; readonly area: string }[]>> {
  const found = new Map<string, { id: string; area: string }[]>();
  if (idNumbers.length === 0) return found;
  const { rows } = await transaction.query<{ id_no: string; id: string; area: string }>(
    `SELECT data ->> 'id_no' AS id_no, id, area FROM record
     WHERE county = $1 AND entity = 'resident' AND NOT deleted AND data ->> 'id_no' = ANY($2::text[]) ORDER BY id`,
    [county, idNumbers],
  );
  for (const row of rows) found.set(row.id_no, [...(found.get(row.id_no) ?? []), { id: row.id, area: row.area }]);
  return found;
}

/** Keeps two transactions from creating the same person at once; held until the end of the transaction. */
export async function lockIdNumbers(
  transaction: Transaction,
  county: string,
  idNumbers: readonly string[],
): Promise<void> {
  if (idNumbers.length === 0) return;
  await transaction.query(
    `SELECT pg_advisory_xact_lock(key) FROM
       (SELECT DISTINCT hashtextextended($1 || n, 42) AS key FROM unnest($2::text[]) AS n ORDER BY 1) AS keys`,
    [county, idNumbers],
  );
}

/** A row to write: what stands there now (null for a new one) and what shall stand there. */
export interface RowWrite {
  readonly before: CentralRow | null;
  readonly after: CentralRow;
}

/** Id of the running transaction, as heads and feed carry it. */
export async function transactionId(transaction: Transaction): Promise<string> {
  const { rows } = await transaction.query<{ xid: string }>('SELECT pg_current_xact_id()::text AS xid');
  const xid = rows[0]?.xid;
  if (xid === undefined) throw new Error('no transaction id');
  return xid;
}

/**
 * Writes rows and their feed entries. New rows are inserted plainly: if somebody else has created one meanwhile the
 * transaction fails with 23505 and `Database.write` starts it over, now seeing the other's row.
 */
export async function writeRows(
  transaction: Transaction,
  county: string,
  xid: string,
  writes: readonly RowWrite[],
): Promise<void> {
  if (writes.length === 0) return;
  // Codepoint order, as the locks are taken.
  const sorted = [...writes].sort((a, b) => (keyText(a.after) < keyText(b.after) ? -1 : 1));
  const line = ({ after }: RowWrite) => ({
    entity: after.entity,
    id: after.id,
    area: after.area,
    version: after.version,
    deleted: after.deleted,
    data: after.values,
    heads: encodeHeads(after.heads, xid),
    row_hash: rowHash(after.entity, after.id, after.version),
  });
  const created = sorted.filter((write) => write.before === null).map(line);
  const updated = sorted.filter((write) => write.before !== null).map(line);
  const shape = `AS r(entity text, id text, area text, version int, deleted boolean, data jsonb, heads jsonb, row_hash bigint)`;
  if (created.length > 0)
    await transaction.query(
      `INSERT INTO record (county, entity, id, area, version, deleted, data, heads, row_hash)
       SELECT $1, r.* FROM jsonb_to_recordset($2::jsonb) ${shape} ORDER BY r.entity COLLATE "C", r.id COLLATE "C"`,
      [county, JSON.stringify(created)],
    );
  if (updated.length > 0)
    await transaction.query(
      `UPDATE record SET area = r.area, version = r.version, deleted = r.deleted, data = r.data, heads = r.heads,
         row_hash = r.row_hash, xid = pg_current_xact_id()
       FROM jsonb_to_recordset($2::jsonb) ${shape}
       WHERE record.county = $1 AND record.entity = r.entity AND record.id = r.id`,
      [county, JSON.stringify(updated)],
    );
  await writeFeed(transaction, county, sorted);
}

async function writeFeed(transaction: Transaction, county: string, writes: readonly RowWrite[]): Promise<void> {
  const entries = writes.flatMap(({ before, after }) => {
    const { entity, id } = after;
    const moved = before !== null && before.area !== after.area;
    const revived = before !== null && before.deleted && !after.deleted;
    const kind = before === null || moved || revived ? 'enter' : 'change';
    const here = { entity, id, area: after.area, kind };
    return moved ? [here, { entity, id, area: before.area, kind: 'leave' }] : [here];
  });
  await transaction.query(
    `INSERT INTO feed (county, area, entity, id, kind, entered)
     SELECT $1, f.area, f.entity, f.id, f.kind, CASE WHEN f.kind = 'enter' THEN pg_current_xact_id() END
     FROM jsonb_to_recordset($2::jsonb) AS f(area text, entity text, id text, kind text)
     ORDER BY f.area COLLATE "C", f.entity COLLATE "C", f.id COLLATE "C"
     ON CONFLICT (county, area, entity, id) DO UPDATE
     SET kind = excluded.kind, xid = excluded.xid, seq = excluded.seq,
         entered = CASE WHEN excluded.kind = 'change' THEN feed.entered ELSE excluded.entered END`,
    [county, JSON.stringify(entries)],
  );
}

/** Authorship of what no device wrote: the centre itself, or a department's feed. */
export const systemAuthor = { device: 'centre', epoch: 0, opNo: 0 } as const;

/** A row that the centre itself creates, every field with the same head. */
export function systemRow(
  key: RowKey,
  area: string,
  values: Readonly<Record<string, FieldValue>>,
  why: Pick<Head, 'source' | 'at' | 'reason'>,
): CentralRow {
  const head: Head = { version: 1, by: 'system', ...why, ...systemAuthor };
  return {
    ...key,
    area,
    version: 1,
    deleted: false,
    values,
    heads: Object.fromEntries(Object.keys(values).map((name) => [name, head])),
  };
}
