import { HistoryEntry } from '../../shared/sync/wire.ts';
import type { FieldChange } from '../../shared/sync/judge.ts';
import type { Provenance } from '../../shared/sync/delta.ts';
import type { Database, Queryable, Transaction } from './database.ts';
import type { RowKey } from './records.ts';

/** One change of one field, with its author. `version` is the row version it made, or stood beside. */
export interface HistoryLine extends RowKey, FieldChange, Pick<Provenance, 'by' | 'source' | 'at' | 'reason'> {
  readonly version: number;
  /** Delta that brought it; null for what the centre did itself. */
  readonly delta: string | null;
}

export async function writeHistory(
  transaction: Transaction,
  county: string,
  lines: readonly HistoryLine[],
): Promise<void> {
  if (lines.length === 0) return;
  await transaction.query(
    `INSERT INTO history (county, entity, id, field, before, after, fate, by, source, at, reason, version, delta)
     SELECT $1, h.* FROM jsonb_to_recordset($2::jsonb)
       AS h(entity text, id text, field text, before jsonb, after jsonb, fate text, by text, source text, at text,
            reason jsonb, version int, delta text)`,
    [county, JSON.stringify(lines)],
  );
}

/** What happened to a row at the centre, newest first, at most 500 entries. */
export async function readHistory(queryable: Queryable, county: string, key: RowKey): Promise<HistoryEntry[]> {
  const { rows } = await queryable.query(
    `SELECT field, before, after, fate, by, source, at, reason, version FROM history
     WHERE county = $1 AND entity = $2 AND id = $3 ORDER BY number DESC LIMIT 500`,
    [county, key.entity, key.id],
  );
  return rows.map((line) => HistoryEntry.parse(line));
}

/** Makes the history partitions of this month and the next two. Safe to call at any time, by several gateways. */
export async function ensureHistoryMonths(database: Database, now: Date): Promise<void> {
  await database.write(async (transaction) => {
    await transaction.query('SELECT pg_advisory_xact_lock(5702112002)');
    await transaction.query(
      `SELECT ensure_history_month($1::timestamptz + n * interval '1 month') FROM generate_series(0, 2) AS n`,
      [now],
    );
  });
}
