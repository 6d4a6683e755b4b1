import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PulledRow, type AreaPage, type Cursor } from '../../shared/sync/wire.ts';
import { addHash, rowHash } from '../../shared/sync/row-hash.ts';
import { TestDevice } from '../testing/device.ts';
import { startTestGateway, stopOwnCluster, type TestGateway } from '../testing/gateway.ts';

const home = '330211001001';
const next = '330211001002';
const people = (area: string, prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    entity: 'resident' as const,
    id: `${prefix}${String(index).padStart(5, '0')}`,
    area,
    values: { name: '某人', phone: '1', notes: [] },
  }));

let centre: TestGateway;
beforeAll(async () => {
  centre = await startTestGateway({ rows: [...people(home, 'h', 60), ...people(next, 'n', 5)] });
});
afterAll(async () => {
  await centre.stop();
  await stopOwnCluster();
});

const enrol = async (person: string): Promise<TestDevice> => TestDevice.enrol(centre.url, await centre.code(person));
const phone = (row: string, value: string) => ({
  entity: 'resident' as const,
  row,
  fields: { phone: { base: '1', value } },
});

/** A replica reduced to what the feed tells it: rows by key, one cursor for each area. */
class Mirror {
  readonly device: TestDevice;
  readonly rows = new Map<string, { area: string; version: number; fields: Record<string, unknown> }>();
  readonly cursors = new Map<string, Cursor>();

  constructor(device: TestDevice) {
    this.device = device;
  }

  async load(area: string): Promise<void> {
    let after: string | undefined;
    let cursor: Cursor | undefined;
    do {
      const answer = await this.device.snapshot(area, after, cursor);
      if (!answer.ok) throw new Error(answer.problem.code);
      const { groups, next: following } = answer.body;
      for (const { entity, fields, rows } of groups)
        for (const [id, version, ...values] of rows) {
          const named = fields.map((field, index) => [field, values[index] ?? null] as const);
          const known = Object.fromEntries(named.filter(([, value]) => value !== null));
          this.rows.set(`${entity} ${String(id)}`, { area, version: Number(version), fields: known });
        }
      cursor ??= answer.body.cursor;
      after = following ?? undefined;
    } while (after !== undefined);
    this.cursors.set(area, cursor);
  }

  /** Pulls until nothing more is there, in pages of `limit`. */
  async pull(limit?: number): Promise<AreaPage[]> {
    const seen: AreaPage[] = [];
    for (let more = true; more;) {
      const asked = [...this.cursors].map(([area, cursor]) => ({ area, cursor }));
      const answer = await this.device.pull(asked, limit);
      if (!answer.ok) throw new Error(answer.problem.code);
      for (const page of answer.body.pages) this.apply(page);
      seen.push(...answer.body.pages);
      more = answer.body.pages.some((page) => page.more);
    }
    return seen;
  }

  private apply(page: AreaPage): void {
    for (const { entity, id } of page.left) {
      const key = `${entity} ${id}`;
      if (this.rows.get(key)?.area === page.area) this.rows.delete(key);
    }
    for (const raw of page.rows) {
      const row = PulledRow.parse(raw);
      const key = `${row.entity} ${row.id}`;
      const before = this.rows.get(key);
      if (before !== undefined) expect(row.version).toBeGreaterThanOrEqual(before.version);
      if (row.deleted) this.rows.delete(key);
      else {
        if (!row.whole && before === undefined) throw new Error(`a partial row that nobody knows: ${key}`);
        const fields = row.whole ? row.fields : { ...before?.fields, ...row.fields };
        this.rows.set(key, { area: page.area, version: row.version, fields });
      }
    }
    this.cursors.set(page.area, page.cursor);
    if (page.checksum !== undefined) expect(page.checksum).toEqual(this.checksum(page.area));
  }

  checksum(area: string): { rows: number; sum: number } {
    const held = [...this.rows].filter(([, row]) => row.area === area);
    const sum = held.reduce((total, [key, { version }]) => {
      const [entity = '', id = ''] = key.split(' ');
      return addHash(total, rowHash(entity, id, version));
    }, 0);
    return { rows: held.length, sum };
  }
}

/** The centre's own truth about areas, in the mirror's shape. */
async function truth(areas: readonly string[]): Promise<Map<string, unknown>> {
  const { rows } = await centre.database.query<{
    key: string;
    area: string;
    version: number;
    data: Record<string, unknown>;
  }>(`SELECT entity || ' ' || id AS key, area, version, data FROM record WHERE area = ANY($1) AND NOT deleted`, [
    areas,
  ]);
  return new Map(
    rows.map(({ key, area, version, data }) => {
      const known = Object.entries(data).filter(([, value]) => value !== null);
      return [key, { area, version, fields: Object.fromEntries(known) }];
    }),
  );
}

/** Compares without regard to fields that are not known, as a snapshot leaves no difference between them and absent ones. */
function known(
  rows: Map<string, { area: string; version: number; fields: Record<string, unknown> }>,
): Map<string, unknown> {
  return new Map(
    [...rows].map(([key, row]) => {
      const fields = Object.fromEntries(Object.entries(row.fields).filter(([, value]) => value !== null));
      return [key, { ...row, fields }];
    }),
  );
}

describe('feed', () => {
  test('snapshot, then pull: what the device has is what the centre has, and the checksum says so', async () => {
    const [author, reader] = [await enrol('w2'), new Mirror(await enrol('s1'))];
    await author.push([author.delta(phone('h00000', '2'))]);
    for (const area of [home, next, '330211000000']) await reader.load(area);
    await author.push([
      author.delta(phone('h00001', '2')),
      author.delta({ entity: 'resident', row: 'h00002', op: 'delete', fields: {} }),
      author.delta({ ...phone('new', '3'), op: 'create', baseVersion: 0 }),
      author.delta(phone('h00001', '4')),
    ]);
    const pages = await reader.pull();
    expect(known(reader.rows)).toEqual(await truth([home, next, '330211000000']));
    const [page] = pages.filter((one) => one.area === home);
    // Each row once, with the changed field only, unless it is new.
    expect(page?.rows.map((row) => PulledRow.parse(row)).map(({ id, whole, fields }) => [id, whole, fields])).toEqual([
      ['h00001', false, { phone: '4' }],
      ['h00002', false, {}],
      ['new', true, { phone: '3' }],
    ]);
    expect(pages.every((one) => one.checksum !== undefined || one.cursor.seq !== '0')).toBe(true);
    // Nothing happened: nothing is sent again, and the cursor stays usable.
    for (const one of await reader.pull()) expect([one.rows, one.left]).toEqual([[], []]);
  });

  test('small pages and a row that changes between them: no field is lost on the way', async () => {
    const [author, reader] = [await enrol('w2'), new Mirror(await enrol('s1'))];
    await reader.load(home);
    // One row changes first and last: its place in the feed is the last one.
    await author.push([author.delta(phone('h00010', '2'))]);
    for (let index = 11; index < 20; index += 1) await author.push([author.delta(phone(`h000${String(index)}`, '2'))]);
    const asked = [...reader.cursors].map(([area, cursor]) => ({ area, cursor }));
    const first = await reader.device.pull(asked, 3);
    if (!first.ok) throw new Error(first.problem.code);
    await author.push([
      author.delta({ entity: 'resident', row: 'h00010', fields: { notes: { base: [], value: ['later'] } } }),
    ]);
    await reader.pull(3);
    expect(known(reader.rows)).toEqual(await truth([home]));
    expect(reader.rows.get('resident h00010')?.fields).toMatchObject({ phone: '2', notes: ['later'] });
  });

  test('a slow writer and a rolled-back one: whatever commits late is still seen, whatever is undone never', async () => {
    const [author, reader] = [await enrol('w2'), new Mirror(await enrol('s1'))];
    await reader.load(home);
    const slow = new pg.Client({ connectionString: centre.databaseUrl });
    const undone = new pg.Client({ connectionString: centre.databaseUrl });
    await Promise.all([slow.connect(), undone.connect()]);
    const write = async (client: pg.Client, id: string): Promise<void> => {
      await client.query('BEGIN');
      await client.query(
        `UPDATE record SET data = data || '{"phone":"slow"}', version = version + 1, xid = pg_current_xact_id(),
           row_hash = $2, heads = heads || jsonb_build_object('phone', jsonb_build_array(version + 1,
             pg_current_xact_id()::text, 'centre', 0, 0, 'system', 'system', '2026-01-01T00:00:00Z', '{"kind":"edit"}'::jsonb))
         WHERE id = $1`,
        [id, rowHash('resident', id, 2)],
      );
      await client.query(
        `INSERT INTO feed (county, area, entity, id, kind) VALUES ('330211', $1, 'resident', $2, 'change')`,
        [home, id],
      );
    };
    try {
      await write(slow, 'h00030');
      await write(undone, 'h00031');
      // Others commit beside them, with younger transaction ids and feed numbers, also twice on one row.
      await author.push([author.delta(phone('h00032', '2'))]);
      await reader.pull();
      await author.push([author.delta({ entity: 'resident', row: 'h00032', fields: { notes: { value: ['x'] } } })]);
      await author.push([author.delta(phone('h00033', '2'))]);
      await reader.pull();
      expect(reader.rows.get('resident h00030')?.fields['phone']).toBe('1');
      expect(reader.rows.get('resident h00033')?.fields['phone']).toBe('2');
      await undone.query('ROLLBACK');
      await reader.pull();
      await slow.query('COMMIT');
      await reader.pull();
      expect(reader.rows.get('resident h00030')?.fields['phone']).toBe('slow');
      expect(reader.rows.get('resident h00031')?.fields['phone']).toBe('1');
      expect(known(reader.rows)).toEqual(await truth([home]));
    } finally {
      await Promise.all([slow.end(), undone.end()]);
    }
  });

  test('writers at random, readers in between: every reader ends with the centre’s rows', async () => {
    const authors = await Promise.all(['w1', 'w2', 's1'].map(enrol));
    const mirrors = [new Mirror(await enrol('s1')), new Mirror(await enrol('w1'))];
    for (const mirror of mirrors) await mirror.load(home);
    const writing = Promise.all(
      authors.map(async (author, index) => {
        for (let round = 0; round < 12; round += 1) {
          const row = `h000${String(40 + ((round * 7 + index) % 20))}`;
          await author.push([
            author.delta({
              entity: 'resident',
              row,
              fields: { notes: { value: [`${String(index)}.${String(round)}`] } },
            }),
          ]);
        }
      }),
    );
    const reading = mirrors.map(async (mirror, index) => {
      for (let round = 0; round < 10; round += 1) await mirror.pull(index === 0 ? 2 : undefined);
    });
    await Promise.all([writing, ...reading]);
    for (const mirror of mirrors) {
      await mirror.pull();
      expect(known(mirror.rows)).toEqual(await truth([home]));
    }
  });

  test('a cursor this database never gave sends the device back to a snapshot', async () => {
    const device = await enrol('w1');
    for (const cursor of [
      { xid: '0', seq: '0' },
      { xid: '9999999999', seq: '0' },
    ]) {
      const answer = await device.pull([{ area: home, cursor }]);
      expect(answer.ok && answer.body.pages).toMatchObject([{ mustBootstrap: true }]);
    }
    const beyond = await device.pull([{ area: home, cursor: { xid: '99999999999999999999', seq: '0' } }]);
    expect(beyond).toMatchObject({ ok: false, status: 400, problem: { code: 'request.malformed' } });
  });
});

describe('scope', () => {
  test('a row that moves leaves one area without a value and enters the other whole', async () => {
    const [mover, stays, both] = [await enrol('w2'), new Mirror(await enrol('w1')), new Mirror(await enrol('s1'))];
    await stays.load(home);
    for (const area of [home, next]) await both.load(area);
    await mover.push([
      mover.delta({ entity: 'resident', row: 'h00050', fields: { area: { base: home, value: next } } }),
      mover.delta({ ...phone('h00050', '5') }),
    ]);
    const [page] = await stays.pull();
    expect(page).toMatchObject({ rows: [], left: [{ entity: 'resident', id: 'h00050' }] });
    expect(JSON.stringify(page)).not.toContain('某人');
    const entered = (await both.pull()).find((one) => one.area === next);
    expect(PulledRow.parse(entered?.rows[0])).toMatchObject({ whole: true, fields: { name: '某人', phone: '5' } });
    expect(known(both.rows)).toEqual(await truth([home, next]));
    expect(known(stays.rows)).toEqual(await truth([home]));
  });

  test('a row brought back to life comes whole', async () => {
    const [author, reader] = [await enrol('w2'), new Mirror(await enrol('s1'))];
    await reader.load(home);
    const gone = author.delta({ entity: 'resident', row: 'h00034', op: 'delete', fields: {} });
    await author.push([gone]);
    await reader.pull();
    expect(reader.rows.has('resident h00034')).toBe(false);
    await author.push([author.delta({ ...phone('h00034', '6'), baseVersion: 2 })]);
    await reader.pull();
    expect(reader.rows.get('resident h00034')?.fields).toMatchObject({ name: '某人', phone: '6' });
  });

  test('what is not granted is not answered, by any address; a grant that ends takes effect at once', async () => {
    const [device, author] = [await enrol('w1'), await enrol('w2')];
    const cursor = { xid: '3', seq: '0' };
    const ask = [
      { area: home, cursor },
      { area: next, cursor },
    ];
    await author.push([author.delta({ ...phone('n00000', '7'), area: next })]);
    const first = await device.pull(ask);
    expect(first.ok && first.body.pages.map((page) => page.area)).toEqual([home]);
    expect(first.ok && first.body.scopeChanged).toBe(false);
    expect(await device.snapshot(next)).toMatchObject({ ok: false, status: 403, problem: { code: 'scope.outside' } });
    const rows = await device.rows([
      { entity: 'resident', id: 'n00000' },
      { entity: 'resident', id: 'h00000' },
    ]);
    expect(rows.ok && rows.body.rows.map((one) => one.row.id)).toEqual(['h00000']);
    const history = await device.get('/v1/history/resident/n00000', { parse: () => null });
    expect(history).toMatchObject({ ok: false, status: 404 });

    await centre.grant('w1', [next]);
    const moved = await device.pull(ask);
    expect(moved.ok && moved.body.pages.map((page) => page.area)).toEqual([next]);
    expect(moved.ok && moved.body.scopeChanged).toBe(true);
    expect(await device.snapshot(home)).toMatchObject({ ok: false, status: 403 });
    const pushed = await device.push([device.delta(phone('h00052', '9'))]);
    expect(pushed.ok && pushed.body.outcomes).toMatchObject([{ code: 'scope.outside', version: 0 }]);
    const session = await device.session();
    expect(session.ok && session.body.areas.map((area) => area.code)).toEqual(['330211000000', next]);
    await centre.grant('w1', [home]);
  });

  test('staff names are everybody’s', async () => {
    const device = new Mirror(await enrol('w3'));
    await device.load('330211000000');
    expect(device.rows.get('worker s1')?.fields).toMatchObject({ name: '赵四' });
  });
});
