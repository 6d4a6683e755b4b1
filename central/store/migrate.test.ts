import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, stopOwnCluster, type TestDatabase } from '../testing/cluster.ts';
import { Database } from './database.ts';
import { ensureHistoryMonths } from './history.ts';
import { migrate, migrationsFolder, NewerDatabase } from './migrate.ts';

let created: TestDatabase;
let database: Database;
beforeEach(async () => {
  created = await createTestDatabase();
  database = new Database(created.url);
});
afterEach(async () => {
  await database.close();
  await created.drop();
});
afterAll(stopOwnCluster);

describe('migrations', () => {
  test('two gateways start at once on an empty database: the steps run once', async () => {
    await database.query('DROP SCHEMA public CASCADE');
    await database.query('CREATE SCHEMA public');
    const [one, two] = await Promise.all([migrate(created.url), migrate(created.url)]);
    expect([one.length === 0, two.length === 0].sort()).toEqual([false, true]);
    expect([...one, ...two][0]).toBe('0001 base-tables');
  });

  test('a step that was changed after it ran is noticed', async () => {
    await database.query("UPDATE schema_version SET md5 = 'other' WHERE version = 1");
    await expect(migrate(created.url)).rejects.toThrow('MD5 checksum failed for migration [1]');
  });

  test('a database of a newer build is left alone', async () => {
    await database.query("INSERT INTO schema_version (version, name) VALUES (9999, 'tomorrow')");
    await expect(migrate(created.url)).rejects.toThrow(NewerDatabase);
  });

  test('released files stay as they were', async () => {
    const frozen = JSON.parse(await readFile(join(migrationsFolder, 'frozen.json'), 'utf8')) as Record<string, string>;
    expect(Object.keys(frozen)).toContain('0001.do.base-tables.sql');
    for (const [file, hash] of Object.entries(frozen)) {
      const text = (await readFile(join(migrationsFolder, file), 'utf8')).replaceAll('\r\n', '\n');
      expect([file, createHash('sha256').update(text).digest('hex')]).toEqual([file, hash]);
    }
  });
});

describe('history partitions', () => {
  test('this month and the next two, once, by any number of gateways; another month falls to the default', async () => {
    const now = new Date('2031-12-15T00:00:00Z');
    await Promise.all([ensureHistoryMonths(database, now), ensureHistoryMonths(database, now)]);
    const line = (recorded: string): Promise<unknown> =>
      database.query(
        `INSERT INTO history (county, entity, id, field, fate, by, source, at, reason, version, recorded_at)
         VALUES ('330211', 'resident', 'r', 'f', 'set', 'w', 'visit', '', '{}', 1, $1)`,
        [recorded],
      );
    for (const recorded of ['2031-12-31T23:59:59Z', '2032-01-01T00:00:00Z', '2032-02-29T12:00:00Z', '2050-01-01'])
      await line(recorded);
    const { rows } = await database.query<{ part: string; n: number }>(
      'SELECT tableoid::regclass::text AS part, count(*)::int AS n FROM history GROUP BY 1 ORDER BY 1',
    );
    expect(rows).toEqual([
      { part: 'history_203112', n: 1 },
      { part: 'history_203201', n: 1 },
      { part: 'history_203202', n: 1 },
      { part: 'history_default', n: 1 },
    ]);
    // A month that the default partition holds lines of already cannot be split off; that is no failure.
    await ensureHistoryMonths(database, new Date('2050-01-01T00:00:00Z'));
  });
});

describe('query plans', () => {
  /** Plans of an empty table say little; so the planner is told that scanning is dear, and must still find an index. */
  async function plan(text: string): Promise<string> {
    const client = new pg.Client({ connectionString: created.url });
    await client.connect();
    try {
      await client.query('SET enable_seqscan = off');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    } finally {
      await client.end();
    }
  }

  test.each([
    [
      'feed after a cursor',
      `SELECT * FROM feed WHERE county = '1' AND area = '2' AND (xid, seq) > ('5'::xid8, 6) ORDER BY xid, seq LIMIT 10`,
      /Index Scan using feed_position/,
    ],
    [
      'snapshot chunk',
      `SELECT data FROM record WHERE county = '1' AND area = '2' AND entity = 'resident' AND id > 'x' AND NOT deleted ORDER BY id LIMIT 10`,
      /Index Scan using record_live/,
    ],
    [
      'checksum',
      `SELECT sum(row_hash) FROM record WHERE county = '1' AND area = '2' AND NOT deleted`,
      /using record_live|on record_live/,
    ],
    [
      'person by ID number',
      `SELECT id FROM record WHERE county = '1' AND entity = 'resident' AND NOT deleted AND data ->> 'id_no' = ANY('{a,b}')`,
      /record_resident_id_no/,
    ],
    [
      'history of a row',
      `SELECT * FROM history WHERE county = '1' AND entity = 'e' AND id = 'i' ORDER BY number DESC LIMIT 500`,
      /Index Scan/,
    ],
  ])('%s uses its index, without sorting', async (_what, text, expected) => {
    const found = await plan(text);
    expect(found).toMatch(expected);
    expect(found).not.toMatch(/Seq Scan/);
  });
});
