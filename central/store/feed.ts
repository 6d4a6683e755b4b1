import { z } from 'zod';
import { isEntityName, type EntityName } from '../../shared/domain/entities.ts';
import type { FieldValue } from '../../shared/domain/values.ts';
import type { AreaChecksum, Cursor } from '../../shared/sync/wire.ts';
import type { Queryable, Transaction } from './database.ts';
import { decodeHeads, type EncodedHeads, type StoredHead } from './heads.ts';

/** Transaction ids of one snapshot: everything below `horizon` is settled, nothing at or above `limit` has begun. */
export interface Horizon {
  readonly horizon: bigint;
  readonly limit: bigint;
}

export async function readHorizon(queryable: Queryable): Promise<Horizon> {
  const { rows } = await queryable.query<{ xmin: string; xmax: string }>(
    `SELECT pg_snapshot_xmin(s)::text AS xmin, pg_snapshot_xmax(s)::text AS xmax FROM pg_current_snapshot() AS s`,
  );
  const line = rows[0];
  if (line === undefined) throw new Error('no snapshot');
  return { horizon: BigInt(line.xmin), limit: BigInt(line.xmax) };
}

/** One feed entry with the row as it is in the same snapshot; `row` is null for one that left. */
export interface FeedEntry {
  readonly area: string;
  readonly entity: EntityName;
  readonly id: string;
  readonly xid: bigint;
  readonly seq: bigint;
  /** Transaction in which the row last came into the area, if it did since it was first loaded. */
  readonly entered: bigint | null;
  readonly row: {
    readonly version: number;
    readonly deleted: boolean;
    readonly values: Readonly<Record<string, FieldValue>>;
    readonly heads: Readonly<Record<string, StoredHead>>;
  } | null;
}

interface FeedLine {
  area: string;
  entity: string;
  id: string;
  xid: string;
  seq: string;
  entered: string | null;
  version: number | null;
  deleted: boolean;
  data: Record<string, FieldValue>;
  heads: EncodedHeads;
}

export interface AskedArea {
  readonly area: string;
  readonly cursor: Cursor;
}

/** Cursor bounds of PostgreSQL's types: xid8 is unsigned, seq a bigint. */
export const CursorBounds = z
  .object({ xid: z.string(), seq: z.string() })
  .refine(({ xid, seq }) => BigInt(xid) < 2n ** 64n && BigInt(seq) < 2n ** 63n);

/**
 * Entries after each area's cursor, in `(xid, seq)` order within an area, areas in the order asked.
 * @param limit entries at most, over all areas
 */
export async function readFeed(
  transaction: Transaction,
  county: string,
  asked: readonly AskedArea[],
  limit: number,
): Promise<readonly FeedEntry[]> {
  const { rows } = await transaction.query<FeedLine>(
    `SELECT f.area, f.entity, f.id, f.xid::text, f.seq::text, f.entered::text, r.version, r.deleted, r.data, r.heads
     FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS a(area, xid, seq, n)
     CROSS JOIN LATERAL (
       SELECT * FROM feed WHERE feed.county = $1 AND feed.area = a.area AND (feed.xid, feed.seq) > (a.xid::xid8, a.seq::bigint)
       ORDER BY feed.xid, feed.seq LIMIT $5) AS f
     LEFT JOIN record r ON f.kind <> 'leave' AND r.county = f.county AND r.entity = f.entity AND r.id = f.id
     ORDER BY a.n, f.xid, f.seq LIMIT $5`,
    [
      county,
      asked.map((one) => one.area),
      asked.map((one) => one.cursor.xid),
      asked.map((one) => one.cursor.seq),
      limit,
    ],
  );
  return rows.map((line): FeedEntry => {
    if (!isEntityName(line.entity)) throw new Error(`feed of unknown entity ${line.entity}`);
    return {
      area: line.area,
      entity: line.entity,
      id: line.id,
      xid: BigInt(line.xid),
      seq: BigInt(line.seq),
      entered: line.entered === null ? null : BigInt(line.entered),
      row:
        line.version === null
          ? null
          : { version: line.version, deleted: line.deleted, values: line.data, heads: decodeHeads(line.heads) },
    };
  });
}

/** Position of each area's newest entry, as `xid.seq`; areas whose rows are all as first loaded are absent. */
export async function newestEntries(
  transaction: Transaction,
  county: string,
  areas: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await transaction.query<{ area: string; position: string }>(
    `SELECT a.area, f.position FROM unnest($2::text[]) AS a(area)
     CROSS JOIN LATERAL (
       SELECT xid::text || '.' || seq::text AS position FROM feed WHERE county = $1 AND feed.area = a.area
       ORDER BY xid DESC, seq DESC LIMIT 1) AS f`,
    [county, areas],
  );
  return new Map(rows.map((row) => [row.area, row.position]));
}

/** Live rows of each area and the sum of their hashes modulo 2^52. */
export async function readChecksums(
  transaction: Transaction,
  county: string,
  areas: readonly string[],
): Promise<Map<string, AreaChecksum>> {
  if (areas.length === 0) return new Map();
  const { rows } = await transaction.query<{ area: string; rows: number; sum: string }>(
    `SELECT a.area, count(r.row_hash)::int AS rows, (coalesce(sum(r.row_hash), 0) % 4503599627370496)::text AS sum
     FROM unnest($2::text[]) AS a(area)
     LEFT JOIN record r ON r.county = $1 AND r.area = a.area AND NOT r.deleted GROUP BY a.area`,
    [county, areas],
  );
  return new Map(rows.map((row) => [row.area, { rows: row.rows, sum: Number(row.sum) }]));
}
