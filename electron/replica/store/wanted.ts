import { isEntityName, type EntityName } from '../../../shared/domain/entities.ts';
import type { Reader, Writer } from './sqlite.ts';

/** A row to be asked for by name. */
export interface Wanted {
  readonly entity: EntityName;
  readonly id: string;
  readonly area: string;
}

/** Rows asked for in vain more often than this wait for the area's next load. */
const triesAllowed = 20;

export function want(writer: Writer, entity: EntityName, id: string, area: string): void {
  writer
    .command(
      `INSERT INTO wanted (entity, row_id, area) VALUES (?, ?, ?)
       ON CONFLICT (entity, row_id) DO UPDATE SET area = excluded.area`,
    )
    .run(entity, id, area);
}

/** The row came, or left; with an area, only when it was wanted for that one. */
export function unwant(writer: Writer, entity: EntityName, id: string, area: string | null): void {
  writer
    .command('DELETE FROM wanted WHERE entity = ? AND row_id = ? AND area = coalesce(?, area)')
    .run(entity, id, area);
}

export function countTry(writer: Writer, entity: EntityName, id: string): void {
  writer.command('UPDATE wanted SET tries = tries + 1 WHERE entity = ? AND row_id = ?').run(entity, id);
}

/** Wanted rows, the least asked for first. */
export const wantedRows = (reader: Reader, limit: number): readonly Wanted[] =>
  reader
    .prepare<{ entity: string; id: string; area: string }>(
      'SELECT entity, row_id AS id, area FROM wanted WHERE tries < ? ORDER BY tries, entity, row_id LIMIT ?',
    )
    .all(triesAllowed, limit)
    .flatMap(({ entity, id, area }) => (isEntityName(entity) ? [{ entity, id, area }] : []));
