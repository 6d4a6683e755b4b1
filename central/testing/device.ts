import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import type { Delta } from '../../shared/sync/delta.ts';
import {
  EnrolAnswer,
  Problem,
  PullAnswer,
  PushAnswer,
  RowsAnswer,
  SessionAnswer,
  SnapshotChunk,
  type Cursor,
} from '../../shared/sync/wire.ts';

/** An answer of the gateway: its status, and the body as the contract reads it or the problem. */
export type Answer<T> =
  | { readonly ok: true; readonly status: number; readonly body: T }
  | { readonly ok: false; readonly status: number; readonly problem: Problem };

interface Reader<T> {
  parse(value: unknown): T;
}

const now = (): string => new Date().toISOString();

/** A device reduced to its HTTP: what a replica says to the gateway, without the replica. */
export class TestDevice {
  readonly url: string;
  readonly identity: EnrolAnswer;
  readonly key: CryptoKey;
  token = '';
  /** The chain value the gateway has. */
  link: string;
  opNo = 0;

  private constructor(url: string, identity: EnrolAnswer, key: CryptoKey, link: string) {
    this.url = url;
    this.identity = identity;
    this.key = key;
    this.link = link;
  }

  /** Enrols with a code and opens a session. */
  static async enrol(url: string, code: string): Promise<TestDevice> {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const { x = '' } = await exportJWK(publicKey);
    const link = randomUUID();
    const key = { kty: 'OKP', crv: 'Ed25519', x };
    const body = { code, key, deviceName: 'test', link };
    const answer = await ask(`${url}/v1/enrol`, 'POST', EnrolAnswer, body);
    if (!answer.ok) throw new Error(`enrolment refused: ${answer.problem.code}`);
    const device = new TestDevice(url, answer.body, privateKey, link);
    await device.session();
    return device;
  }

  /** The same device as it was a moment ago: a cloned disk. */
  clone(): TestDevice {
    const copy = new TestDevice(this.url, this.identity, this.key, this.link);
    copy.token = this.token;
    copy.opNo = this.opNo;
    return copy;
  }

  async assertion(issuedAt = Math.floor(Date.now() / 1000)): Promise<string> {
    return new SignJWT({})
      .setProtectedHeader({ alg: 'EdDSA' })
      .setIssuer(this.identity.device)
      .setAudience('doorstep')
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + 120)
      .setJti(randomUUID())
      .sign(this.key);
  }

  /** Opens a session; with `loseAnswer` the gateway answers and the device never hears it. */
  async session(more: { loseAnswer?: boolean; nextLink?: string; schema?: number; issuedAt?: number } = {}) {
    const nextLink = more.nextLink ?? randomUUID();
    const body = {
      assertion: await this.assertion(more.issuedAt),
      link: this.link,
      nextLink,
      schema: more.schema ?? 1,
      app: 'test',
    };
    const answer = await ask(`${this.url}/v1/session`, 'POST', SessionAnswer, body);
    if (answer.ok && more.loseAnswer !== true) {
      this.token = answer.body.token;
      this.link = nextLink;
    }
    return answer;
  }

  /** A delta of this device with the next op number. */
  delta(change: Pick<Delta, 'entity' | 'row' | 'fields'> & Partial<Delta>): Delta {
    this.opNo += 1;
    return {
      id: randomUUID(),
      device: this.identity.device,
      epoch: this.identity.epoch,
      opNo: this.opNo,
      txn: randomUUID(),
      op: 'update',
      area: '330211001001',
      schema: 1,
      baseVersion: 1,
      hlc: `${now()}.0000`,
      actor: this.identity.person.id,
      source: 'visit',
      reason: { kind: 'edit' },
      ...change,
    };
  }

  push(deltas: readonly unknown[]): Promise<Answer<PushAnswer>> {
    return ask(`${this.url}/v1/push`, 'POST', PushAnswer, { deltas }, this.token);
  }

  pull(areas: readonly { area: string; cursor: Cursor }[], limit?: number): Promise<Answer<PullAnswer>> {
    const body = limit === undefined ? { areas, schema: 1 } : { areas, schema: 1, limit };
    return ask(`${this.url}/v1/pull`, 'POST', PullAnswer, body, this.token);
  }

  rows(refs: readonly { entity: string; id: string }[]): Promise<Answer<RowsAnswer>> {
    return ask(`${this.url}/v1/rows`, 'POST', RowsAnswer, { refs }, this.token);
  }

  snapshot(area: string, after?: string, cursor?: Cursor): Promise<Answer<SnapshotChunk>> {
    const query = new URLSearchParams();
    if (after !== undefined) query.set('after', after);
    if (cursor !== undefined) query.set('cursor', `${cursor.xid}.${cursor.seq}`);
    return ask(`${this.url}/v1/snapshot/${area}?${query.toString()}`, 'GET', SnapshotChunk, undefined, this.token);
  }

  get<T>(path: string, reader: Reader<T>): Promise<Answer<T>> {
    return ask(`${this.url}${path}`, 'GET', reader, undefined, this.token);
  }
}

/** One request, its answer read by the contract. */
export async function ask<T>(
  url: string,
  method: 'GET' | 'POST',
  reader: Reader<T>,
  body?: unknown,
  token?: string,
): Promise<Answer<T>> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const json: unknown = await response.json();
  return response.ok
    ? { ok: true, status: response.status, body: reader.parse(json) }
    : { ok: false, status: response.status, problem: Problem.parse(json) };
}
