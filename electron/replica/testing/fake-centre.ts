import { createPublicKey, randomUUID, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { entityNames, fieldNames, type EntityName } from '../../../shared/domain/entities.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import { Delta, type Outcome, type Provenance } from '../../../shared/sync/delta.ts';
import { judge, type CentralRow, type Head } from '../../../shared/sync/judge.ts';
import { addHash, rowHash } from '../../../shared/sync/row-hash.ts';
import {
  EnrolRequest,
  PullRequest,
  PushRequest,
  RowsRequest,
  SessionRequest,
  type Area,
  type DeviceKey,
  type Person,
  type Problem,
  type PulledRow,
} from '../../../shared/sync/wire.ts';

/** What the centre is told to do wrong; each is used up when it has happened, unless it says how often. */
export interface Faults {
  /** The request is worked on, and its answer lost: the connection breaks. */
  loseAnswers?: number;
  /** The request is not even worked on. */
  refuseAll?: { readonly status: number; readonly code: Problem['code']; readonly retryAfter?: number };
  /** Changes a row on its way out of a pull. */
  spoil?: (row: PulledRow) => unknown;
  spoilChecksum?: boolean;
  /** Requests it still answers before it says that it is unavailable. */
  budget?: number;
}

interface Device {
  readonly key: DeviceKey;
  link: string;
  lastOpNo: number;
  revoked: boolean;
}

export const person: Person = { id: 'w-li', name: '李敏', role: 'community-worker', post: '社区工作者' };

/** A centre of one person, in memory behind a real HTTP server: it judges as the gateway does, and errs on demand. */
export class FakeCentre {
  readonly rows = new Map<string, CentralRow>();
  readonly requests: string[] = [];
  readonly outcomes = new Map<string, Outcome>();
  readonly devices = new Map<string, Device>();
  readonly content = new Map<string, Buffer>();
  areas: Area[] = [];
  codes = new Set(['CODE-0001']);
  faults: Faults = {};
  now = (): string => new Date().toISOString();
  leaseDays = 30;
  chunkRows = 50;
  private readonly feed = new Map<string, Map<string, { seq: number; left: boolean }>>();
  private seq = 0;
  private readonly server = createServer((request, response) => void this.serve(request, response));
  private readonly tokens = new Map<string, string>();
  private readonly uploads = new Map<string, { sha256: string; size: number; bytes: Buffer }>();

  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Puts or changes a row as somebody else would: next version, into the feed. */
  put(entity: EntityName, id: string, area: string, values: Record<string, FieldValue>, by = 'w-zhang'): void {
    const before = this.rows.get(`${entity}|${id}`);
    const version = (before?.version ?? 0) + 1;
    const head: Head = {
      version,
      by,
      source: 'visit',
      at: this.now(),
      reason: { kind: 'edit' },
      device: randomUUID(),
      epoch: 1,
      opNo: 1,
    };
    const heads = { ...before?.heads, ...Object.fromEntries(Object.keys(values).map((name) => [name, head])) };
    this.keep({ entity, id, area, version, deleted: false, values: { ...before?.values, ...values }, heads }, before);
  }

  remove(entity: EntityName, id: string): void {
    const before = this.need(entity, id);
    const version = before.version + 1;
    const head: Head = {
      version,
      by: 'w-zhang',
      source: 'visit',
      at: this.now(),
      reason: { kind: 'edit' },
      device: randomUUID(),
      epoch: 1,
      opNo: 1,
    };
    this.keep({ ...before, version, deleted: true, heads: { ...before.heads, row: head } }, before);
  }

  move(entity: EntityName, id: string, area: string): void {
    const before = this.need(entity, id);
    this.keep({ ...before, version: before.version + 1, area }, before);
  }

  need(entity: EntityName, id: string): CentralRow {
    const row = this.rows.get(`${entity}|${id}`);
    if (row === undefined) throw new Error(`the centre has no ${entity} ${id}`);
    return row;
  }

  private keep(row: CentralRow, before: CentralRow | undefined): void {
    const key = `${row.entity}|${row.id}`;
    this.rows.set(key, row);
    this.seq += 1;
    if (before !== undefined && before.area !== row.area) this.note(before.area, key, true);
    this.note(row.area, key, false);
  }

  private note(area: string, key: string, left: boolean): void {
    const lines = this.feed.get(area) ?? new Map<string, { seq: number; left: boolean }>();
    lines.set(key, { seq: this.seq, left });
    this.feed.set(area, lines);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Buffer));
    const url = new URL(request.url ?? '/', 'http://centre');
    this.requests.push(`${request.method ?? ''} ${url.pathname}`);
    if (this.faults.budget !== undefined) {
      this.faults.budget -= 1;
      if (this.faults.budget < 0) this.faults.refuseAll = { status: 503, code: 'unavailable' };
    }
    const refusing = this.faults.refuseAll;
    if (refusing !== undefined) {
      if (refusing.retryAfter !== undefined) response.setHeader('retry-after', String(refusing.retryAfter));
      this.send(response, refusing.status, { code: refusing.code, message: 'told so' });
      return;
    }
    const body = Buffer.concat(chunks);
    if (url.pathname.startsWith('/v1/files')) {
      this.files(request, response, url.pathname, body);
      return;
    }
    const device = this.tokens.get((request.headers.authorization ?? '').replace('Bearer ', ''));
    const result = this.route(request.method ?? '', url, body, device);
    if ((this.faults.loseAnswers ?? 0) > 0) {
      this.faults.loseAnswers = (this.faults.loseAnswers ?? 0) - 1;
      response.destroy();
      return;
    }
    if (Buffer.isBuffer(result.body)) {
      response.writeHead(result.status).end(request.method === 'HEAD' ? undefined : result.body);
      return;
    }
    this.send(response, result.status, result.body);
  }

  private send(response: ServerResponse, status: number, body: unknown): void {
    const bytes = gzipSync(JSON.stringify(body));
    response.writeHead(status, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bytes);
  }

  private route(
    method: string,
    url: URL,
    bytes: Buffer,
    device: string | undefined,
  ): { status: number; body: unknown } {
    const json = (): unknown => JSON.parse(bytes.toString('utf8'));
    if (url.pathname === '/v1/enrol') return this.enrol(EnrolRequest.parse(json()));
    if (url.pathname === '/v1/session') return this.session(SessionRequest.parse(json()));
    const known = device === undefined ? undefined : this.devices.get(device);
    if (device === undefined || known === undefined) return problem(401, 'token.missing');
    if (known.revoked) return problem(403, 'device.revoked');
    const [, , name, key] = url.pathname.split('/');
    switch (name) {
      case 'push':
        return this.push(known, device, PushRequest.parse(json()).deltas);
      case 'pull':
        return { status: 200, body: this.pull(PullRequest.parse(json())) };
      case 'rows':
        return { status: 200, body: { rows: this.named(RowsRequest.parse(json())) } };
      case 'snapshot':
        return { status: 200, body: this.snapshot(key ?? '', url.searchParams) };
      case 'content': {
        const content = this.content.get(key ?? '');
        return content === undefined ? problem(404, 'not-found') : { status: 200, body: content };
      }
      default:
        return problem(404, method === '' ? 'internal' : 'not-found');
    }
  }

  private enrol(request: EnrolRequest): { status: number; body: unknown } {
    if (!this.codes.delete(request.code)) return problem(403, 'code.unknown');
    const device = randomUUID();
    this.devices.set(device, { key: request.key, link: request.link, lastOpNo: 0, revoked: false });
    const body = {
      device,
      epoch: 1,
      person,
      county: '330211',
      countyName: '镇海区',
      leaseUntil: this.lease(),
      demonstration: true,
    };
    return { status: 200, body };
  }

  private session(request: SessionRequest): { status: number; body: unknown } {
    const [head = '', claims = '', signature = ''] = request.assertion.split('.');
    const { iss, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as { iss: string; iat: number };
    const device = this.devices.get(iss);
    if (device === undefined) return problem(401, 'token.missing');
    const key = createPublicKey({ key: device.key, format: 'jwk' });
    if (!verify(null, Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url')))
      return problem(401, 'token.missing');
    if (Math.abs(Date.now() / 1000 - iat) > 300) return problem(401, 'token.expired');
    if (device.revoked) return problem(403, 'device.revoked');
    if (request.link === device.link) device.link = request.nextLink;
    else if (request.nextLink !== device.link) return problem(409, 'device.forked');
    const token = randomUUID();
    this.tokens.set(token, iss);
    const now = this.now();
    const expiresAt = new Date(Date.parse(now) + 600_000).toISOString();
    const schema = { oldest: 1, current: 1 };
    const { areas } = this;
    return {
      status: 200,
      body: {
        token,
        expiresAt,
        person,
        areas,
        leaseUntil: this.lease(),
        epoch: 1,
        lastOpNo: device.lastOpNo,
        schema,
        now,
      },
    };
  }

  private lease(): string {
    return new Date(Date.parse(this.now()) + this.leaseDays * 86_400_000).toISOString();
  }

  private push(device: Device, id: string, deltas: readonly unknown[]): { status: number; body: unknown } {
    const outcomes: Outcome[] = [];
    for (const raw of deltas) {
      const { opNo } = raw as { opNo: number };
      const parsed = Delta.safeParse(raw);
      const known = parsed.success ? this.outcomes.get(parsed.data.id) : undefined;
      if (known !== undefined) {
        device.lastOpNo = Math.max(device.lastOpNo, opNo);
        outcomes.push({ ...known, opNo });
        continue;
      }
      if (opNo > device.lastOpNo + 1) return problem(409, 'gap', { expected: device.lastOpNo + 1 });
      device.lastOpNo = Math.max(device.lastOpNo, opNo);
      if (!parsed.success || parsed.data.device !== id) {
        outcomes.push({ id: '', opNo, result: 'rejected', version: 0, conflicts: [], code: 'delta.malformed' });
        continue;
      }
      outcomes.push(this.judge(parsed.data));
    }
    return { status: 200, body: { outcomes, lastOpNo: device.lastOpNo } };
  }

  private judge(delta: Delta): Outcome {
    const held = this.areas.some((area) => area.code === delta.area);
    const before = this.rows.get(`${delta.entity}|${delta.row}`) ?? null;
    const verdict = judge(before, delta, this.now());
    const outcome: Outcome = held
      ? verdict.outcome
      : { id: delta.id, opNo: delta.opNo, result: 'rejected', version: 0, conflicts: [], code: 'scope.outside' };
    this.outcomes.set(delta.id, outcome);
    if (!held) return outcome;
    if (verdict.row !== null) this.keep(verdict.row, before ?? undefined);
    for (const conflict of verdict.conflicts) this.keep(conflict, undefined);
    return outcome;
  }

  private pulled(row: CentralRow, after: number, whole: boolean): PulledRow {
    const names = whole
      ? fieldNames(row.entity)
      : Object.keys(row.heads).filter((name) => (row.heads[name]?.version ?? 0) >= after && name !== 'row');
    const fields = Object.fromEntries(names.map((name) => [name, row.values[name] ?? null]));
    const provenance = Object.fromEntries(
      names.flatMap((name): [string, Provenance][] => {
        const head = row.heads[name];
        if (head === undefined) return [];
        const { version, by, source, at, reason } = head;
        return [[name, { version, by, source, at, reason }]];
      }),
    );
    return { entity: row.entity, id: row.id, version: row.version, whole, deleted: row.deleted, fields, provenance };
  }

  private pull(request: {
    areas: readonly { area: string; cursor: { seq: string } }[];
    limit?: number | undefined;
  }): unknown {
    const pages = request.areas.flatMap(({ area, cursor }) => {
      const lines = [...(this.feed.get(area) ?? [])]
        .filter(([, line]) => line.seq > Number(cursor.seq))
        .sort(([, a], [, b]) => a.seq - b.seq);
      const page = lines.slice(0, request.limit ?? 2000);
      const rows: unknown[] = [];
      const left: { entity: string; id: string }[] = [];
      for (const [key, line] of page) {
        const row = this.rows.get(key);
        if (row === undefined) continue;
        if (line.left) left.push({ entity: row.entity, id: row.id });
        else {
          const whole = row.version === 1 || this.heldOtherwise(row);
          const pulled = this.pulled(row, 1, whole);
          rows.push(this.faults.spoil === undefined ? pulled : this.faults.spoil(pulled));
        }
      }
      const more = page.length < lines.length;
      const seq = page.at(-1)?.[1].seq ?? Number(cursor.seq);
      const sums = this.checksum(area);
      const checksum = this.faults.spoilChecksum === true ? { ...sums, sum: addHash(sums.sum, 7) } : sums;
      return [{ area, cursor: { xid: '1', seq: String(seq) }, rows, left, more, ...(more ? {} : { checksum }) }];
    });
    return { pages, scopeChanged: false };
  }

  /** A row that moved between areas comes whole. */
  private heldOtherwise(row: CentralRow): boolean {
    return [...this.feed].some(([area, lines]) => area !== row.area && lines.has(`${row.entity}|${row.id}`));
  }

  checksum(area: string): { rows: number; sum: number } {
    let rows = 0;
    let sum = 0;
    for (const row of this.rows.values()) {
      if (row.area !== area || row.deleted) continue;
      rows += 1;
      sum = addHash(sum, rowHash(row.entity, row.id, row.version));
    }
    return { rows, sum };
  }

  private named(request: RowsRequest): unknown[] {
    return request.refs.flatMap(({ entity, id }) => {
      const row = this.rows.get(`${entity}|${id}`);
      return row === undefined ? [] : [{ area: row.area, row: this.pulled(row, 0, true) }];
    });
  }

  private snapshot(area: string, query: URLSearchParams): unknown {
    const cursor = query.get('cursor')?.split('.') ?? ['1', String(this.seq)];
    const after = query.get('after') ?? '';
    const live = [...this.rows.values()].filter((row) => row.area === area && !row.deleted);
    const key = (row: CentralRow): string => `${String(entityNames.indexOf(row.entity)).padStart(2, '0')}|${row.id}`;
    const rest = live.filter((row) => key(row) > after).sort((a, b) => (key(a) < key(b) ? -1 : 1));
    const page = rest.slice(0, this.chunkRows);
    const groups = entityNames.flatMap((entity) => {
      const rows = page.filter((row) => row.entity === entity);
      const fields = fieldNames(entity);
      if (rows.length === 0) return [];
      return [
        {
          entity,
          fields,
          rows: rows.map((row) => [row.id, row.version, ...fields.map((name) => row.values[name] ?? null)]),
          provenance: {},
        },
      ];
    });
    const last = page.at(-1);
    const next = rest.length > page.length && last !== undefined ? key(last) : null;
    return { area, cursor: { xid: cursor[0], seq: cursor[1] }, groups, next, total: live.length };
  }

  /** tus 1.0, as far as one client needs it. */
  private files(request: IncomingMessage, response: ServerResponse, path: string, body: Buffer): void {
    response.setHeader('tus-resumable', '1.0.0');
    if (request.method === 'POST') {
      const metadata = String(request.headers['upload-metadata']);
      const name = /sha256 ([A-Za-z0-9+/=]+)/.exec(metadata)?.[1] ?? '';
      const id = randomUUID();
      this.uploads.set(id, {
        sha256: Buffer.from(name, 'base64').toString('utf8'),
        size: Number(request.headers['upload-length']),
        bytes: Buffer.alloc(0),
      });
      response.writeHead(201, { location: `/v1/files/${id}` }).end();
      return;
    }
    const upload = this.uploads.get(path.split('/').at(-1) ?? '');
    if (upload === undefined) {
      response.writeHead(404).end();
      return;
    }
    if (request.method === 'PATCH') {
      if ((this.faults.loseAnswers ?? 0) > 0) {
        // Half of the piece arrives, then the line breaks.
        this.faults.loseAnswers = (this.faults.loseAnswers ?? 0) - 1;
        upload.bytes = Buffer.concat([upload.bytes, body.subarray(0, body.length / 2)]);
        response.destroy();
        return;
      }
      upload.bytes = Buffer.concat([upload.bytes, body]);
      if (upload.bytes.length === upload.size) this.content.set(upload.sha256, upload.bytes);
    }
    const headers = { 'upload-offset': String(upload.bytes.length), 'upload-length': String(upload.size) };
    response.writeHead(request.method === 'HEAD' ? 200 : 204, headers).end();
  }
}

function problem(
  status: number,
  code: Problem['code'],
  facts?: Record<string, number>,
): { status: number; body: unknown } {
  return { status, body: { code, message: 'told so', ...(facts === undefined ? {} : { facts }) } };
}
