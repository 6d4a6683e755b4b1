import type { EntityName } from '../../../shared/domain/entities.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import type { Provenance } from '../../../shared/sync/delta.ts';
import { readMeta, writeMeta } from './meta.ts';
import type { Reader, Writer } from './sqlite.ts';

/** One field of one row. */
export interface FieldPlace {
  readonly entity: EntityName;
  readonly row: string;
  readonly field: string;
}

/** Who changed a field, when, by what and why; the version is 0 while the centre has not seen it. */
export type Origin = Omit<Provenance, 'version'> & { readonly version: number };

/** Values of all kinds are kept as JSON text beside the typed columns. */
export const toJson = (value: FieldValue | undefined): string => JSON.stringify(value ?? null);

/** The value inside JSON text of our own making. */
export function fromJson(text: string): FieldValue {
  const value: unknown = JSON.parse(text);
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (Array.isArray(value)) return value.map(String);
  throw new Error('stored JSON holds no field value');
}

/** Adds a line to a field's history: `set` for a value that came, `aside` for one that lost and is kept. */
export function addHistory(
  writer: Writer,
  place: FieldPlace,
  change: { readonly before: FieldValue; readonly after: FieldValue; readonly fate: 'set' | 'aside' },
  origin: Origin,
  delta: string | null,
): void {
  writer
    .command(
      `INSERT INTO field_history (entity, row_id, field, before, after, fate, by, source, at, reason, delta_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      'history.add',
    )
    .run(
      place.entity,
      place.row,
      place.field,
      toJson(change.before),
      toJson(change.after),
      change.fate,
      origin.by,
      origin.source,
      origin.at,
      JSON.stringify(origin.reason),
      delta,
    );
}

export function putProvenance(writer: Writer, place: FieldPlace, origin: Origin): void {
  writer
    .command(
      `INSERT INTO provenance (entity, row_id, field, version, by, source, at, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (entity, row_id, field) DO UPDATE SET version = excluded.version, by = excluded.by,
         source = excluded.source, at = excluded.at, reason = excluded.reason`,
      'provenance.put',
    )
    .run(
      place.entity,
      place.row,
      place.field,
      origin.version,
      origin.by,
      origin.source,
      origin.at,
      JSON.stringify(origin.reason),
    );
}

export function removeProvenance(writer: Writer, place: FieldPlace): void {
  writer
    .command('DELETE FROM provenance WHERE entity = ? AND row_id = ? AND field = ?', 'provenance.remove')
    .run(place.entity, place.row, place.field);
}

/** Moves a person's news mark: what others changed after her previous unlock is news until her next one. */
export function moveNewsMark(writer: Writer, person: string): void {
  const last = writer.prepare<{ last: number | null }>('SELECT max(id) AS last FROM field_history').get()?.last ?? 0;
  writeMeta(writer, `history-before:${person}`, readMeta(writer, `history-seen:${person}`) ?? String(last));
  writeMeta(writer, `history-seen:${person}`, String(last));
}

/** Values set aside for a row, for tests and support. */
export const countAside = (reader: Reader, entity: EntityName, row: string): number =>
  reader
    .prepare<{ n: number }>(
      `SELECT count(*) AS n FROM field_history WHERE entity = ? AND row_id = ? AND fate = 'aside'`,
    )
    .get(entity, row)?.n ?? 0;
