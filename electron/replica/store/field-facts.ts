import type { EntityName } from '../../../shared/domain/entities.ts';
import type { Source } from '../../../shared/domain/sources.ts';
import type { Reason } from '../../../shared/sync/delta.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import type { Reader } from './database.ts';
import { select, selectOne, valueOfJson, type Parameter } from './decoding.ts';

/** Who last changed a field, by what, and why. */
export interface FieldOrigin {
  readonly by: string;
  readonly source: Source;
  readonly at: string;
  readonly reason: Reason;
}

interface RawOrigin {
  readonly field: string;
  readonly by: string;
  readonly source: Source;
  readonly at: string;
  readonly reason: string;
}

const originOf = (raw: RawOrigin): FieldOrigin => ({
  by: raw.by,
  source: raw.source,
  at: raw.at,
  reason: JSON.parse(raw.reason) as Reason,
});

/** Origins of a row's fields; a field without one is as it came with the first load. */
export function originsOf(reader: Reader, entity: EntityName, row: string): ReadonlyMap<string, FieldOrigin> {
  const lines = select<RawOrigin>(
    reader,
    'SELECT field, by, source, at, reason FROM provenance WHERE entity = ? AND row_id = ?',
    entity,
    row,
  );
  return new Map(lines.map((line) => [line.field, originOf(line)]));
}

/** Fields of a row with work the centre has not answered yet. */
export function waitingFields(reader: Reader, entity: EntityName, row: string): ReadonlySet<string> {
  const lines = select<{ field: string }>(
    reader,
    'SELECT field FROM pending WHERE entity = ? AND row_id = ?',
    entity,
    row,
  );
  return new Set(lines.map((line) => line.field));
}

/** One change of a field, or a value that lost and is kept. */
export interface FieldLife extends FieldOrigin {
  readonly entity: EntityName;
  readonly rowId: string;
  readonly field: string;
  readonly before: FieldValue;
  readonly after: FieldValue;
  readonly fate: 'set' | 'aside';
  readonly waiting: boolean;
}

interface RawLife extends RawOrigin {
  readonly entity: EntityName;
  readonly row_id: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly fate: 'set' | 'aside';
  readonly waiting: number;
}

const lifeOf = (raw: RawLife): FieldLife => ({
  ...originOf(raw),
  entity: raw.entity,
  rowId: raw.row_id,
  field: raw.field,
  before: valueOfJson(raw.before),
  after: valueOfJson(raw.after),
  fate: raw.fate,
  waiting: raw.waiting === 1,
});

const lives = (reader: Reader, rest: string, ...parameters: readonly Parameter[]): readonly FieldLife[] =>
  select<RawLife>(
    reader,
    `SELECT h.entity, h.row_id, h.field, h.before, h.after, h.fate, h.by, h.source, h.at, h.reason,
            EXISTS (SELECT 1 FROM outbox o WHERE o.delta_id = h.delta_id AND o.state IN ('waiting', 'sent')) AS waiting
       FROM field_history h ${rest}`,
    ...parameters,
  ).map(lifeOf);

/** A row's history, newest first. */
export function livesOf(
  reader: Reader,
  entity: EntityName,
  row: string,
  field: string | null,
  limit: number,
): readonly FieldLife[] {
  if (field === null)
    return lives(
      reader,
      'WHERE h.entity = ? AND h.row_id = ? ORDER BY h.at DESC, h.id DESC LIMIT ?',
      entity,
      row,
      limit,
    );
  return lives(
    reader,
    'WHERE h.entity = ? AND h.row_id = ? AND h.field = ? ORDER BY h.at DESC, h.id DESC LIMIT ?',
    entity,
    row,
    field,
    limit,
  );
}

/**
 * Values others changed on people and households since this person's last unlock, newest first. By order of arrival:
 * a colleague's edit of yesterday that was pulled a minute ago is news.
 */
export function newsFor(reader: Reader, person: string, limit: number): readonly FieldLife[] {
  const mark = selectOne<{ value: string }>(reader, 'SELECT value FROM meta WHERE key = ?', `history-before:${person}`);
  return lives(
    reader,
    `WHERE h.id > ? AND h.by <> ? AND h.entity IN ('resident', 'household', 'membership') ORDER BY h.id DESC LIMIT ?`,
    Number(mark?.value ?? 0),
    person,
    limit,
  );
}

const latest = (reader: Reader, entity: EntityName, row: string, field: string, own: 'EXISTS' | 'NOT EXISTS') =>
  lives(
    reader,
    `WHERE h.entity = ? AND h.row_id = ? AND h.field = ?
       AND ${own} (SELECT 1 FROM pending p WHERE p.entity = h.entity AND p.row_id = h.row_id AND p.field = h.field
                    AND p.delta_id = h.delta_id)
     ORDER BY h.id DESC LIMIT 1`,
    entity,
    row,
    field,
  )[0];

/** Origin of this device's unsent value of a field. */
export const lastLocal = (reader: Reader, entity: EntityName, row: string, field: string): FieldOrigin | undefined =>
  latest(reader, entity, row, field, 'EXISTS');

/** Origin of the value last received for a field with unsent work on it. */
export const lastReceived = (reader: Reader, entity: EntityName, row: string, field: string): FieldOrigin | undefined =>
  latest(reader, entity, row, field, 'NOT EXISTS');

/**
 * What a decision about a proposal did to the field: its latest line, or undefined when it did not touch the field. Known by
 * its reason, or (a correction is the worker's own word) by having been written in one transaction with the decision.
 */
export const decisionOn = (
  reader: Reader,
  entity: EntityName,
  row: string,
  field: string,
  proposal: string,
): FieldLife | undefined =>
  lives(
    reader,
    `WHERE h.entity = ? AND h.row_id = ? AND h.field = ? AND h.fate = 'set' AND json_extract(h.reason, '$.kind') <> 'undo'
       AND (json_extract(h.reason, '$.proposal') = ?
         OR h.delta_id IN (SELECT s.delta_id FROM outbox d JOIN outbox s ON s.txn = d.txn
                            WHERE d.entity = 'proposal' AND d.row_id = ?))
     ORDER BY h.id DESC LIMIT 1`,
    entity,
    row,
    field,
    proposal,
    proposal,
  )[0];

/** When this device last kept something for a visit: what "saved" means on its screen. */
export function latestWorkIn(reader: Reader, visit: string): string | null {
  const sql = `SELECT MAX(at) AS at FROM outbox WHERE json_extract(body, '$.reason.visit') = ?`;
  return selectOne<{ at: string | null }>(reader, sql, visit)?.at ?? null;
}
