import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readOpenApi } from '../admin/open.ts';
import { createLog, events } from '../log.ts';
import { Problem } from '../../shared/sync/wire.ts';
import { createTestDatabase } from '../testing/cluster.ts';
import { TestDevice } from '../testing/device.ts';
import { startTestGateway, stopOwnCluster, type TestGateway } from '../testing/gateway.ts';

let centre: TestGateway;
let lines: string[];
beforeEach(async () => {
  lines = [];
  centre = await startTestGateway({
    rows: [{ entity: 'resident', id: 'r1', area: '330211001001', values: { name: '王秀英', phone: '13800000001' } }],
    gateway: { log: createLog((line) => lines.push(line)) },
  });
});
afterEach(async () => {
  await centre.stop();
});
afterAll(stopOwnCluster);

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(centre.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
const codeOf = async (response: Response): Promise<string> => Problem.parse(await response.json()).code;

describe('every refusal is a Problem', () => {
  test.each([
    ['no such address', () => fetch(`${centre.url}/v1/nothing`), 404, 'not-found'],
    ['no such method', () => fetch(`${centre.url}/v1/push`), 404, 'not-found'],
    ['no JSON', () => post('/v1/enrol', 'x'), 400, 'request.malformed'],
    ['an empty body', () => post('/v1/enrol', ''), 400, 'request.malformed'],
    ['another shape', () => post('/v1/enrol', '{"code":1}'), 400, 'request.malformed'],
    ['a prototype name', () => post('/v1/enrol', '{"__proto__":{}}'), 400, 'request.malformed'],
    ['another type', () => post('/v1/enrol', 'a=1', { 'content-type': 'text/plain' }), 415, 'request.malformed'],
    ['too large', () => post('/v1/enrol', `"${'x'.repeat(2_000_000)}"`), 413, 'too-large'],
    ['no token', () => post('/v1/push', '{"deltas":[]}'), 401, 'token.missing'],
  ])('%s', async (_what, request, status, code) => {
    const response = await request();
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await codeOf(response)).toBe(code);
  });
});

test('answers may be neither kept, framed nor sniffed', async () => {
  const { headers } = await fetch(`${centre.url}/healthz`);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('health and metrics', async () => {
  const health = await fetch(`${centre.url}/healthz`);
  expect([health.status, await health.json()]).toEqual([200, { ok: true }]);
  const metrics = await (await fetch(`${centre.url}/metrics`)).text();
  expect(metrics).toMatch(/doorstep_request_seconds_count\{route="\/healthz",status="200"\} 1/);
});

test('without its database the gateway says so everywhere, asks to wait, and comes back by itself', async () => {
  const device = await TestDevice.enrol(centre.url, await centre.code('w1'));
  const spare = await createTestDatabase();
  const name = new URL(centre.databaseUrl).pathname.slice(1);
  const admin = new URL(spare.url);
  const { Database } = await import('../store/database.ts');
  const keeper = new Database(admin.href);
  try {
    await keeper.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
    await keeper.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    const health = await fetch(`${centre.url}/healthz`);
    expect([health.status, health.headers.get('retry-after'), await codeOf(health)]).toEqual([503, '5', 'unavailable']);
    for (const answer of [await device.pull([]), await device.push([]), await device.session()])
      expect(answer).toMatchObject({ ok: false, status: 503, problem: { code: 'unavailable' } });
    await keeper.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
    expect(await device.pull([])).toMatchObject({ ok: true });
  } finally {
    await keeper.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
    await keeper.close();
    await spare.drop();
  }
});

test('the description names every address and the bodies of the contract', async () => {
  const served = (await (await fetch(`${centre.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  expect(served).toEqual(JSON.parse(JSON.stringify(await readOpenApi())));
  const addresses = Object.entries(served.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(addresses).toEqual(
    expect.arrayContaining([
      'post /v1/enrol',
      'post /v1/session',
      'post /v1/push',
      'post /v1/pull',
      'get /v1/snapshot/{area}',
      'post /v1/rows',
      'get /v1/history/{entity}/{id}',
      'post /v1/files',
      'patch /v1/files/{id}',
      'get /v1/content/{sha256}',
      'get /healthz',
      'get /metrics',
    ]),
  );
  const pull = JSON.stringify(served.paths['/v1/pull']);
  for (const word of ['areas', 'cursor', 'scopeChanged', 'checksum', 'mustBootstrap', '426', '503'])
    expect(pull).toContain(word);
});

test('a request in flight is finished before the gateway stops; a new one finds nobody', async () => {
  const code = await centre.code('w1');
  const device = await TestDevice.enrol(centre.url, code);
  // A transaction that the push must wait for keeps it in flight.
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let locked = (): void => undefined;
  const isLocked = new Promise<void>((resolve) => {
    locked = resolve;
  });
  const holding = centre.database.write(async (transaction) => {
    await transaction.query("SELECT FROM record WHERE id = 'r1' FOR UPDATE");
    locked();
    await held;
  });
  await isLocked;
  const delta = device.delta({ entity: 'resident', row: 'r1', fields: { phone: { value: '13800000002' } } });
  const pushing = device.push([delta]);
  await expect
    .poll(async () => {
      const { rows } = await centre.database.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return rows.length;
    })
    .toBe(1);
  const stopping = centre.gateway.stop();
  release();
  await holding;
  expect(await pushing).toMatchObject({ ok: true, body: { outcomes: [{ result: 'applied' }] } });
  await stopping;
  const { port } = new URL(centre.url);
  const refused = await new Promise<boolean>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => {
      resolve(true);
    });
  });
  expect(refused).toBe(true);
});

test('lines come from the catalogue and hold nothing about people', async () => {
  const device = await TestDevice.enrol(centre.url, await centre.code('w1'));
  await device.push([
    device.delta({ entity: 'resident', row: 'r1', fields: { phone: { base: '13800000001', value: '13800000002' } } }),
    { name: '王秀英', opNo: 2 },
  ]);
  await device.get('/v1/history/resident/r1', { parse: () => null });
  const codes = lines.map((line) => (JSON.parse(line) as { event: string }).event);
  expect(codes).toContain('push.done');
  for (const code of codes) expect(Object.keys(events)).toContain(code);
  expect(lines.join('')).not.toMatch(/王|13800000|Bearer|eyJ/);
});

test('SQL is written in the store only', async () => {
  const { globSync } = await import('node:fs');
  const files = globSync('central/**/*.ts').filter((file) => !/central\/(store|testing)\/|\.test\.ts$/.test(file));
  expect(files.length).toBeGreaterThan(20);
  for (const file of files) {
    const text = await readFile(file, 'utf8');
    const found = /[`'](?:SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM|WITH \w+ AS|TRUNCATE)\s[^`']*/.exec(text);
    expect([file, file.endsWith('health-routes.ts') ? null : (found?.[0] ?? null)]).toEqual([file, null]);
  }
});
