import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Upload } from 'tus-js-client';
import { Problem } from '../../shared/sync/wire.ts';
import { TestDevice } from '../testing/device.ts';
import { startTestGateway, stopOwnCluster, type TestGateway } from '../testing/gateway.ts';

const area = '330211001001';
let centre: TestGateway;
let worker: TestDevice;
let stranger: TestDevice;
beforeAll(async () => {
  centre = await startTestGateway();
  worker = await TestDevice.enrol(centre.url, await centre.code('w1'));
  stranger = await TestDevice.enrol(centre.url, await centre.code('w3'));
});
afterAll(async () => {
  await centre.stop();
  await stopOwnCluster();
});

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const encode = (metadata: Record<string, string>): string =>
  Object.entries(metadata)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');
const send = (path: string, method: string, device: TestDevice, headers: Record<string, string> = {}, body?: Buffer) =>
  fetch(centre.url + path, {
    method,
    headers: { authorization: `Bearer ${device.token}`, 'tus-resumable': '1.0.0', ...headers },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  });
const begin = (device: TestDevice, bytes: Buffer, more: Record<string, string> = {}, length = bytes.length) =>
  send('/v1/files', 'POST', device, {
    'upload-length': String(length),
    'upload-metadata': encode({ sha256: hash(bytes), mime: 'image/jpeg', area, ...more }),
  });
const patch = (path: string, device: TestDevice, offset: number, part: Buffer) =>
  send(
    path,
    'PATCH',
    device,
    { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    part,
  );

test('the client library of the devices uploads in parts; the area’s holders get the bytes back', async () => {
  const bytes = randomBytes(300_000);
  const sha256 = hash(bytes);
  const content = `/v1/content/${sha256}`;
  expect((await send(content, 'HEAD', worker)).status).toBe(404);
  await new Promise<void>((resolve, reject) => {
    new Upload(bytes, {
      endpoint: `${centre.url}/v1/files`,
      chunkSize: 100_000,
      headers: { authorization: `Bearer ${worker.token}` },
      metadata: { sha256, mime: 'image/jpeg', area },
      onSuccess: () => {
        resolve();
      },
      onError: reject,
    }).start();
  });
  const head = await send(content, 'HEAD', worker);
  expect([head.status, head.headers.get('content-length'), head.headers.get('content-type')]).toEqual([
    200,
    '300000',
    'image/jpeg',
  ]);
  expect(Buffer.from(await (await send(content, 'GET', worker)).arrayBuffer()).equals(bytes)).toBe(true);
  expect((await send(content, 'GET', stranger)).status).toBe(404);
  // The same bytes once more cost nothing and change nothing.
  const again = await begin(worker, bytes);
  expect((await patch(again.headers.get('location') ?? '', worker, 0, bytes)).status).toBe(204);
  const { rows } = await centre.database.query('SELECT area, bytes::int FROM file WHERE sha256 = $1', [sha256]);
  expect(rows).toEqual([{ area, bytes: 300_000 }]);
});

test('an interrupted upload goes on where it stopped, and only for the device that began it', async () => {
  const bytes = randomBytes(50_000);
  const started = await begin(worker, bytes);
  const path = started.headers.get('location') ?? '';
  expect(path).toMatch(/^\/v1\/files\/[\w-]+$/);
  expect((await patch(path, worker, 0, bytes.subarray(0, 20_000))).headers.get('upload-offset')).toBe('20000');
  expect((await send(path, 'HEAD', stranger)).status).toBe(404);
  expect((await patch(path, stranger, 20_000, bytes.subarray(20_000))).status).toBe(404);
  expect((await patch(path, worker, 10_000, bytes.subarray(10_000))).status).toBe(409);
  expect((await send(path, 'HEAD', worker)).headers.get('upload-offset')).toBe('20000');
  expect((await send(`/v1/content/${hash(bytes)}`, 'HEAD', worker)).status).toBe(404);
  expect((await patch(path, worker, 20_000, bytes.subarray(20_000))).status).toBe(204);
  expect((await send(`/v1/content/${hash(bytes)}`, 'HEAD', worker)).status).toBe(200);
});

describe('refused', () => {
  test('content that is not what its name says, at the last byte', async () => {
    const [bytes, other] = [randomBytes(1000), randomBytes(1000)];
    const started = await begin(worker, bytes);
    const path = started.headers.get('location') ?? '';
    const ended = await patch(path, worker, 0, other);
    expect([ended.status, Problem.parse(await ended.json()).code]).toEqual([400, 'request.malformed']);
    expect((await send(`/v1/content/${hash(bytes)}`, 'HEAD', worker)).status).toBe(404);
    expect((await send(path, 'HEAD', worker)).status).toBe(404);
  });

  test.each([
    ['another area', { area: '330211002001' }, 403, 'scope.outside'],
    ['the common area', { area: '330211000000' }, 403, 'scope.outside'],
    ['no hash', { sha256: 'x' }, 400, 'request.malformed'],
    ['an odd type', { mime: 'text/html; charset=x' }, 400, 'request.malformed'],
  ])('%s', async (_what, more, status, code) => {
    const response = await begin(worker, randomBytes(10), more);
    expect([response.status, Problem.parse(await response.json()).code]).toEqual([status, code]);
  });

  test('too much, no token, a path that climbs', async () => {
    const bytes = randomBytes(10);
    expect((await begin(worker, bytes, {}, 100_000_000)).status).toBe(413);
    const without = await fetch(`${centre.url}/v1/files`, { method: 'POST', headers: { 'tus-resumable': '1.0.0' } });
    expect(without.status).toBe(401);
    expect((await send('/v1/files/..%2F..%2Fetc', 'HEAD', worker)).status).toBe(404);
    expect((await send('/v1/content/..%2F..%2Fetc', 'GET', worker)).status).toBe(400);
  });
});
