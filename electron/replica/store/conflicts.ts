import type { EntityName } from '../../../shared/domain/entities.ts';
import type { Reader } from './database.ts';
import { findLiveRow, select, selectOne, selectRows, type EntityRow, type Parameter } from './decoding.ts';

export const findConflict = (reader: Reader, id: string): EntityRow<'conflict'> | undefined =>
  findLiveRow(reader, 'conflict', id);

/** Conflicts recorded at the centre, newest first. */
export const conflictsInState = (reader: Reader, state: string, limit: number): readonly EntityRow<'conflict'>[] =>
  selectRows(
    reader,
    'conflict',
    'WHERE t.state = ? AND t.deleted = 0 ORDER BY t.offered_at DESC, t.id LIMIT ?',
    state,
    limit,
  );

export const openConflictsAbout = (reader: Reader, entity: EntityName, id: string): readonly EntityRow<'conflict'>[] =>
  selectRows(
    reader,
    'conflict',
    `WHERE t.subject_id = ? AND t.subject_entity = ? AND +t.state = 'open' AND t.deleted = 0
      ORDER BY t.offered_at DESC, t.id LIMIT 50`,
    id,
    entity,
  );

/** Unsent work on a field whose value at the centre has moved to something else meanwhile. Values are JSON text. */
export interface PendingClash {
  readonly entity: EntityName;
  readonly rowId: string;
  readonly field: string;
  readonly baseValue: string | null;
  readonly mine: string | null;
  readonly receivedValue: string | null;
}

const clash = `SELECT entity, row_id AS rowId, field, base_value AS baseValue, mine, received_value AS receivedValue
  FROM pending WHERE received_version > base_version AND received_value IS NOT mine AND received_value IS NOT base_value`;

const clashes = (reader: Reader, more: string, ...parameters: readonly Parameter[]): readonly PendingClash[] =>
  select<PendingClash>(reader, `${clash} ${more}`, ...parameters);

export const pendingClashes = (reader: Reader, limit: number): readonly PendingClash[] =>
  clashes(reader, 'ORDER BY entity, row_id, field LIMIT ?', limit);

export const pendingClashesOf = (reader: Reader, entity: EntityName, row: string): readonly PendingClash[] =>
  clashes(reader, 'AND entity = ? AND row_id = ? ORDER BY field', entity, row);

export const pendingClash = (
  reader: Reader,
  entity: EntityName,
  row: string,
  field: string,
): PendingClash | undefined => clashes(reader, 'AND entity = ? AND row_id = ? AND field = ?', entity, row, field)[0];

/** True while unsent work stands on the field, whether it clashes or not. */
export const isPending = (reader: Reader, entity: EntityName, row: string, field: string): boolean =>
  selectOne(reader, 'SELECT 1 AS n FROM pending WHERE entity = ? AND row_id = ? AND field = ?', entity, row, field) !==
  undefined;
