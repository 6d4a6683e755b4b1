import { closeSync, existsSync, fsyncSync, openSync, readSync, statSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Log } from '../log.ts';
import { latestVersion, migrate, readMigrations, type Migration } from './migrations.ts';
import {
  connect,
  isDiskFull,
  ReplicaFull,
  sqliteCode,
  writerOver,
  type Connection,
  type Reader,
  type Writer,
} from './sqlite.ts';

export { ReplicaFull } from './sqlite.ts';
export type { Command, Query, Reader, SqlRow, SqlValue, Writer } from './sqlite.ts';

/** Why a replica file is not opened. It stays as it is. */
export type Refusal =
  'replica.damaged' | 'replica.newer' | 'replica.foreign' | 'replica.half-written' | 'replica.migration-failed';

/** Marks our files inside SQLite's header: "DOOR". */
const applicationId = 0x444f4f52;

/** An open replica. */
export interface Replica {
  readonly file: string;
  /** Committed state; the handle cannot write. */
  readonly reader: Reader;
  /**
   * Runs work in one transaction and makes it durable (synchronous=FULL) before it returns; on an error nothing of it
   * remains. Not to be nested.
   * @throws ReplicaFull when the disk is full
   */
  transaction<T>(work: (writer: Writer) => T): T;
  /**
   * Like `transaction`, for rows that the centre still has: whole or not at all, but a power cut may take back the newest of
   * them. The next `transaction` makes everything before it durable.
   */
  refetchable<T>(work: (writer: Writer) => T): T;
  /** Writes a consistent, still encrypted copy of the whole file, durable when done. */
  copy(to: string): Promise<void>;
  /** Lets deleted content be overwritten in the file, for purges. */
  secureDelete(on: boolean): void;
  /** Lets the log grow longer while much is written, so that a page that changes often is folded in less often. */
  bulk(on: boolean): void;
  readonly migration: number;
  readonly sqlite: string;
  close(): void;
}

export interface ReplicaPlace {
  readonly file: string;
  /** 32 bytes; the caller wipes it. */
  readonly key: Buffer;
  readonly migrationsDir: string;
  /** Where copies made before a migration go. */
  readonly copiesDir: string;
  readonly log: Log;
  readonly now: () => string;
}

/** Makes a new, empty replica. The file must not exist: nothing is ever overwritten. */
export function createReplica(place: ReplicaPlace): Result<Replica, 'disk.full'> {
  if (existsSync(place.file)) throw new Error('a replica file is already there');
  try {
    const connection = connect(place.file, place.key, 'create');
    try {
      connection.pragma(`application_id = ${String(applicationId)}`);
      connection.pragma('journal_mode = WAL');
      migrate(connection, readMigrations(place.migrationsDir), place.log);
    } catch (error) {
      connection.close();
      throw error;
    }
    return ok(finish(connection, place));
  } catch (error) {
    if (isDiskFull(error)) return fail('disk.full', 'free-space');
    throw error;
  }
}

/**
 * Opens an existing replica: right file, undamaged, not newer than this build; then brings its schema up to date.
 * @param expected.salt the file's first 16 bytes as remembered beside it, in hex: tells another file from a damaged one
 */
export async function openReplica(
  place: ReplicaPlace,
  expected: { readonly salt: string },
): Promise<Result<Replica, Refusal | 'disk.full'>> {
  if (!existsSync(place.file) || statSync(place.file).size === 0) return refuse('replica.half-written');
  const foreign = fileSalt(place.file) !== expected.salt;
  let connection: Connection;
  try {
    connection = connect(place.file, place.key, 'write');
  } catch (error) {
    return refuseFor(error, foreign);
  }
  try {
    const checked = inspect(connection, place, foreign);
    if (!checked.ok) {
      connection.close();
      return checked;
    }
    connection.pragma('journal_mode = WAL');
    const pending = checked.value;
    if (pending.length > 0) {
      const before = connection.pragma('user_version', { simple: true });
      const copy = join(place.copiesDir, `before-${String(latestVersion(pending))}-from-${String(before)}.db`);
      await copyReplica(connection, place.file, copy);
      try {
        migrate(connection, pending, place.log);
      } catch (error) {
        connection.close();
        await restore(copy, place.file);
        place.log('error', 'replica.restored', { from: Number(before) });
        if (isDiskFull(error)) return fail('disk.full', 'free-space');
        return refuse('replica.migration-failed');
      }
    }
    return ok(finish(connection, place));
  } catch (error) {
    connection.close();
    return refuseFor(error, foreign);
  }
}

/** What stands in a file's first 16 bytes: with SQLCipher a random salt, made once with the file. */
export function fileSalt(file: string): string {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(16);
    readSync(handle, bytes, 0, 16, 0);
    return bytes.toString('hex');
  } finally {
    closeSync(handle);
  }
}

/** Checks whose file it is, that it is whole, and what it still needs. */
function inspect(connection: Connection, place: ReplicaPlace, foreign: boolean): Result<readonly Migration[], Refusal> {
  // The first read decides whether the key fits.
  const version = Number(connection.pragma('user_version', { simple: true }));
  if (Number(connection.pragma('application_id', { simple: true })) !== applicationId)
    return refuse(foreign || version > 0 ? 'replica.foreign' : 'replica.half-written');
  const known = readMigrations(place.migrationsDir);
  if (version > latestVersion(known)) return refuse('replica.newer');
  if (version === 0) return refuse('replica.half-written');
  if (connection.pragma('quick_check(1)', { simple: true }) !== 'ok') return refuse('replica.damaged');
  return ok(known.filter((migration) => migration.version > version));
}

/** Pages of 4 KiB in the log before they are folded into the file: SQLite's own choice, and four times as much. */
const logPages = 1_000;
const bulkLogPages = 4_000;

function finish(connection: Connection, place: ReplicaPlace): Replica {
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('cache_size = -16000');
  const reading = connect(place.file, place.key, 'read');
  reading.pragma('query_only = ON');
  reading.pragma('cache_size = -32000');
  const writer = writerOver(connection, place.log);
  const { prepare } = writerOver(reading, place.log);
  return {
    file: place.file,
    reader: { prepare },
    transaction: (work) => transact(connection, () => work(writer)),
    refetchable: (work) => {
      connection.pragma('synchronous = NORMAL');
      try {
        return transact(connection, () => work(writer));
      } finally {
        connection.pragma('synchronous = FULL');
      }
    },
    copy: (to) => copyReplica(connection, place.file, to),
    secureDelete: (on) => void connection.pragma(`secure_delete = ${on ? 'ON' : 'OFF'}`),
    bulk: (on) => void connection.pragma(`wal_autocheckpoint = ${String(on ? bulkLogPages : logPages)}`),
    migration: Number(connection.pragma('user_version', { simple: true })),
    sqlite: String(connection.prepare('SELECT sqlite_version()').pluck().get()),
    close: () => {
      reading.close();
      connection.close();
    },
  };
}

function transact<T>(connection: Connection, work: () => T): T {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    connection.exec('COMMIT');
    return value;
  } catch (error) {
    // A full disk may have rolled back already.
    if (connection.inTransaction) connection.exec('ROLLBACK');
    if (isDiskFull(error)) throw new ReplicaFull(error);
    throw error;
  }
}

/**
 * SQLite's backup API cannot copy between an encrypted file and one without a key, so the copy is made of the file itself:
 * the log is folded in and the write lock held, so that no page can change meanwhile.
 */
async function copyReplica(connection: Connection, file: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const half = `${to}.part`;
  connection.pragma('wal_checkpoint(TRUNCATE)');
  connection.exec('BEGIN IMMEDIATE');
  try {
    await copyFile(file, half);
  } finally {
    connection.exec('ROLLBACK');
  }
  syncFile(half);
  await rename(half, to);
}

/** Puts a copy back in place. The copy itself stays. */
async function restore(copy: string, file: string): Promise<void> {
  const half = `${file}.restoring`;
  await copyFile(copy, half);
  syncFile(half);
  for (const suffix of ['-wal', '-shm']) await rm(`${file}${suffix}`, { force: true });
  await rename(half, file);
}

function syncFile(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function refuseFor(error: unknown, foreign: boolean): Result<never, Refusal | 'disk.full'> {
  if (isDiskFull(error)) return fail('disk.full', 'free-space');
  const code = sqliteCode(error);
  if (code.startsWith('SQLITE_NOTADB')) return refuse(foreign ? 'replica.foreign' : 'replica.damaged');
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_IOERR')) return refuse('replica.damaged');
  throw error;
}

function refuse(code: Refusal): Result<never, Refusal> {
  return fail(code, code === 'replica.newer' ? 'update-app' : 'restore-copy');
}
