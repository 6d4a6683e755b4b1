import {
  entities,
  entityNames,
  type EntityName,
  type FieldSpec,
  type FieldType,
} from '../../../shared/domain/entities.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import type { Reader, SqlRow, SqlValue, Writer } from './sqlite.ts';

/** One row of a synced entity as its table holds it: visible values, unsent work on top. */
export interface StoredRow {
  readonly id: string;
  readonly area: string;
  /** Centre's version last received; 0 when the centre has not shown the row yet. */
  readonly version: number;
  readonly deleted: boolean;
  readonly values: Readonly<Record<string, FieldValue>>;
}

/** Everything SQL about one entity, cut once from its spec: no statement is made from a name in a message. */
interface Table {
  readonly fields: readonly (readonly [string, FieldType])[];
  readonly select: string;
  readonly upsert: string;
  readonly upsertNewer: string;
  readonly remove: string;
}

const tables: ReadonlyMap<EntityName, Table> = new Map(
  entityNames.map((entity) => {
    const specs: Readonly<Record<string, FieldSpec>> = entities[entity].fields;
    const fields = Object.entries(specs).map(([name, spec]) => [name, spec.type] as const);
    const columns = ['id', 'area', 'version', 'deleted', ...fields.map(([name]) => `"${name}"`)];
    const update = columns.slice(1).map((column) => `${column} = excluded.${column}`);
    const insert = `INSERT INTO "${entity}" (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
      ON CONFLICT (id) DO UPDATE SET ${update.join(', ')}`;
    return [
      entity,
      {
        fields,
        select: `SELECT ${columns.join(', ')} FROM "${entity}" WHERE id = ?`,
        upsert: insert,
        upsertNewer: `${insert} WHERE excluded.version > "${entity}".version`,
        remove: `DELETE FROM "${entity}" WHERE id = ?`,
      },
    ];
  }),
);

function tableOf(entity: EntityName): Table {
  const table = tables.get(entity);
  if (table === undefined) throw new Error(`no table for ${entity}`);
  return table;
}

/** A value as its column holds it. */
export function encode(type: FieldType, value: FieldValue | undefined): SqlValue {
  if (value === null || value === undefined) return null;
  if (type === 'boolean') return value === true ? 1 : 0;
  if (typeof value === 'boolean') throw new Error('a truth value in a column of another type');
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

/** A column's content as a field value. */
export function decode(type: FieldType, raw: SqlValue | undefined): FieldValue {
  if (raw === null || raw === undefined) return null;
  if (type === 'boolean') return raw === 1;
  if (type === 'list' && typeof raw === 'string') {
    const list: unknown = JSON.parse(raw);
    return Array.isArray(list) ? list.map(String) : null;
  }
  if (typeof raw === 'string' || typeof raw === 'number') return raw;
  throw new Error('a column holds what no field can');
}

export function readRow(reader: Reader, entity: EntityName, id: string): StoredRow | undefined {
  const table = tableOf(entity);
  const raw = reader.prepare<SqlRow>(table.select, `${entity}.read`).get(id);
  if (raw === undefined) return undefined;
  const values: Record<string, FieldValue> = {};
  for (const [name, type] of table.fields) values[name] = decode(type, raw[name]);
  return {
    id,
    area: String(raw['area']),
    version: Number(raw['version']),
    deleted: raw['deleted'] === 1,
    values,
  };
}

/** Writes a whole row, new or not. */
export function putRow(writer: Writer, entity: EntityName, row: StoredRow): void {
  const table = tableOf(entity);
  writer
    .command(table.upsert, `${entity}.put`)
    .run(
      row.id,
      row.area,
      row.version,
      row.deleted ? 1 : 0,
      ...table.fields.map(([name, type]) => encode(type, row.values[name])),
    );
}

/**
 * A writer of many snapshot rows: values arrive in the order of `columns`, types checked; an older state never replaces a
 * newer one.
 */
export function bulkPut(
  writer: Writer,
  entity: EntityName,
  area: string,
): {
  readonly fields: readonly (readonly [string, FieldType])[];
  readonly put: (id: string, version: number, values: readonly SqlValue[]) => void;
} {
  const table = tableOf(entity);
  const command = writer.command(table.upsertNewer, `${entity}.bulk-put`);
  return {
    fields: table.fields,
    put: (id, version, values) => void command.run(id, area, version, 0, ...values),
  };
}

export function removeRow(writer: Writer, entity: EntityName, id: string): void {
  writer.command(tableOf(entity).remove, `${entity}.remove`).run(id);
}
