import { rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import Database from 'better-sqlite3';
import { entityNames } from '../shared/domain/entities.ts';
import type { Reader } from '../electron/replica/store/database.ts';

/** The same rows in a plain, unencrypted SQLite file: what the bare statements are run on. */
export interface Plain {
  readonly database: Database.Database;
  /** Rows of entities copied. */
  readonly rows: number;
  /** What inserting them took: one prepared statement for each table, one durable transaction, no index but the keys. */
  readonly insertMillis: number;
  close(): void;
}

interface Schema {
  readonly name: string;
  readonly sql: string;
}

const aside = ['provenance', 'field_history', 'pending', 'outbox'] as const;

function schemaOf(reader: Reader, type: 'table' | 'index', table: string): Schema[] {
  return reader
    .prepare<{ name: string; sql: string }>(
      'SELECT name, sql FROM sqlite_schema WHERE type = ? AND tbl_name = ? AND sql IS NOT NULL',
    )
    .all(type, table);
}

/** Copies the entities (timed), then what hangs on them and every index of theirs (not timed). */
export function copyPlain(reader: Reader, file: string): Plain {
  for (const tail of ['', '-wal', '-shm']) rmSync(`${file}${tail}`, { force: true });
  const nativeBinding = process.env['DOORSTEP_SQLITE_BINDING'];
  const database = new Database(file, nativeBinding === undefined || nativeBinding === '' ? {} : { nativeBinding });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('cache_size = -32000');
  let rows = 0;
  let insertMillis = 0;
  const copy = (table: string): { rows: number; millis: number } => {
    for (const { sql } of schemaOf(reader, 'table', table)) database.exec(sql);
    const content = reader
      .prepare(`SELECT * FROM "${table}"`)
      .all()
      .map((row) => Object.values(row));
    const width = content[0]?.length ?? 0;
    if (width === 0) return { rows: 0, millis: 0 };
    const insert = database.prepare(
      `INSERT INTO "${table}" VALUES (${Array.from({ length: width }, () => '?').join(', ')})`,
    );
    const start = performance.now();
    database.transaction(() => {
      for (const row of content) insert.run(row);
    })();
    return { rows: content.length, millis: performance.now() - start };
  };
  for (const entity of entityNames) {
    const copied = copy(entity);
    rows += copied.rows;
    insertMillis += copied.millis;
  }
  for (const table of aside) copy(table);
  for (const table of [...entityNames, ...aside])
    for (const { sql } of schemaOf(reader, 'index', table)) database.exec(sql);
  // What a plain prefix search would lean on.
  database.exec('CREATE INDEX plain_name ON resident (name)');
  database.exec('CREATE INDEX plain_suffix ON resident (substr(id_no, -4))');
  database.exec('CREATE INDEX plain_place ON address (full_text)');
  database.exec('ANALYZE');
  return { database, rows, insertMillis, close: () => database.close() };
}
