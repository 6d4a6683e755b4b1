import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EnrolAnswer } from '../../shared/sync/wire.ts';
import { revokeDevice } from '../store/devices.ts';
import { ask, TestDevice } from '../testing/device.ts';
import { startTestGateway, stopOwnCluster, type TestGateway } from '../testing/gateway.ts';
import { enrolLimits, makeCode } from './enrolment.ts';
import { tokenSeconds } from './tokens.ts';

let centre: TestGateway;
let now: Date;
beforeAll(() => {
  now = new Date();
});
beforeEach(async () => {
  now = new Date();
  centre = await startTestGateway({ gateway: { now: () => now } });
});
afterEach(async () => {
  await centre.stop();
});
afterAll(stopOwnCluster);

const later = (seconds: number): void => {
  now = new Date(now.getTime() + seconds * 1000);
};
const enrol = async (person = 'w1'): Promise<TestDevice> => TestDevice.enrol(centre.url, await centre.code(person));
const tryCode = (code: string) => {
  const key = { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' };
  return ask(`${centre.url}/v1/enrol`, 'POST', EnrolAnswer, { code, key, deviceName: 'x', link: randomUUID() });
};
const refusal = (code: string, status: number) => ({ ok: false, status, problem: { code } });

describe('enrolment', () => {
  test('a code is good once, however it is typed, and only its hash is kept', async () => {
    const code = await centre.code('w1');
    const typed = ` ${code.toLowerCase().replaceAll('-', ' ')} `;
    expect(await tryCode(typed)).toMatchObject({
      ok: true,
      body: { person: { id: 'w1', name: '王一' }, county: '330211', demonstration: true, epoch: 1 },
    });
    expect(await tryCode(code)).toMatchObject(refusal('code.unknown', 403));
    const { rows } = await centre.database.query<{ line: string }>('SELECT enrol_code::text AS line FROM enrol_code');
    for (const { line } of rows) expect(line.toUpperCase()).not.toContain(code.replaceAll('-', ''));
  });

  test('two devices race for one code: one gets it', async () => {
    const code = await centre.code('w1');
    const answers = await Promise.all([tryCode(code), tryCode(code), tryCode(code)]);
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
  });

  test('a code that is over, and a person who does not exist', async () => {
    const code = await centre.code('w1');
    later(25 * 3600);
    expect(await tryCode(code)).toMatchObject(refusal('code.unknown', 403));
    expect(await makeCode(centre.database, 'nobody', now, 1)).toMatchObject({ failure: { code: 'person.unknown' } });
  });

  test('guessing is slowed down, for good codes too, and forgotten after a while', async () => {
    const code = await centre.code('w1');
    for (let guess = 0; guess < enrolLimits.origin; guess += 1)
      expect(await tryCode(`WRONG-${String(guess)}`)).toMatchObject(refusal('code.unknown', 403));
    expect(await tryCode(code)).toMatchObject(refusal('unavailable', 429));
    later(120);
    expect(await tryCode(code)).toMatchObject({ ok: true });
  });
});

describe('session', () => {
  test('says who, where, until when and how far the centre has got', async () => {
    const device = await enrol('s1');
    const answer = await device.session();
    expect(answer).toMatchObject({
      ok: true,
      body: {
        person: { id: 's1', role: 'supervisor' },
        areas: [{ code: '330211000000' }, { code: '330211001001' }, { code: '330211001002' }, { code: '330211002001' }],
        lastOpNo: 0,
        schema: { oldest: 1, current: 1 },
        now: now.toISOString(),
        leaseUntil: new Date(now.getTime() + 14 * 86_400_000).toISOString(),
      },
    });
  });

  test('a token ends after ten minutes; none, a forged one and another gateway’s one open nothing', async () => {
    const device = await enrol();
    expect(await device.pull([])).toMatchObject({ ok: true });
    const [head, body, signature] = device.token.split('.');
    const forged = Buffer.from(
      JSON.stringify({ ...(JSON.parse(Buffer.from(body ?? '', 'base64url').toString()) as object), sub: 's1' }),
    ).toString('base64url');
    const token = device.token;
    for (const [bad, code] of [
      ['', 'token.missing'],
      ['x', 'token.expired'],
      [`${head ?? ''}.${forged}.${signature ?? ''}`, 'token.expired'],
      [`${Buffer.from('{"alg":"none"}').toString('base64url')}.${body ?? ''}.`, 'token.expired'],
    ] as const) {
      device.token = bad;
      expect(await device.pull([])).toMatchObject(refusal(code, 401));
    }
    device.token = token;
    later(tokenSeconds + 1);
    expect(await device.pull([])).toMatchObject(refusal('token.expired', 401));
    await device.session();
    expect(await device.pull([])).toMatchObject({ ok: true });
  });

  test('a token of one gateway is good at another on the same database', async () => {
    const device = await enrol();
    const other = await centre.another();
    const answer = await fetch(`${other.url}/v1/pull`, {
      method: 'POST',
      headers: { authorization: `Bearer ${device.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ areas: [], schema: 1 }),
    });
    expect(answer.status).toBe(200);
  });

  test('a lost answer is asked for again with the same link', async () => {
    const device = await enrol();
    const nextLink = randomUUID();
    expect(await device.session({ nextLink, loseAnswer: true })).toMatchObject({ ok: true });
    expect(await device.session({ nextLink, loseAnswer: true })).toMatchObject({ ok: true });
    expect(await device.session({ nextLink })).toMatchObject({ ok: true });
    expect(await device.session()).toMatchObject({ ok: true });
  });

  test('a copy of the device is noticed: whoever comes second with an old link must enrol again', async () => {
    const device = await enrol();
    const copy = device.clone();
    expect(await device.session()).toMatchObject({ ok: true });
    expect(await copy.session()).toMatchObject(refusal('device.forked', 409));
    // The one that kept in step goes on.
    expect(await device.session()).toMatchObject({ ok: true });
    const again = await enrol();
    expect(again.identity.device).not.toBe(device.identity.device);
    expect(await device.session()).toMatchObject({ ok: true });
  });

  test('another key, an unknown device, an assertion that claims an hour for itself', async () => {
    const [one, two] = [await enrol('w1'), await enrol('w2')];
    const body = { link: one.link, nextLink: randomUUID(), schema: 1, app: 'x' };
    const impostor = Object.assign(one.clone(), { key: two.key });
    expect(await impostor.session()).toMatchObject(refusal('token.missing', 401));
    for (const assertion of ['x', 'a.b.c', `${(await one.assertion()).slice(0, -4)}AAAA`]) {
      const answer = await fetch(`${centre.url}/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...body, assertion }),
      });
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([401, 'token.missing']);
    }
    expect(await one.session()).toMatchObject({ ok: true });
  });

  test('a clock ten years off changes nothing but a number in the metrics', async () => {
    const device = await enrol();
    const tenYears = 10 * 365 * 86_400;
    for (const drift of [tenYears, -tenYears]) {
      const issuedAt = Math.floor(now.getTime() / 1000) + drift;
      expect(await device.session({ issuedAt })).toMatchObject({ ok: true });
    }
    expect(await centre.gateway.metrics.registry.metrics()).toContain('doorstep_clock_ahead_total 2');
  });

  test('a revoked device is refused at once, with its session still running; so is a person who left', async () => {
    const [device, other] = [await enrol('w1'), await enrol('w2')];
    await revokeDevice(centre.database, device.identity.device);
    expect(await device.pull([])).toMatchObject(refusal('device.revoked', 403));
    expect(await device.push([])).toMatchObject(refusal('device.revoked', 403));
    expect(await device.session()).toMatchObject(refusal('device.revoked', 403));
    await centre.database.query("UPDATE person SET active = false WHERE id = 'w2'");
    expect(await other.pull([])).toMatchObject(refusal('device.revoked', 403));
    expect(await other.session()).toMatchObject(refusal('device.revoked', 403));
  });
});

test('schema: the last three are served, older ones may only push', async () => {
  await centre.stop();
  centre = await startTestGateway({ gateway: { schema: { oldest: 2, current: 4 } } });
  const device = await enrol();
  expect(await device.pull([])).toMatchObject(refusal('schema.too-old', 426));
  expect(await device.snapshot('330211001001')).toMatchObject(refusal('schema.too-old', 426));
  const visit = { entity: 'visit', row: 'v1', op: 'create', baseVersion: 0, fields: { kind: { value: 'x' } } } as const;
  expect(await device.push([device.delta(visit)])).toMatchObject({
    ok: true,
    body: { outcomes: [{ result: 'applied' }] },
  });
  const newer = device.delta({
    ...visit,
    row: 'v2',
    schema: 5,
    fields: { kind: { value: 'x' }, mood: { value: 'y' } },
  });
  const unknown = { ...device.delta({ ...visit, row: 'v3', schema: 5 }), entity: 'election' };
  const answer = await device.push([newer, unknown]);
  expect(answer.ok && answer.body.outcomes.map((outcome) => outcome.code)).toEqual([
    'delta.schema-unknown',
    'delta.schema-unknown',
  ]);
  await device.session({ schema: 2 });
  expect(await device.snapshot('330211001001')).toMatchObject({ ok: true });
});
