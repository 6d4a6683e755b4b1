import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from '../store/database.ts';
import { findDistrict, listPersons } from '../store/people.ts';
import { createTestDatabase, stopOwnCluster, type TestDatabase } from '../testing/cluster.ts';
import { createDistrict, type DistrictReport } from './load.ts';

let created: TestDatabase;
let database: Database;
let report: DistrictReport;
const told: [number, number][] = [];

beforeAll(async () => {
  created = await createTestDatabase();
  database = new Database(created.url, { connections: 2 });
  report = await createDistrict(database, { residents: 2000, today: '2026-11-21' }, (done, total) =>
    told.push([done, total]),
  );
});
afterAll(async () => {
  await database.close();
  await created.drop();
  await stopOwnCluster();
});

test('the database holds what the report says, as a demonstration', async () => {
  expect(report).toMatchObject({ county: '330211', communities: 2, divisions: 99, residents: 2000 });
  expect(told).toEqual([
    [1000, 2000],
    [2000, 2000],
  ]);
  expect(await findDistrict(database, '330211')).toMatchObject({ name: '镇海区', demonstration: true });
  const { rows } = await database.query<{ residents: number; households: number; divisions: number }>(
    `SELECT count(*) FILTER (WHERE entity = 'resident')::int AS residents,
            count(*) FILTER (WHERE entity = 'household')::int AS households,
            (SELECT count(*)::int FROM division WHERE code <> '330211000000') AS divisions FROM record`,
  );
  expect(rows[0]).toEqual({ residents: 2000, households: 800, divisions: 99 });
});

test('rows are as first loaded: version 1, nobody’s change, nothing unknown written out', async () => {
  const { rows } = await database.query<{ changed: number; nulls: number }>(
    `SELECT count(*) FILTER (WHERE version <> 1 OR heads <> '{}')::int AS changed,
            count(*) FILTER (WHERE jsonb_path_exists(data, '$.* ? (@ == null)'))::int AS nulls FROM record`,
  );
  expect(rows[0]).toEqual({ changed: 0, nulls: 0 });
});

test('staff are persons with grants, and named for everybody in the common area', async () => {
  const names = (await listPersons(database)).map((person) => person.name);
  expect(names).toEqual(expect.arrayContaining(['李敏', '张伟', '王芳', '陈国平', '赵丽华', '孙建国']));
  const { rows } = await database.query("SELECT DISTINCT area FROM record WHERE entity = 'worker'");
  expect(rows).toEqual([{ area: '330211000000' }]);
});

test('bills add up to what people are known to have paid, and to what waits to be confirmed', async () => {
  const { rows } = await database.query<{ wrong: number; people: number }>(
    `SELECT count(*) FILTER (WHERE paid IS DISTINCT FROM known)::int AS wrong, count(*)::int AS people FROM (
       SELECT (SELECT sum(self_paid_fen) FROM settlement s
                WHERE s.resident = r.id AND settled_on > '2025-11-21' AND settled_on <= '2026-11-21') AS paid,
              COALESCE((SELECT (p.data ->> 'new_value')::bigint FROM record p WHERE p.entity = 'proposal'
                          AND p.data ->> 'subject_id' = r.id AND p.data ->> 'field' = 'medical_self_paid_fen'),
                       (r.data ->> 'medical_self_paid_fen')::bigint) AS known
       FROM record r WHERE r.entity = 'resident') AS sums`,
  );
  expect(rows[0]?.wrong).toBe(0);
  expect(rows[0]?.people).toBe(2000);
});

test('a second district in the same database is refused whole', async () => {
  const count = async (): Promise<unknown> => (await database.query('SELECT count(*) FROM record')).rows;
  const before = await count();
  await expect(createDistrict(database, { residents: 500 })).rejects.toThrow();
  expect(await count()).toEqual(before);
});
