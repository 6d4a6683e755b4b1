import { afterEach, beforeEach, expect, test } from 'vitest';
import { entityNames } from '../../../shared/domain/entities.ts';
import { startStation, type TestStation } from '../testing/station.ts';
import type { Change, Context } from '../commands/writing.ts';
import { checksumOf } from '../store/areas.ts';
import { readRow } from '../store/entity-table.ts';
import { pendingOf } from '../store/pending.ts';

const area = '330211001001';
const other = '330211001002';
let station: TestStation;

beforeEach(async () => {
  station = await startStation();
  station.centre.areas = [
    { code: area, name: '城东社区', street: '招宝山街道' },
    { code: other, name: '西门社区', street: '招宝山街道' },
  ];
  for (let index = 0; index < 120; index += 1)
    station.centre.put('resident', `r-${String(index)}`, index % 2 === 0 ? area : other, {
      name: `王${String(index)}`,
      phone: '13700000000',
    });
  await station.enrol();
});
afterEach(() => station.end());

function context(): Context {
  const open = station.service.context();
  if (open === null) throw new Error('locked');
  return open;
}
const edit = (row: string, fields: Change['fields']): void => {
  const place = readRow(context().reader, 'resident', row)?.area ?? area;
  context().write(
    [{ entity: 'resident', row, op: 'update', area: place, fields, source: 'visit', reason: { kind: 'edit' } }],
    { action: 'test' },
  );
};
const phone = (row: string): unknown => readRow(context().reader, 'resident', row)?.values['phone'];
const states = (): unknown[] =>
  context().reader.prepare('SELECT op_no, state, result, code FROM outbox ORDER BY op_no').all();
const status = () => station.service.call('sync.status', {});

/** I1: with nothing in flight, the replica holds what the centre holds. */
function expectSame(): void {
  for (const { code } of station.centre.areas)
    expect(checksumOf(context().reader, code)).toEqual(station.centre.checksum(code));
  for (const row of station.centre.rows.values()) {
    if (!station.centre.areas.some(({ code }) => code === row.area)) continue;
    const here = readRow(context().reader, row.entity, row.id);
    if (row.deleted) expect(here?.deleted ?? true).toBe(true);
    else
      for (const [name, value] of Object.entries(row.values))
        expect([row.id, name, here?.values[name] ?? null]).toEqual([row.id, name, value]);
  }
}

test('a first load brings every area whole, searchable, and says so', async () => {
  expect((await status()).load.complete).toBe(false);
  await station.service.takeTurn();
  expect(await status()).toMatchObject({
    problem: null,
    online: true,
    load: { done: 120, total: 120, areasDone: 2, areas: 2, complete: true },
  });
  expectSame();
  const found = await station.service.call('search.find', { text: 'w', limit: 20 });
  expect(found.hits).toHaveLength(20);
  expect((await status()).bytesDown).toBeGreaterThan(500);
});

test('work goes up in order and comes back as settled', async () => {
  await station.service.takeTurn();
  edit('r-0', { phone: '13700000001' });
  edit('r-0', { phone: '13700000002' });
  expect((await status()).waiting).toBe(2);
  await station.service.takeTurn();
  expect(states()).toEqual([
    { op_no: 1, state: 'answered', result: 'applied', code: null },
    { op_no: 2, state: 'answered', result: 'applied', code: null },
  ]);
  expect(phone('r-0')).toBe('13700000002');
  expect(pendingOf(context().reader, 'resident', 'r-0').size).toBe(0);
  expectSame();
});

test('a lost answer is asked for again and nothing happens twice', async () => {
  await station.service.takeTurn();
  edit('r-0', { notes: ['门口有台阶'] });
  // The session's answer is lost first, then the push's.
  for (let round = 0; round < 6; round += 1) {
    station.centre.faults.loseAnswers = 1;
    await station.service.takeTurn();
  }
  station.centre.faults.loseAnswers = 0;
  await station.service.takeTurn();
  expect(station.centre.need('resident', 'r-0').values['notes']).toEqual(['门口有台阶']);
  expect(station.centre.need('resident', 'r-0').version).toBe(2);
  expect(states()).toEqual([{ op_no: 1, state: 'answered', result: 'applied', code: null }]);
  expectSame();
});

test('a pull never overwrites pending work, and both truths are seen before any push', async () => {
  await station.service.takeTurn();
  edit('r-0', { phone: '13700000001' });
  station.centre.put('resident', 'r-0', area, { phone: '13700000009', workplace: '菜场' });
  // The push is refused as a conflict at the centre; the pull that follows brings the other value and the record.
  await station.service.takeTurn();
  expect(states()).toMatchObject([{ result: 'conflict' }]);
  expect(phone('r-0')).toBe('13700000009');
  expect((await status()).conflicts).toBe(1);
  const [line] = await station.service.call('conflicts.list', {});
  expect(line).toMatchObject({ field: 'phone', state: 'open', place: 'central' });
  const lost = context()
    .reader.prepare<{ after: string }>(`SELECT after FROM field_history WHERE fate = 'aside'`)
    .all();
  expect(lost).toEqual([{ after: '"13700000001"' }]);
  expectSame();
});

test('a malformed row is left out, asked for by name, and the others of its page arrive', async () => {
  await station.service.takeTurn();
  station.centre.put('resident', 'r-0', area, { phone: '1' });
  station.centre.put('resident', 'r-2', area, { phone: '2' });
  let spoiled = 0;
  station.centre.faults.spoil = (row) => {
    if (row.id !== 'r-0') return row;
    spoiled += 1;
    return { ...row, fields: { ...row.fields, living_alone: 'perhaps' } };
  };
  await station.service.takeTurn();
  expect(spoiled).toBe(1);
  expect(station.centre.requests).toContain('POST /v1/rows');
  expect([phone('r-0'), phone('r-2')]).toEqual(['1', '2']);
  expect(station.log.some((line) => line.event === 'pull.malformed')).toBe(true);
  expectSame();
});

test('a row that moves between held areas stays, one that leaves the scope goes', async () => {
  await station.service.takeTurn();
  edit('r-0', { phone: '13700000001' });
  station.centre.areas = station.centre.areas.slice(0, 2);
  station.centre.move('resident', 'r-2', other);
  station.centre.move('resident', 'r-4', '330211001099');
  await station.service.takeTurn();
  expect(readRow(context().reader, 'resident', 'r-2')?.area).toBe(other);
  expect(readRow(context().reader, 'resident', 'r-4')).toBeUndefined();
  expectSame();
});

test('a lost area goes with all its values, its unsent work is judged and seen; an added one is loaded', async () => {
  await station.service.takeTurn();
  edit('r-1', { phone: '13711111111' });
  edit('r-0', { phone: '13700000001' });
  station.centre.areas = [{ code: area, name: '城东社区', street: '招宝山街道' }];
  // A new session tells the new scope.
  await station.restart();
  await station.unlock();
  await station.service.takeTurn();
  for (const entity of entityNames)
    expect(context().reader.prepare(`SELECT count(*) AS n FROM "${entity}" WHERE area = ?`).get(other)).toEqual({
      n: 0,
    });
  for (const table of ['provenance', 'field_history', 'pending'])
    expect(context().reader.prepare(`SELECT count(*) AS n FROM ${table} WHERE row_id = 'r-1'`).get()).toEqual({ n: 0 });
  expect(states()).toMatchObject([{ result: 'rejected', code: 'scope.outside' }, { result: 'applied' }]);
  const [refused] = await station.service.call('sync.outbox', { filter: 'rejected' });
  expect(refused).toMatchObject({ code: 'scope.outside', fields: [{ field: 'phone', after: '137****1111' }] });
  station.centre.areas = [...station.centre.areas, { code: other, name: '西门社区', street: '招宝山街道' }];
  await station.restart();
  await station.unlock();
  await station.service.takeTurn();
  expect(phone('r-1')).toBe('13700000000');
  expectSame();
});

test('a checksum that does not fit loads the area anew and keeps unsent work', async () => {
  await station.service.takeTurn();
  // A row is lost here that the centre believes we have.
  station.centre.rows.set('resident|r-ghost', { ...station.centre.need('resident', 'r-0'), id: 'r-ghost' });
  station.centre.put('resident', 'r-2', area, { phone: '2' });
  const held = station.centre.faults;
  held.refuseAll = { status: 503, code: 'unavailable', retryAfter: 7 };
  edit('r-0', { phone: '13700000001' });
  await station.service.takeTurn();
  expect((await status()).problem).toBe('unavailable');
  delete held.refuseAll;
  await station.service.takeTurn();
  expect(station.log.some((line) => line.event === 'pull.checksum')).toBe(true);
  expect(phone('r-0')).toBe('13700000001');
  expect(readRow(context().reader, 'resident', 'r-ghost')).toBeDefined();
  expectSame();
});

test('a refused change leaves the view, stays with its content, and can be sent once more', async () => {
  await station.service.takeTurn();
  const all = station.centre.areas;
  edit('r-1', { phone: '13711111111' });
  station.centre.areas = [all[0] ?? { code: area, name: '', street: '' }];
  await station.service.takeTurn();
  station.centre.areas = all;
  expect(phone('r-1')).toBe('13700000000');
  const [line] = await station.service.call('sync.outbox', { filter: 'rejected' });
  const again = await station.service.call('sync.resend', { deltaId: line?.id ?? '' });
  expect(again).toEqual({ ok: true, value: { waiting: 1 } });
  expect(phone('r-1')).toBe('13711111111');
  await station.service.takeTurn();
  expect(station.centre.need('resident', 'r-1').values['phone']).toBe('13711111111');
  expect(await station.service.call('sync.outbox', { filter: 'set-aside' })).toHaveLength(1);
  expectSame();
});

test('a copy of the device is noticed; enrolling anew keeps the outbox under the same delta ids', async () => {
  await station.service.takeTurn();
  edit('r-0', { phone: '13700000001' });
  const before = context().reader.prepare('SELECT delta_id FROM outbox').all();
  // Somebody else went on along the chain.
  for (const device of station.centre.devices.values()) device.link = '00000000-0000-4000-8000-000000000000';
  await station.restart();
  await station.unlock();
  await station.service.takeTurn();
  expect((await status()).problem).toBe('device.forked');
  station.centre.codes.add('CODE-0002');
  const input = { gateway: station.gateway, code: 'CODE-0002', password: '春天的田野-2026', deviceName: 'tablet' };
  expect(await station.service.call('vault.enrol', input)).toMatchObject({ ok: true });
  await station.service.takeTurn();
  expect(context().reader.prepare('SELECT delta_id FROM outbox').all()).toEqual(before);
  expect(states()).toEqual([{ op_no: 1, state: 'answered', result: 'applied', code: null }]);
  expect((await status()).problem).toBeNull();
  expectSame();
});

test('a photo goes after the row that names it, goes on where it broke, and is not sent twice', async () => {
  await station.service.takeTurn();
  const { keepBlob } = await import('../store/blobs.ts');
  const bytes = Buffer.alloc(1_300_000, 7);
  let sha256 = '';
  context().write([], { action: 'test' }, (writer) => {
    sha256 = keepBlob(writer, bytes, 'image/jpeg', area);
  });
  const fields = {
    sha256,
    mime: 'image/jpeg',
    bytes: bytes.length,
    kind: 'photo',
    taken_at: context().now(),
    taken_by: 'w-li',
  };
  context().write(
    [{ entity: 'attachment', row: 'at-1', op: 'create', area, fields, source: 'visit', reason: { kind: 'edit' } }],
    { action: 'test' },
  );
  expect((await status()).waitingFiles).toBe(1);
  station.centre.faults.refuseAll = { status: 503, code: 'unavailable' };
  await station.service.takeTurn();
  delete station.centre.faults.refuseAll;
  await station.service.takeTurn();
  expect(station.centre.content.get(sha256)?.equals(bytes)).toBe(true);
  expect((await status()).waitingFiles).toBe(0);
  const push = station.centre.requests.indexOf('POST /v1/push');
  expect(push).toBeGreaterThan(-1);
  expect(station.centre.requests.indexOf('POST /v1/files')).toBeGreaterThan(push);
});

test('two devices, one field: sets merge without anybody choosing', async () => {
  await station.service.takeTurn();
  edit('r-0', { tags: ['独居'] });
  station.centre.put('resident', 'r-0', area, { tags: ['低保'] });
  await station.service.takeTurn();
  expect(states()).toMatchObject([{ result: 'merged' }]);
  expect(new Set(readRow(context().reader, 'resident', 'r-0')?.values['tags'] as string[])).toEqual(
    new Set(['独居', '低保']),
  );
  expectSame();
});

test('a first load that broke off goes on at its chunk, and until then never passes for whole', async () => {
  station.centre.chunkRows = 10;
  // A session, then five of the twelve chunks.
  station.centre.faults.budget = 6;
  await station.service.takeTurn();
  const broken = await status();
  expect(broken.load).toMatchObject({ complete: false, done: 50 });
  expect(broken.problem).toBe('unavailable');
  station.centre.faults = {};
  station.centre.requests.length = 0;
  await station.restart();
  await station.unlock();
  expect((await status()).load).toMatchObject({ complete: false, done: 50 });
  await station.service.takeTurn();
  expect((await status()).load).toMatchObject({ complete: true, done: 120 });
  expect(station.centre.requests.filter((request) => request.includes('/v1/snapshot/'))).toHaveLength(7);
  expectSame();
});

test('changes made while an area loads arrive by the pull that follows', async () => {
  station.centre.chunkRows = 10;
  station.centre.faults.budget = 6;
  await station.service.takeTurn();
  station.centre.faults = {};
  station.centre.put('resident', 'r-0', area, { phone: 'later' });
  station.centre.put('resident', 'r-new', other, { name: '赵新' });
  station.centre.remove('resident', 'r-118');
  await station.service.takeTurn();
  expect(phone('r-0')).toBe('later');
  expectSame();
});

test('a centre whose checksum is always wrong is not asked for everything again and again', async () => {
  await station.service.takeTurn();
  station.centre.faults.spoilChecksum = true;
  station.centre.requests.length = 0;
  // Once each: two areas of two chunks.
  for (let round = 0; round < 4; round += 1) await station.service.takeTurn();
  expect(station.centre.requests.filter((request) => request.includes('/v1/snapshot/'))).toHaveLength(4);
});

test('a device that was revoked keeps its outbox and waits for a person', async () => {
  await station.service.takeTurn();
  edit('r-0', { phone: '13700000001' });
  for (const device of station.centre.devices.values()) device.revoked = true;
  await station.service.takeTurn();
  expect(await status()).toMatchObject({ problem: 'device.revoked', waiting: 1 });
  station.centre.requests.length = 0;
  await station.service.takeTurn();
  expect(station.centre.requests).toEqual([]);
});

test('numbers that the centre has lost are sent again', async () => {
  await station.service.takeTurn();
  edit('r-0', { phone: '1' });
  edit('r-0', { phone: '2' });
  await station.service.takeTurn();
  // The centre is restored from a copy that does not have them.
  station.centre.outcomes.clear();
  for (const device of station.centre.devices.values()) device.lastOpNo = 0;
  edit('r-0', { phone: '3' });
  await station.service.takeTurn();
  expect(states()).toMatchObject([{ state: 'answered' }, { state: 'answered' }, { state: 'answered' }]);
  expect(station.centre.need('resident', 'r-0').values['phone']).toBe('3');
});

test('paused, nothing leaves; going on, everything does', async () => {
  await station.service.takeTurn();
  await station.service.call('sync.pause', { paused: true });
  edit('r-0', { phone: '1' });
  station.centre.requests.length = 0;
  await station.service.takeTurn();
  expect(station.centre.requests).toEqual([]);
  expect((await status()).phase).toBe('paused');
  await station.service.call('sync.pause', { paused: false });
  await station.service.takeTurn();
  expect((await status()).waiting).toBe(0);
});

test('an index cut by older rules is built anew after unlocking, without the centre', async () => {
  await station.service.takeTurn();
  context().write([], { action: 'test' }, (writer) => {
    writer.command(`UPDATE meta SET value = 'older' WHERE key = 'search_version'`).run();
  });
  await station.restart();
  await station.centre.stop();
  await station.unlock();
  await expect.poll(() => station.log.some((line) => line.event === 'search.indexed-anew')).toBe(true);
  const found = await station.service.call('search.find', { text: 'w', limit: 100 });
  expect(found.hits).toHaveLength(100);
  await station.centre.start();
});
