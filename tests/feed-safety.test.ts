import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database, type Transaction } from '../central/store/database.ts';
import { bulkLoad, lockRows, readRows, transactionId, writeRows, type RowWrite } from '../central/store/records.ts';
import { pull, type ChecksumCache } from '../central/pull/pull.ts';
import { snapshotChunk } from '../central/pull/snapshot.ts';
import { addDistrict, addMembers } from '../central/store/people.ts';
import { createTestDatabase, stopOwnCluster, type TestDatabase } from '../central/testing/cluster.ts';
import type { CentralRow } from '../shared/sync/judge.ts';
import { addHash, rowHash } from '../shared/sync/row-hash.ts';
import { PulledRow, SnapshotChunk, type AreaPage, type Cursor } from '../shared/sync/wire.ts';
import type { FieldValue } from '../shared/domain/values.ts';

/*
 * I7: no committed change is ever skipped, whatever order transactions begin, write, commit and roll back in. Against a real
 * PostgreSQL with the production pull and the production writes; several transactions are open at once, and their order is
 * generated, so that a slow writer commits after readers have passed the place where it began.
 */
const times = Number(process.env['DOORSTEP_HISTORIES'] ?? '1');
const seed = Number(process.env['DOORSTEP_SEED'] ?? '20261121');
const county = '330211';

let created: TestDatabase;
let database: Database;
let writers: pg.Client[];
let round = 0;

beforeAll(async () => {
  created = await createTestDatabase();
  database = new Database(created.url, { connections: 3 });
  await database.write(async (transaction) => {
    await addDistrict(transaction, { county, name: '镇海区', demonstration: true, leaseDays: 14 });
    const member = { id: 'w1', name: '王一', role: 'community-worker', post: '社区工作者', grants: [county] } as const;
    await addMembers(transaction, county, [member]);
  });
  writers = [0, 1, 2].map(() => new pg.Client({ connectionString: created.url }));
  for (const writer of writers) await writer.connect();
});
afterAll(async () => {
  for (const writer of writers) await writer.end();
  await database.close();
  await created.drop();
  await stopOwnCluster();
});

type Step =
  | { readonly do: 'write'; readonly by: number; readonly row: number; readonly how: 'set' | 'move' | 'delete' }
  | { readonly do: 'end'; readonly by: number; readonly commit: boolean }
  | { readonly do: 'pull'; readonly limit: number }
  | { readonly do: 'burn' };

const by = fc.nat({ max: 2 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('write' as const),
        by,
        row: fc.nat({ max: 1 }),
        how: fc.constantFrom('set' as const, 'set' as const, 'move' as const, 'delete' as const),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('end' as const), by, commit: fc.nat(3).map((n) => n > 0) }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('pull' as const), limit: fc.constantFrom(1, 2, 100) }) },
    // Takes a transaction id and lets go of it: gaps between ids are usual.
    { weight: 1, arbitrary: fc.record({ do: fc.constant('burn' as const) }) },
  ),
  { minLength: 4, maxLength: 22, size: 'max' },
);

/** What a device keeps of the areas, without the device. */
class Reader {
  readonly rows = new Map<
    string,
    { area: string; version: number; deleted: boolean; values: Record<string, FieldValue> }
  >();
  readonly cursors = new Map<string, Cursor>();
  private readonly cache: ChecksumCache = new Map();

  async load(area: string): Promise<void> {
    const chunk = SnapshotChunk.parse(JSON.parse(await snapshotChunk(database, county, area, null, null)));
    expect(chunk.next).toBe(null);
    this.cursors.set(area, chunk.cursor);
    for (const group of chunk.groups)
      for (const [id, version, ...values] of group.rows) {
        const entries = group.fields.map((name, index) => [name, values[index] ?? null] as const);
        this.rows.set(String(id), {
          area,
          version: Number(version),
          deleted: false,
          values: Object.fromEntries(entries),
        });
      }
  }

  async pull(limit: number): Promise<boolean> {
    const asked = [...this.cursors].map(([area, cursor]) => ({ area, cursor }));
    const { pages } = await pull(database, { person: 'w1', county, scope: '' }, asked, limit, this.cache);
    for (const page of [...pages].sort((a, b) => a.left.length - b.left.length)) this.apply(page);
    return pages.some((page) => page.more);
  }

  private apply(page: AreaPage): void {
    for (const raw of page.rows) {
      const row = PulledRow.parse(raw);
      const held = this.rows.get(row.id);
      if (held !== undefined && held.version >= row.version) continue;
      if (held === undefined && !row.whole && !row.deleted)
        throw new Error(`a part of ${row.id}, which was never sent whole`);
      const values = row.whole ? row.fields : { ...held?.values, ...row.fields };
      this.rows.set(row.id, { area: page.area, version: row.version, deleted: row.deleted, values });
    }
    for (const { id } of page.left) if (this.rows.get(id)?.area === page.area) this.rows.delete(id);
    this.cursors.set(page.area, page.cursor);
    if (page.checksum === undefined || page.more) return;
    let sum = 0;
    let count = 0;
    for (const [id, row] of this.rows) {
      if (row.area !== page.area || row.deleted) continue;
      count += 1;
      sum = addHash(sum, rowHash('resident', id, row.version));
    }
    expect({ rows: count, sum }, `checksum of ${page.area}`).toEqual(page.checksum);
  }
}

const transactionOf = (client: pg.Client): Transaction => ({
  query: (text, values = []) => client.query(text, [...values]),
});

/** One change of one row, as a push writes it. */
async function change(
  client: pg.Client,
  id: string,
  how: 'set' | 'move' | 'delete',
  areas: readonly string[],
  value: string,
) {
  const transaction = transactionOf(client);
  const [before] = (await lockRows(transaction, county, [{ entity: 'resident', id }])).values();
  if (before === undefined) throw new Error('a row is missing');
  const xid = await transactionId(transaction);
  const version = before.version + 1;
  const head = {
    version,
    by: 'w1',
    source: 'visit',
    at: '2026-11-21T00:00:00.000Z',
    reason: { kind: 'edit' },
  } as const;
  const author = { ...head, device: 'd', epoch: 1, opNo: version };
  const field = how === 'set' ? (version % 2 === 0 ? 'phone' : 'workplace') : how === 'move' ? 'area' : 'row';
  const other = areas.find((area) => area !== before.area) ?? before.area;
  const after: CentralRow = {
    ...before,
    version,
    deleted: how === 'delete',
    area: how === 'move' ? other : before.area,
    values: how === 'set' ? { ...before.values, [field]: value } : before.values,
    heads: { ...before.heads, [field]: author },
  };
  const writes: RowWrite[] = [{ before, after }];
  await writeRows(transaction, county, xid, writes);
}

async function live(history: readonly Step[]): Promise<void> {
  round += 1;
  const street = String(round).padStart(3, '0');
  const areas = [`${county}${street}001`, `${county}${street}002`];
  // Each writer has rows of its own: what is tested is order between transactions, not locks.
  const idOf = (writer: number, row: number): string => `x${String(round)}-${String(writer)}-${String(row)}`;
  const ids = [0, 1, 2].flatMap((writer) => [0, 1].map((row) => idOf(writer, row)));
  await database.write((transaction) =>
    bulkLoad(
      transaction,
      ids.map((id, index) => ({
        entity: 'resident',
        id,
        area: areas[index % 2] ?? '',
        values: { name: id, phone: '0' },
      })),
    ),
  );
  const reader = new Reader();
  const open = new Set<pg.Client>();
  const end = async (client: pg.Client, how: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
    if (open.delete(client)) await client.query(how);
  };
  let loaded = false;
  let count = 0;
  try {
    for (const step of history) {
      count += 1;
      if (step.do === 'pull') {
        // The first load may fall into the middle of open transactions too.
        if (!loaded) for (const area of areas) await reader.load(area);
        loaded = true;
        await reader.pull(step.limit);
        continue;
      }
      if (step.do === 'burn') {
        await database.write((transaction) => transactionId(transaction));
        continue;
      }
      const client = writers[step.by];
      if (client === undefined) throw new Error('no such writer');
      if (step.do === 'end') {
        await end(client, step.commit ? 'COMMIT' : 'ROLLBACK');
        continue;
      }
      if (!open.has(client)) await client.query('BEGIN');
      open.add(client);
      await change(client, idOf(step.by, step.row), step.how, areas, String(count));
    }
    for (const client of writers) await end(client, 'COMMIT');
    if (!loaded) for (const area of areas) await reader.load(area);
    for (let page = 0; page < 60 && (await reader.pull(2)); page += 1);
    await reader.pull(100);
    await reader.pull(100);
    const keys = ids.map((id) => ({ entity: 'resident', id }) as const);
    const rows = await database.read((transaction) => readRows(transaction, county, keys));
    const wanted = [...rows.values()].filter((row) => !row.deleted);
    const shown = [...reader.rows].filter(([, row]) => !row.deleted);
    const text = (id: string, area: string, version: number, values: Readonly<Record<string, FieldValue>>): string =>
      JSON.stringify([
        id,
        area,
        version,
        Object.entries(values)
          .filter(([, value]) => value !== null)
          .sort(),
      ]);
    expect(shown.map(([id, row]) => text(id, row.area, row.version, row.values)).sort()).toEqual(
      wanted.map((row) => text(row.id, row.area, row.version, row.values)).sort(),
    );
  } finally {
    for (const client of writers) await end(client, 'ROLLBACK');
  }
}

test(
  'slow and rolled-back writers: every committed change reaches the reader',
  async () => {
    await fc.assert(fc.asyncProperty(steps, live), { numRuns: Math.min(900, Math.ceil(300 * times)), seed });
  },
  180_000 * Math.max(1, times),
);
