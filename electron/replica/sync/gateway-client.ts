import { z } from 'zod';
import type { EntityName } from '../../../shared/domain/entities.ts';
import {
  EnrolAnswer,
  Problem,
  PullAnswer,
  PushAnswer,
  SessionAnswer,
  SnapshotChunk,
  type Cursor,
  type EnrolRequest,
  type PullRequest,
  type PushRequest,
  type SessionRequest,
} from '../../../shared/sync/wire.ts';
import { Http, NoAnswer, type HttpAnswer, type HttpRequest } from './http.ts';

/** Why a request brought nothing. */
export type Trouble =
  /** Nobody answers. */
  | { readonly kind: 'offline' }
  /** The centre cannot now; it may have said when to come back. */
  | { readonly kind: 'unavailable'; readonly retryAfterMillis: number | null }
  /** The centre refuses, with its code. */
  | { readonly kind: 'refused'; readonly code: Problem['code']; readonly facts: Problem['facts'] }
  /** What came back is no answer of a gateway. */
  | { readonly kind: 'strange'; readonly status: number };

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly trouble: Trouble };

/** `/v1/rows` with its rows still unparsed, so that a bad one does not cost the others. */
const LooseRows = z.strictObject({ rows: z.array(z.unknown()).max(1000) });

/** The gateway's HTTP interface, every answer parsed at the door. */
export class GatewayClient {
  readonly http = new Http();
  private readonly base: string;
  private readonly signal: AbortSignal;
  /** The centre's clock minus ours, in milliseconds, once an answer told it: only for assertions that carry a time. */
  clockOffset = 0;
  token = '';

  constructor(gateway: string, signal: AbortSignal) {
    this.base = gateway.replace(/\/+$/, '');
    this.signal = signal;
  }

  enrol(body: EnrolRequest): Promise<Answer<EnrolAnswer>> {
    return this.post('/v1/enrol', body, EnrolAnswer);
  }
  session(body: SessionRequest): Promise<Answer<SessionAnswer>> {
    return this.post('/v1/session', body, SessionAnswer);
  }
  push(body: PushRequest): Promise<Answer<PushAnswer>> {
    return this.post('/v1/push', body, PushAnswer);
  }
  pull(body: PullRequest): Promise<Answer<PullAnswer>> {
    return this.post('/v1/pull', body, PullAnswer);
  }
  rows(
    refs: readonly { readonly entity: EntityName; readonly id: string }[],
  ): Promise<Answer<z.infer<typeof LooseRows>>> {
    return this.post('/v1/rows', { refs }, LooseRows);
  }
  snapshot(area: string, after: string | null, cursor: Cursor | null): Promise<Answer<SnapshotChunk>> {
    const query = new URLSearchParams();
    if (after !== null) query.set('after', after);
    if (cursor !== null) query.set('cursor', `${cursor.xid}.${cursor.seq}`);
    const text = query.toString();
    return this.ask(
      { method: 'GET', url: this.url(`/v1/snapshot/${area}${text === '' ? '' : `?${text}`}`) },
      SnapshotChunk,
    );
  }

  /** Whether the centre has these bytes already. */
  async hasContent(sha256: string): Promise<Answer<boolean>> {
    const answer = await this.exchange({ method: 'HEAD', url: this.url(`/v1/content/${sha256}`) });
    if (!answer.ok) return answer;
    if (answer.value.status === 200) return { ok: true, value: true };
    if (answer.value.status === 404) return { ok: true, value: false };
    return { ok: false, trouble: troubleOf(answer.value) };
  }

  async content(sha256: string): Promise<Answer<Buffer>> {
    const answer = await this.exchange({ method: 'GET', url: this.url(`/v1/content/${sha256}`) });
    if (!answer.ok) return answer;
    if (answer.value.status === 200) return { ok: true, value: answer.value.body };
    return { ok: false, trouble: troubleOf(answer.value) };
  }

  /** What an answer means that another library received; status 0 for none. */
  read(status: number, body: string): Trouble {
    if (status === 0) return { kind: 'offline' };
    return troubleOf({ status, headers: {}, body: Buffer.from(body, 'utf8') });
  }

  url(path: string): URL {
    return new URL(`${this.base}${path}`);
  }

  private post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<Answer<T>> {
    const bytes = Buffer.from(JSON.stringify(body), 'utf8');
    const headers = { 'content-type': 'application/json' };
    return this.ask({ method: 'POST', url: this.url(path), headers, body: bytes }, schema);
  }

  private async ask<T>(request: HttpRequest, schema: z.ZodType<T>): Promise<Answer<T>> {
    const answer = await this.exchange(request);
    if (!answer.ok) return answer;
    if (answer.value.status !== 200 && answer.value.status !== 201)
      return { ok: false, trouble: troubleOf(answer.value) };
    const parsed = schema.safeParse(jsonOf(answer.value.body));
    if (parsed.success) return { ok: true, value: parsed.data };
    return { ok: false, trouble: { kind: 'strange', status: answer.value.status } };
  }

  private async exchange(request: HttpRequest): Promise<Answer<HttpAnswer>> {
    const headers = { ...request.headers, ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }) };
    try {
      const value = await this.http.send({ ...request, headers, signal: this.signal });
      const date = Date.parse(value.headers.date ?? '');
      if (Number.isFinite(date)) this.clockOffset = date - Date.now();
      return { ok: true, value };
    } catch (error) {
      if (error instanceof NoAnswer) return { ok: false, trouble: { kind: 'offline' } };
      throw error;
    }
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Reads a refusal. A proxy's own error page is no refusal of the centre: it is as good as no answer. */
export function troubleOf(answer: HttpAnswer): Trouble {
  const problem = Problem.safeParse(jsonOf(answer.body));
  if (answer.status === 503 || (problem.success && problem.data.code === 'unavailable'))
    return { kind: 'unavailable', retryAfterMillis: retryAfter(answer.headers['retry-after']) };
  if (problem.success && problem.data.code !== 'internal')
    return { kind: 'refused', code: problem.data.code, facts: problem.data.facts };
  if (answer.status >= 500) return { kind: 'unavailable', retryAfterMillis: null };
  return { kind: 'strange', status: answer.status };
}

/** Seconds or an HTTP date, as milliseconds from now; at most an hour, so that nonsense does not silence a device. */
function retryAfter(header: string | undefined): number | null {
  if (header === undefined) return null;
  const millis = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(millis) ? Math.min(Math.max(millis, 0), 3_600_000) : null;
}
