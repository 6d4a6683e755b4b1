import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { person } from './testing/fake-centre.ts';
import { password, startStation, type TestStation } from './testing/station.ts';

let station: TestStation;
let clock: number;

beforeEach(async () => {
  clock = Date.now();
  station = await startStation({ now: () => new Date(clock).toISOString() });
});
afterEach(() => station.end());

const unlock = (text: string) => station.service.call('vault.unlock', { userId: person.id, password: text });
const vaultPath = (): string => join(station.dataDir, 'replica', 'vault.json');
const replicaPath = (): string => join(station.dataDir, 'replica', 'replica.db');
const minutes = (count: number): number => count * 60_000;

test('a new machine enrols once, and the code works once', async () => {
  expect(await station.service.call('vault.status', {})).toMatchObject({ state: 'new', users: [] });
  await station.enrol();
  expect(await station.service.call('vault.status', {})).toMatchObject({
    state: 'unlocked',
    countyName: '镇海区',
    current: { id: 'w-li' },
  });
  const input = { gateway: station.gateway, code: 'CODE-0001', password, deviceName: 'tablet' };
  expect(await station.service.call('vault.enrol', input)).toMatchObject({
    ok: false,
    failure: { code: 'vault.exists' },
  });
});

test.each([
  ['a code the centre does not know', { code: 'CODE-9999' }, 'code.unknown'],
  ['a password everybody tries', { password: '12345678' }, 'password.weak'],
  ['a centre that is not there', { gateway: 'http://127.0.0.1:9' }, 'gateway.unreachable'],
])('%s leaves a new machine new', async (_case, wrong, code) => {
  const input = { gateway: station.gateway, code: 'CODE-0001', password, deviceName: 'tablet', ...wrong };
  expect(await station.service.call('vault.enrol', input)).toMatchObject({ ok: false, failure: { code } });
  expect(await station.service.call('vault.status', {})).toMatchObject({ state: 'new' });
  expect(readdirSync(station.dataDir)).toEqual([]);
});

test('locked, every call but those for anyone is refused with a trace', async () => {
  await station.enrol();
  await station.service.call('vault.lock', {});
  await expect(station.service.call('search.find', { text: 'w' })).rejects.toThrow('call.locked');
  expect(await station.service.answer({ id: 7, name: 'search.find', input: { text: 'w' } })).toMatchObject({
    kind: 'refused',
    id: 7,
    code: 'call.locked',
    trace: expect.any(String) as string,
  });
  expect((await station.service.call('sync.status', {})).phase).toBe('idle');
  expect(await unlock(password)).toMatchObject({ ok: true, value: { state: 'unlocked' } });
});

test.each([
  ['no envelope', 'hello', 'call.malformed'],
  ['an unknown name', { id: 1, name: 'db.run', input: {} }, 'call.unknown'],
  ['a name of every object', { id: 1, name: 'toString', input: {} }, 'call.unknown'],
  ['a wrong input', { id: 1, name: 'search.find', input: { text: 5 } }, 'call.malformed'],
  ['a call of another role', { id: 1, name: 'audit.list', input: { limit: 1000 } }, 'call.malformed'],
])('%s is refused', async (_case, message, code) => {
  await station.enrol();
  expect(await station.service.answer(message)).toMatchObject({ kind: 'refused', code });
});

describe('wrong passwords', () => {
  beforeEach(async () => {
    await station.enrol();
    await station.service.call('vault.lock', {});
  });

  test('five lock the slot for a quarter of an hour, over restarts and whatever the clock says', async () => {
    for (const left of [4, 3, 2, 1])
      expect(await unlock('falsch-falsch')).toMatchObject({
        ok: false,
        failure: { code: 'password.wrong', facts: { left } },
      });
    expect(await unlock('falsch-falsch')).toMatchObject({ ok: false, failure: { code: 'vault.locked-out' } });
    await station.restart();
    expect(await unlock(password)).toMatchObject({ ok: false, failure: { code: 'vault.locked-out' } });
    clock -= minutes(60 * 24);
    expect(await unlock(password)).toMatchObject({ ok: false, failure: { code: 'vault.locked-out' } });
    clock += minutes(60 * 24 + 14);
    expect(await unlock(password)).toMatchObject({ ok: false, failure: { code: 'vault.locked-out' } });
    clock += minutes(2);
    expect(await station.service.call('vault.status', {})).toMatchObject({ failuresLeft: 5, lockedUntil: null });
    expect(await unlock(password)).toMatchObject({ ok: true });
  });

  test('a right one in between starts the count anew', async () => {
    for (let round = 0; round < 3; round += 1) {
      await unlock('falsch-falsch');
      await unlock('falsch-falsch');
      expect(await unlock(password)).toMatchObject({ ok: true });
      await station.service.call('vault.lock', {});
    }
  });

  test('a slot that was tampered with opens for nobody', async () => {
    const before = readFileSync(vaultPath(), 'utf8');
    const raised = before.replace('"community-worker"', '"supervisor"');
    expect(raised).not.toBe(before);
    writeFileSync(vaultPath(), raised);
    expect(await unlock(password)).toMatchObject({ ok: false, failure: { code: 'password.wrong' } });
  });
});

test('a changed password replaces the old one', async () => {
  await station.enrol();
  const next = '秋天的码头-2026';
  expect(await station.service.call('vault.changePassword', { old: 'falsch-falsch', new: next })).toMatchObject({
    ok: false,
    failure: { code: 'password.wrong' },
  });
  expect(await station.service.call('vault.changePassword', { old: password, new: 'aaaaaaaaaa' })).toMatchObject({
    ok: false,
    failure: { code: 'password.weak' },
  });
  expect(await station.service.call('vault.changePassword', { old: password, new: next })).toEqual({
    ok: true,
    value: {},
  });
  await station.service.call('vault.lock', {});
  expect(await unlock(password)).toMatchObject({ ok: false, failure: { code: 'password.wrong' } });
  expect(await unlock(next)).toMatchObject({ ok: true });
});

describe('files that cannot be a replica are refused and left', () => {
  beforeEach(async () => {
    await station.enrol();
    await station.service.call('vault.lock', {});
  });
  const expectRefused = async (code: string): Promise<void> => {
    await station.restart();
    expect(await station.service.call('vault.status', {})).toMatchObject({ state: 'refused', refusal: code });
    const input = { gateway: station.gateway, code: 'CODE-0001', password, deviceName: 'tablet' };
    expect(await station.service.call('vault.enrol', input)).toMatchObject({
      ok: false,
      failure: { code: 'vault.exists' },
    });
  };

  test('a vault without its replica', async () => {
    rmSync(replicaPath());
    await expectRefused('replica.half-written');
    expect(await unlock(password)).toMatchObject({ ok: false, failure: { code: 'replica.half-written' } });
    expect(existsSync(vaultPath())).toBe(true);
  });
  test('a replica without its vault', async () => {
    rmSync(vaultPath());
    await expectRefused('replica.half-written');
    expect(existsSync(replicaPath())).toBe(true);
  });
  test('a vault that is no vault', async () => {
    writeFileSync(vaultPath(), '{"version":1');
    await expectRefused('replica.damaged');
  });
  test('a vault of a newer build', async () => {
    writeFileSync(vaultPath(), '{"version":2,"replica":"later"}');
    await expectRefused('replica.newer');
  });
  test('a damaged replica shows when its key is there', async () => {
    const bytes = readFileSync(replicaPath());
    bytes.fill(0xaa, 100, 300);
    writeFileSync(replicaPath(), bytes);
    expect(await unlock(password)).toMatchObject({ ok: false, failure: { code: 'replica.damaged' } });
    expect(await station.service.call('vault.status', {})).toMatchObject({
      state: 'refused',
      refusal: 'replica.damaged',
    });
    expect(readFileSync(replicaPath()).equals(bytes)).toBe(true);
  });
});

test('an enrolment that was killed leaves a machine that can enrol', async () => {
  const nursery = join(station.dataDir, 'enrolling-00000000-0000-4000-8000-000000000000');
  mkdirSync(nursery, { recursive: true });
  writeFileSync(join(nursery, 'replica.db'), 'half');
  await station.restart();
  expect(existsSync(nursery)).toBe(false);
  await station.enrol();
});

test('no key, no password and no device key stand in any file or log line', async () => {
  await station.enrol();
  const reader = station.service.context()?.reader;
  const secret =
    reader?.prepare<{ value: string }>(`SELECT value FROM meta WHERE key = 'private_key'`).get()?.value ?? '';
  expect(secret.length).toBeGreaterThan(40);
  await station.service.call('vault.lock', {});
  for (const path of [vaultPath(), replicaPath()]) {
    const bytes = readFileSync(path);
    for (const word of [password, secret]) expect(bytes.includes(word)).toBe(false);
  }
  expect(JSON.stringify(station.log)).not.toContain(password);
});

describe('the lease', () => {
  test('over, it locks the data until the centre renews it; a clock set back does not help', async () => {
    await station.enrol();
    await station.service.takeTurn();
    await station.service.call('vault.lock', {});
    await station.centre.stop();
    clock += 40 * 24 * minutes(60);
    expect(await unlock(password)).toMatchObject({
      ok: false,
      failure: { code: 'lease.over', next: 'call-supervisor' },
    });
    expect(existsSync(replicaPath())).toBe(true);
    station.centre.now = () => new Date(clock).toISOString();
    await station.centre.start(Number(new URL(station.gateway).port));
    expect(await unlock(password)).toMatchObject({ ok: true });
  });

  test('a clock ten years ahead changes nothing while the centre can be reached', async () => {
    await station.enrol();
    clock += 3650 * 24 * minutes(60);
    await station.service.takeTurn();
    await station.service.call('vault.lock', {});
    expect(await unlock(password)).toMatchObject({ ok: true });
  });
});

test('settings are known before anybody unlocks, and survive nonsense in their file', async () => {
  expect(await station.service.call('settings.change', { textScale: 150 })).toMatchObject({
    textScale: 150,
    locale: 'zh-CN',
  });
  await station.restart();
  expect((await station.service.call('settings.read', {})).textScale).toBe(150);
  writeFileSync(join(station.dataDir, 'settings.json'), '{"textScale": 7');
  await station.restart();
  expect((await station.service.call('settings.read', {})).textScale).toBe(100);
});

test('the audit log is a chain that shows a changed line', async () => {
  await station.enrol();
  expect((await station.service.call('device.describe', {})).audit).toMatchObject({ intact: true });
  const { checkAudit } = await import('./store/audit.ts');
  const context = station.service.context();
  context?.write([], { action: 'test' }, (writer) => {
    writer.command(`UPDATE audit SET action = 'nothing' WHERE seq = 1`).run();
    expect(checkAudit(writer).intact).toBe(false);
  });
});
