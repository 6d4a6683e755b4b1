import { afterAll, beforeAll, expect, test } from 'vitest';
import { entityNames } from '../../shared/domain/entities.ts';
import { TestDevice } from '../testing/device.ts';
import { startTestGateway, stopOwnCluster, type TestGateway } from '../testing/gateway.ts';
import { chunkRows, readChunkKey } from './snapshot.ts';

const area = '330211001001';
/** More than two chunks, over two entities, with an awkward value in between. */
const awkward = '引号" 反斜杠\\ 换行\n 逗号, [括号] {花} \u2028 😀';
const rows = [
  ...Array.from({ length: chunkRows + 7 }, (_, index) => ({
    entity: 'resident' as const,
    id: `r-${String(index).padStart(6, '0')}`,
    area,
    values: { name: index === 3 ? awkward : '某人', living_alone: index % 2 === 0, tags: ['a', awkward] },
  })),
  ...Array.from({ length: chunkRows }, (_, index) => ({
    entity: 'household' as const,
    id: `h.${String(index)}:x`,
    area,
    values: { monthly_income_fen: 12_345 },
  })),
];

let centre: TestGateway;
beforeAll(async () => {
  centre = await startTestGateway({ rows });
});
afterAll(async () => {
  await centre.stop();
  await stopOwnCluster();
});

test('an area comes in chunks that lose, repeat and change nothing, and each chunk can be asked for again', async () => {
  const device = await TestDevice.enrol(centre.url, await centre.code('w1'));
  const seen = new Map<string, unknown>();
  const first = await device.snapshot(area);
  if (!first.ok) throw new Error(first.problem.code);
  let chunk = first.body;
  for (let count = 1; ; count += 1) {
    for (const { entity, fields, rows: lines } of chunk.groups)
      for (const [id, version, ...values] of lines) {
        expect(seen.has(`${entity} ${String(id)}`)).toBe(false);
        const known = fields.map((field, at) => [field, values[at]] as const).filter(([, value]) => value !== null);
        seen.set(`${entity} ${String(id)}`, { version, values: Object.fromEntries(known) });
      }
    expect(chunk).toMatchObject({ area, total: rows.length, cursor: first.body.cursor });
    if (chunk.next === null) {
      expect(count).toBe(3);
      break;
    }
    const [following, again] = [
      await device.snapshot(area, chunk.next, first.body.cursor),
      await device.snapshot(area, chunk.next, first.body.cursor),
    ];
    expect(again).toEqual(following);
    if (!following.ok) throw new Error(following.problem.code);
    chunk = following.body;
  }
  const expected = rows.map((row) => [`${row.entity} ${row.id}`, { version: 1, values: row.values }] as const);
  expect(seen).toEqual(new Map(expected));
});

test('chunks are compressed in what the device can read', async () => {
  const device = await TestDevice.enrol(centre.url, await centre.code('w1'));
  for (const encoding of ['zstd', 'gzip', 'br']) {
    const response = await fetch(`${centre.url}/v1/snapshot/${area}`, {
      headers: { authorization: `Bearer ${device.token}`, 'accept-encoding': encoding },
    });
    expect([response.status, response.headers.get('content-encoding')]).toEqual([200, encoding]);
    await response.body?.cancel();
  }
});

test('a key that is none is refused', async () => {
  const device = await TestDevice.enrol(centre.url, await centre.code('w1'));
  const cursor = { xid: '1000', seq: '0' };
  for (const after of ['', 'nothing:x', "resident'--", 'resident'])
    expect(await device.snapshot(area, after, cursor)).toMatchObject({ ok: false, status: 400 });
  expect(await device.snapshot(area, 'resident:r-000001')).toMatchObject({ ok: false, status: 400 });
  for (const entity of entityNames) expect(readChunkKey(`${entity}:a:b`)).toEqual({ entity, id: 'a:b' });
});
