import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import Database from 'better-sqlite3';
import type { Log } from '../log.ts';

/** What a column can hold. */
export type SqlValue = string | number | bigint | Uint8Array | null;
/** One row as SQLite gives it; callers name the columns they asked for. */
export type SqlRow = Record<string, SqlValue>;

/** A cached statement that only reads. */
export interface Query<Row> {
  all(...values: readonly SqlValue[]): Row[];
  get(...values: readonly SqlValue[]): Row | undefined;
}

/** A cached statement that writes. */
export interface Command {
  run(...values: readonly SqlValue[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
}

/** A handle that cannot write: the file is opened read-only. Sees what was committed when each statement started. */
export interface Reader {
  /**
   * Compiles once, then answers from the cache. SQL is fixed text with `?` for values, never built from a message.
   * @param name what the slow-query log calls it; the SQL's beginning when left out
   */
  readonly prepare: <Row = SqlRow>(sql: string, name?: string) => Query<Row>;
}

/** The one handle that writes; handed out only inside `Replica.transaction`. Reads see the transaction's own writes. */
export interface Writer extends Reader {
  readonly command: (sql: string, name?: string) => Command;
}

/** The disk, or the space the replica may use, is full. The transaction was rolled back whole. */
export class ReplicaFull extends Error {
  constructor(cause: unknown) {
    super('the disk is full', { cause });
    this.name = 'ReplicaFull';
  }
}

/** True for what SQLite or the file system says when no byte more fits. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'SQLITE_FULL' || error.code === 'ENOSPC' || error.code === 'EDQUOT';
}

/** SQLite's own code of an error, such as `SQLITE_NOTADB`; empty for other errors. */
export function sqliteCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

export type Connection = Database.Database;

/**
 * Opens a connection and keys it. The key is applied before anything is read; a wrong one shows at the first read.
 * @param key 32 bytes, used raw: no second key derivation takes place
 */
export function connect(file: string, key: Buffer, mode: 'read' | 'write' | 'create'): Connection {
  if (key.length !== 32) throw new Error('a replica key has 32 bytes');
  const nativeBinding = process.env['DOORSTEP_SQLITE_BINDING'];
  const connection = new Database(file, {
    readonly: mode === 'read',
    fileMustExist: mode !== 'create',
    timeout: 5_000,
    ...(nativeBinding === undefined || nativeBinding === '' ? {} : { nativeBinding: resolveBinding(nativeBinding) }),
  });
  try {
    connection.pragma(`cipher = 'sqlcipher'`);
    connection.pragma('legacy = 4');
    connection.pragma(`key = "x'${key.toString('hex')}'"`);
    // Temporary tables and sorts would be written in plain text otherwise.
    connection.pragma('temp_store = MEMORY');
    connection.pragma('trusted_schema = OFF');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

const resolveBinding = (path: string): string => createRequire(import.meta.url).resolve(path);

const slowMillis = 40;

/** Wraps a connection so that statements are compiled once and slow ones are named in the log, without values. */
export function writerOver(connection: Connection, log: Log): Writer {
  const statements = new Map<string, Database.Statement<SqlValue[], unknown>>();
  const compiled = (sql: string): Database.Statement<SqlValue[], unknown> => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const made = connection.prepare<SqlValue[], unknown>(sql);
    statements.set(sql, made);
    return made;
  };
  const timed = <T>(sql: string, name: string | undefined, work: () => T): T => {
    const start = performance.now();
    const value = work();
    const millis = performance.now() - start;
    if (millis > slowMillis) log('warn', 'query.slow', { query: name ?? shortened(sql), millis: Math.round(millis) });
    return value;
  };
  return {
    prepare: <Row>(sql: string, name?: string): Query<Row> => {
      const statement = compiled(sql);
      return {
        // The caller names the columns he asked for in SQL of this repository; SQLite cannot tell their types.
        all: (...values) => timed(sql, name, () => statement.all(...values) as Row[]),
        get: (...values) => timed(sql, name, () => statement.get(...values) as Row | undefined),
      };
    },
    command: (sql, name) => {
      const statement = compiled(sql);
      return { run: (...values) => timed(sql, name, () => statement.run(...values)) };
    },
  };
}

const shortened = (sql: string): string => sql.replaceAll(/\s+/g, ' ').trim().slice(0, 100);
