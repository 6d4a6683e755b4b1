import { entities, fieldNames, type EntityName, type FieldSpec, type Values } from '../../../shared/domain/entities.ts';
import { FieldValue as FieldValueSchema, type FieldValue } from '../../../shared/domain/values.ts';
import type { Reader } from './database.ts';

/** One row of a synced entity with its visible values, as queries and commands read it. */
export interface EntityRow<E extends EntityName = EntityName> {
  readonly entity: E;
  readonly id: string;
  readonly area: string;
  /** The centre's row version last received; 0 when the centre has never seen the row. */
  readonly version: number;
  readonly deleted: boolean;
  readonly values: Values<E>;
}

type RawRow = Readonly<Record<string, string | number | null>>;
/** What a statement takes as a parameter. */
export type Parameter = string | number | null;

function decoded(spec: FieldSpec, raw: string | number | null | undefined): FieldValue {
  if (raw === null || raw === undefined) return null;
  if (spec.type === 'boolean') return raw === 1;
  if (spec.type === 'list') return typeof raw === 'string' ? (JSON.parse(raw) as string[]) : null;
  return raw;
}

function decodeRow<E extends EntityName>(entity: E, raw: RawRow): EntityRow<E> {
  const fields: Readonly<Record<string, FieldSpec>> = entities[entity].fields;
  const values: Record<string, FieldValue> = {};
  for (const [name, spec] of Object.entries(fields)) values[name] = decoded(spec, raw[name]);
  return {
    entity,
    id: String(raw['id']),
    area: String(raw['area']),
    version: Number(raw['version']),
    deleted: raw['deleted'] === 1,
    values: values as Values<E>,
  };
}

const columnLists = new Map<EntityName, string>();

/** `t.id, t.area, ...`: every column of an entity under the alias `t`; names come from the entity specs alone. */
function columns(entity: EntityName): string {
  let list = columnLists.get(entity);
  if (list === undefined) {
    list = ['id', 'area', 'version', 'deleted', ...fieldNames(entity)].map((name) => `t.${name}`).join(', ');
    columnLists.set(entity, list);
  }
  return list;
}

/** Runs a SELECT and types its rows; the column names in the SQL and the type's keys are kept equal by hand. */
export function select<Row>(reader: Reader, sql: string, ...parameters: readonly Parameter[]): readonly Row[] {
  return reader.prepare<Row>(sql).all(...parameters);
}

/** First row of a SELECT. */
export function selectOne<Row>(reader: Reader, sql: string, ...parameters: readonly Parameter[]): Row | undefined {
  return reader.prepare<Row>(sql).get(...parameters);
}

/** Rows of one entity under the alias `t`. `rest` is SQL written in a store file: joins, conditions, order, limit. */
export function selectRows<E extends EntityName>(
  reader: Reader,
  entity: E,
  rest: string,
  ...parameters: readonly Parameter[]
): readonly EntityRow<E>[] {
  const raw = select<RawRow>(reader, `SELECT ${columns(entity)} FROM ${entity} t ${rest}`, ...parameters);
  return raw.map((row) => decodeRow(entity, row));
}

/** The row with its visible values; deleted rows are found too. */
export function findRow<E extends EntityName>(reader: Reader, entity: E, id: string): EntityRow<E> | undefined {
  return selectRows(reader, entity, 'WHERE t.id = ?', id)[0];
}

/** The row unless it is absent or deleted. */
export function findLiveRow<E extends EntityName>(reader: Reader, entity: E, id: string): EntityRow<E> | undefined {
  const row = findRow(reader, entity, id);
  return row === undefined || row.deleted ? undefined : row;
}

/** A value of a row by a name that is only known at run time; null where the row has no such field. */
export function valueOf(row: EntityRow, field: string): FieldValue {
  const values: Readonly<Record<string, FieldValue | readonly string[]>> = row.values;
  const value = values[field] ?? null;
  return typeof value === 'object' && value !== null ? [...value] : value;
}

/** A value out of the JSON text that proposals, conflicts and histories keep; what is no field value stays as its text. */
export function valueOfJson(text: string | null): FieldValue {
  if (text === null) return null;
  const parsed = FieldValueSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : text;
}
