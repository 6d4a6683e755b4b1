import { fieldSpec, type EntityName } from '../../../shared/domain/entities.ts';
import { sameValue, type FieldValue } from '../../../shared/domain/values.ts';
import { combine } from '../../../shared/sync/combine.ts';
import { fromJson, toJson } from './history.ts';
import type { Reader, Writer } from './sqlite.ts';

/** One field with work that the pulled state does not contain yet. */
export interface PendingLine {
  readonly field: string;
  /** What the author had seen, and at which version of the row. Later edits on top inherit the version. */
  readonly baseValue: FieldValue;
  readonly baseVersion: number;
  /** What is wanted, and visible. */
  readonly mine: FieldValue;
  /** What the centre last sent, and with which version of the row. */
  readonly receivedValue: FieldValue;
  readonly receivedVersion: number;
  /** The latest delta about the field. */
  readonly deltaId: string;
}

interface Raw {
  readonly field: string;
  readonly base_value: string;
  readonly base_version: number;
  readonly mine: string;
  readonly received_value: string;
  readonly received_version: number;
  readonly delta_id: string;
}

const lineOf = (raw: Raw): PendingLine => ({
  field: raw.field,
  baseValue: fromJson(raw.base_value),
  baseVersion: raw.base_version,
  mine: fromJson(raw.mine),
  receivedValue: fromJson(raw.received_value),
  receivedVersion: raw.received_version,
  deltaId: raw.delta_id,
});

/** Pending lines of a row by field. */
export function pendingOf(reader: Reader, entity: EntityName, row: string): Map<string, PendingLine> {
  const lines = reader
    .prepare<Raw>('SELECT * FROM pending WHERE entity = ? AND row_id = ?', 'pending.of-row')
    .all(entity, row)
    .map(lineOf);
  return new Map(lines.map((line) => [line.field, line]));
}

export function putPending(writer: Writer, entity: EntityName, row: string, line: PendingLine): void {
  writer
    .command(
      `INSERT INTO pending (entity, row_id, field, base_value, base_version, mine, received_value, received_version, delta_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (entity, row_id, field) DO UPDATE SET base_value = excluded.base_value,
         base_version = excluded.base_version, mine = excluded.mine, received_value = excluded.received_value,
         received_version = excluded.received_version, delta_id = excluded.delta_id`,
      'pending.put',
    )
    .run(
      entity,
      row,
      line.field,
      toJson(line.baseValue),
      line.baseVersion,
      toJson(line.mine),
      toJson(line.receivedValue),
      line.receivedVersion,
      line.deltaId,
    );
}

export function removePending(writer: Writer, entity: EntityName, row: string, field: string): void {
  writer
    .command('DELETE FROM pending WHERE entity = ? AND row_id = ? AND field = ?', 'pending.remove')
    .run(entity, row, field);
}

/** The centre has moved the field to something that neither side of the unsent edit is. */
export const clashes = (line: PendingLine): boolean =>
  line.receivedVersion > line.baseVersion &&
  !sameValue(line.receivedValue, line.baseValue) &&
  !sameValue(line.receivedValue, line.mine);

/**
 * Puts a received value under pending work. Where the field's class combines (sets, notes, counters) the author's change is
 * carried over to the new value; elsewhere the visible value stays and a difference shows as a clash.
 */
export function receiveUnder(entity: EntityName, line: PendingLine, value: FieldValue, version: number): PendingLine {
  const received = { ...line, receivedValue: value, receivedVersion: version };
  if (sameValue(value, line.receivedValue)) return { ...line, receivedValue: value };
  const policy = fieldSpec(entity, line.field)?.merge ?? 'ask';
  const together = combine(policy, line.baseValue, value, line.mine);
  if (together === undefined) return received;
  return { ...received, baseValue: value, baseVersion: version, mine: together };
}
