import { fieldNames, type EntityName } from '../../shared/domain/entities.ts';
import type { Queryable } from './database.ts';
import { decodeHeads, type EncodedHeads, type StoredHead } from './heads.ts';

/** Rows of one entity of one area, already as JSON text: `[id, version, ...values]`, joined by commas. */
export interface SnapshotPart {
  readonly fields: readonly string[];
  readonly count: number;
  readonly lastId: string;
  readonly rowsJson: string;
  /** Heads of the rows that were changed after they were first loaded. */
  readonly heads: ReadonlyMap<string, Readonly<Record<string, StoredHead>>>;
}

interface PartLine {
  count: number;
  last_id: string | null;
  rows_json: string | null;
  heads: Record<string, EncodedHeads> | null;
}

const statements = new Map<EntityName, { readonly fields: readonly string[]; readonly text: string }>();

/** Field names come from the entity specs, never from a message, so the text is safe to build. */
function statementFor(entity: EntityName): { readonly fields: readonly string[]; readonly text: string } {
  const known = statements.get(entity);
  if (known !== undefined) return known;
  const fields = fieldNames(entity);
  const values = fields.map((field) => `data->'${field}'`).join(', ');
  const text = `SELECT count(*)::int AS count, max(id) AS last_id, string_agg(line, ',') AS rows_json,
      jsonb_object_agg(id, heads) FILTER (WHERE heads <> '{}') AS heads
    FROM (SELECT id, heads, json_build_array(id, version, ${values})::text AS line FROM record
          WHERE county = $1 AND area = $2 AND entity = '${entity}' AND id > $3 AND NOT deleted ORDER BY id LIMIT $4) AS part`;
  const statement = { fields, text };
  statements.set(entity, statement);
  return statement;
}

/** The next rows of one entity after an id. The database writes the JSON: parsing every row here would cost more than reading it. */
export async function readPart(
  queryable: Queryable,
  county: string,
  area: string,
  entity: EntityName,
  after: string,
  limit: number,
): Promise<SnapshotPart | null> {
  const { fields, text } = statementFor(entity);
  const { rows } = await queryable.query<PartLine>(text, [county, area, after, limit]);
  const line = rows[0];
  if (line === undefined || line.count === 0 || line.last_id === null || line.rows_json === null) return null;
  const heads = new Map(Object.entries(line.heads ?? {}).map(([id, encoded]) => [id, decodeHeads(encoded)]));
  return { fields, count: line.count, lastId: line.last_id, rowsJson: line.rows_json, heads };
}

/** Live rows of an area. */
export async function countArea(queryable: Queryable, county: string, area: string): Promise<number> {
  const { rows } = await queryable.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM record WHERE county = $1 AND area = $2 AND NOT deleted',
    [county, area],
  );
  return rows[0]?.count ?? 0;
}
