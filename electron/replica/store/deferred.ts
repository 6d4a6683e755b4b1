import { fieldSpec, isEntityName } from '../../../shared/domain/entities.ts';
import { checkValue } from '../../../shared/sync/check-value.ts';
import { putRow, readRow } from './entity-table.ts';
import { fromJson } from './history.ts';
import { pendingOf, putPending, receiveUnder } from './pending.ts';
import type { Writer } from './sqlite.ts';

/**
 * After an upgrade: values of fields that this build knows now go into their columns. One that fits no field is left where it
 * is and holds up nobody.
 */
export function applyDeferred(writer: Writer): void {
  const lines = writer
    .prepare<{ entity: string; row_id: string; field: string; value: string; version: number }>(
      'SELECT * FROM deferred',
      'deferred.all',
    )
    .all();
  for (const { entity, row_id: id, field, value: text, version } of lines) {
    const spec = isEntityName(entity) ? fieldSpec(entity, field) : undefined;
    if (!isEntityName(entity) || spec === undefined) continue;
    const value = fromJson(text);
    const row = readRow(writer, entity, id);
    if (row === undefined || !checkValue(spec.type, value)) continue;
    const line = pendingOf(writer, entity, id).get(field);
    if (line === undefined) putRow(writer, entity, { ...row, values: { ...row.values, [field]: value } });
    else putPending(writer, entity, id, receiveUnder(entity, line, value, version));
    writer.command('DELETE FROM deferred WHERE entity = ? AND row_id = ? AND field = ?').run(entity, id, field);
  }
}
