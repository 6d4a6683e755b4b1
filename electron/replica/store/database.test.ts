import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { entityNames, fieldNames } from '../../../shared/domain/entities.ts';
import { silent } from '../log.ts';
import {
  createReplica,
  fileSalt,
  openReplica,
  ReplicaFull,
  type Replica,
  type ReplicaPlace,
  type Writer,
} from './database.ts';
import { readMeta, writeMeta } from './meta.ts';
import { readMigrations } from './migrations.ts';

const migrationsDir = join(import.meta.dirname, '../../../migrations/replica');
let folder: string;
let place: ReplicaPlace;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doorstep-database-'));
  place = {
    file: join(folder, 'replica.db'),
    key: randomBytes(32),
    migrationsDir,
    copiesDir: join(folder, 'copies'),
    log: silent,
    now: () => '2026-11-21T02:00:00.000Z',
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function make(): Replica {
  const made = createReplica(place);
  if (!made.ok) throw new Error(made.failure.code);
  return made.value;
}
/** A closed replica with one line of work in it; returns the salt remembered beside it. */
function prepare(): string {
  const replica = make();
  replica.transaction((writer) => writeMeta(writer, 'person', '王小明的工作'));
  replica.close();
  return fileSalt(place.file);
}
async function codeOf(salt: string, other: Partial<ReplicaPlace> = {}): Promise<string> {
  const before = readFileSync(place.file);
  const opened = await openReplica({ ...place, ...other }, { salt });
  if (opened.ok) {
    opened.value.close();
    return 'opened';
  }
  // Refused, and not touched.
  expect(readFileSync(place.file).equals(before)).toBe(true);
  return opened.failure.code;
}

test('what is written is there after reopening, and no word of it in the file', async () => {
  const salt = prepare();
  const opened = await openReplica(place, { salt });
  if (!opened.ok) throw new Error(opened.failure.code);
  expect(readMeta(opened.value.reader, 'person')).toBe('王小明的工作');
  opened.value.close();
  const bytes = readFileSync(place.file);
  expect(bytes.includes('王小明')).toBe(false);
  expect(bytes.includes('CREATE TABLE')).toBe(false);
  expect(bytes.subarray(0, 15).toString()).not.toBe('SQLite format 3');
});

test('the reader cannot write', () => {
  const replica = make();
  expect(() => replica.reader.prepare(`INSERT INTO meta (key, value) VALUES ('a', 'b') RETURNING key`).all()).toThrow(
    /readonly/,
  );
  replica.close();
});

test('only rows that can be asked for again are written without waiting for the disk', () => {
  const replica = make();
  const level = (writer: Writer): unknown => Object.values(writer.prepare('PRAGMA synchronous').get() ?? {})[0];
  const [normal, full] = [1, 2];
  expect(replica.transaction(level)).toBe(full);
  expect(replica.refetchable(level)).toBe(normal);
  expect(() =>
    replica.refetchable((writer) => {
      writeMeta(writer, 'person', '半个');
      throw new Error('broken off');
    }),
  ).toThrow('broken off');
  expect(readMeta(replica.reader, 'person')).toBeUndefined();
  expect(replica.transaction(level)).toBe(full);
  replica.close();
});

describe('refused, and left as it is', () => {
  test('an empty file', async () => {
    writeFileSync(place.file, '');
    expect(await codeOf('00'.repeat(16))).toBe('replica.half-written');
  });
  test("another replica's file", async () => {
    const salt = prepare();
    const otherPlace = { ...place, file: join(folder, 'other.db'), key: randomBytes(32) };
    const made = createReplica(otherPlace);
    if (made.ok) made.value.close();
    copyFileSync(otherPlace.file, place.file);
    expect(await codeOf(salt)).toBe('replica.foreign');
  });
  test('a plain SQLite database', async () => {
    const salt = prepare();
    const header = Buffer.alloc(8192);
    header.write('SQLite format 3\0', 'latin1');
    writeFileSync(place.file, header);
    expect(await codeOf(salt)).toBe('replica.foreign');
  });
  test('a damaged first page', async () => {
    const salt = prepare();
    scribble(200);
    expect(await codeOf(salt)).toBe('replica.damaged');
  });
  test('a damaged page further on', async () => {
    const salt = prepare();
    scribble(Math.floor(statSync(place.file).size / 2));
    expect(await codeOf(salt)).toBe('replica.damaged');
  });
  test('a newer schema than this build knows', async () => {
    const salt = prepare();
    const opened = await openReplica(place, { salt });
    if (!opened.ok) throw new Error(opened.failure.code);
    opened.value.transaction((writer) => writer.command('PRAGMA user_version = 999').run());
    opened.value.close();
    expect(await codeOf(salt)).toBe('replica.newer');
  });
});

function scribble(at: number): void {
  const handle = openSync(place.file, 'r+');
  writeSync(handle, Buffer.alloc(64, 0xaa), 0, 64, at);
  closeSync(handle);
}

describe('migrations', () => {
  /** The present schema with more steps behind it. */
  function withSteps(...steps: string[]): string {
    const dir = join(folder, 'migrations');
    mkdirSync(dir);
    const known = readMigrations(migrationsDir);
    for (const { name, sql } of known) writeFileSync(join(dir, name), sql);
    steps.forEach((sql, index) =>
      writeFileSync(join(dir, `${String(known.length + index + 1).padStart(4, '0')}_more.sql`), sql),
    );
    return dir;
  }

  test('a step is applied once, after a copy was made', async () => {
    const salt = prepare();
    const dir = withSteps('CREATE TABLE extra (id TEXT PRIMARY KEY) STRICT;');
    const opened = await openReplica({ ...place, migrationsDir: dir }, { salt });
    if (!opened.ok) throw new Error(opened.failure.code);
    expect(opened.value.migration).toBe(readMigrations(dir).length);
    expect(readMeta(opened.value.reader, 'person')).toBe('王小明的工作');
    opened.value.close();
    const known = readMigrations(migrationsDir).length;
    expect(existsSync(join(place.copiesDir, `before-${String(known + 1)}-from-${String(known)}.db`))).toBe(true);
  });

  test('when a later step fails the file is as it was before the first', async () => {
    const salt = prepare();
    const dir = withSteps('CREATE TABLE extra (id TEXT PRIMARY KEY) STRICT;', 'CREATE TABLE extra (id TEXT);');
    const opened = await openReplica({ ...place, migrationsDir: dir }, { salt });
    expect(opened).toMatchObject({ ok: false, failure: { code: 'replica.migration-failed' } });
    const again = await openReplica(place, { salt });
    if (!again.ok) throw new Error(again.failure.code);
    expect(readMeta(again.value.reader, 'person')).toBe('王小明的工作');
    expect(again.value.reader.prepare(`SELECT name FROM sqlite_master WHERE name = 'extra'`).get()).toBeUndefined();
    again.value.close();
  });

  test('a missing number is a broken build', () => {
    const dir = withSteps();
    rmSync(join(dir, '0001_first.sql'));
    expect(() => readMigrations(dir)).toThrow(/sequence/);
  });

  test('tables have a column for every field of every entity, and no other', () => {
    const replica = make();
    for (const entity of entityNames) {
      const columns = replica.reader.prepare<{ name: string }>('SELECT name FROM pragma_table_info(?)').all(entity);
      expect(columns.map((column) => column.name)).toEqual(['id', 'area', 'version', 'deleted', ...fieldNames(entity)]);
    }
    replica.close();
  });
});

test('a full disk takes nothing and breaks nothing', () => {
  const replica = make();
  const pages = replica.transaction(
    (writer) => writer.prepare<{ page_count: number }>('PRAGMA page_count').get()?.page_count ?? 0,
  );
  replica.transaction((writer) => writer.prepare(`PRAGMA max_page_count = ${String(pages + 8)}`).get());
  const fill = (): void =>
    replica.transaction((writer) => {
      writeMeta(writer, 'person', 'half');
      for (let index = 0; index < 200; index += 1)
        writer
          .command('INSERT INTO blob (sha256, mime, bytes, content) VALUES (?, ?, 4096, ?)')
          .run(String(index), 'image/png', randomBytes(4096));
    });
  expect(fill).toThrow(ReplicaFull);
  expect(readMeta(replica.reader, 'person')).toBeUndefined();
  replica.transaction((writer) => writeMeta(writer, 'person', 'still works'));
  expect(readMeta(replica.reader, 'person')).toBe('still works');
  replica.close();
});

test('a copy opens with the same key and holds everything', async () => {
  const replica = make();
  replica.transaction((writer) => writeMeta(writer, 'person', '王小明的工作'));
  const copy = join(folder, 'copies', 'daily.db');
  await replica.copy(copy);
  replica.transaction((writer) => writeMeta(writer, 'person', 'later'));
  replica.close();
  const opened = await openReplica({ ...place, file: copy }, { salt: fileSalt(copy) });
  if (!opened.ok) throw new Error(opened.failure.code);
  expect(readMeta(opened.value.reader, 'person')).toBe('王小明的工作');
  opened.value.close();
});
