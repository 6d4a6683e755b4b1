import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCode } from '../../central/access/enrolment.ts';
import { startGateway, type Gateway } from '../../central/gateway.ts';
import { Database } from '../../central/store/database.ts';
import { addDistrict, addDivisions, addMembers, setGrants, type Member } from '../../central/store/people.ts';
import { writeHistory } from '../../central/store/history.ts';
import {
  bulkLoad,
  lockRows,
  systemAuthor,
  systemRow,
  transactionId,
  writeRows,
  type LoadRow,
} from '../../central/store/records.ts';
import { createTestDatabase, stopOwnCluster, type TestDatabase } from '../../central/testing/cluster.ts';
import type { EntityName } from '../../shared/domain/entities.ts';
import type { FieldValue } from '../../shared/domain/values.ts';
import type { Outcome } from '../../shared/sync/delta.ts';
import type { Head } from '../../shared/sync/judge.ts';
import { checksumModulus } from '../../shared/sync/row-hash.ts';
import type { Area } from '../../shared/sync/wire.ts';

export const county = '330211';

/** A row as the centre keeps it. */
export interface Record {
  readonly entity: EntityName;
  readonly id: string;
  readonly area: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly values: Readonly<globalThis.Record<string, FieldValue>>;
}

export interface HistoryRow {
  readonly number: number;
  readonly entity: EntityName;
  readonly id: string;
  readonly field: string;
  readonly before: FieldValue;
  readonly after: FieldValue;
  readonly fate: 'set' | 'aside';
  readonly version: number;
  readonly delta: string | null;
}

export interface KnownAnswer {
  readonly id: string;
  readonly device: string;
  readonly epoch: number;
  readonly opNo: number;
  readonly answer: Outcome;
}

const emptied = [
  ...['record', 'feed', 'device_cursor', 'outcome', 'rejected', 'enrol_code', 'enrol_failure', 'device', 'history'],
  ...['file', 'settlement', 'grant_area', 'person', 'division', 'district'],
];

/** The centre of a run: one real PostgreSQL database and the gateways on it; emptied between histories. */
export class Centre {
  readonly database: Database;
  private readonly created: TestDatabase;
  /** Where all gateways of the database keep attachments. */
  readonly files: string;
  private gateways: Gateway[] = [];
  /** The centre's clock. */
  now = new Date('2026-11-21T00:00:00.000Z');

  private constructor(created: TestDatabase, files: string) {
    this.created = created;
    this.files = files;
    this.database = new Database(created.url, { connections: 4 });
  }

  static async start(): Promise<Centre> {
    const centre = new Centre(await createTestDatabase(), await mkdtemp(join(tmpdir(), 'doorstep-files-')));
    await centre.open();
    return centre;
  }

  /** The newest gateway's address. */
  get url(): string {
    const gateway = this.gateways.at(-1);
    if (gateway === undefined) throw new Error('no gateway runs');
    return gateway.url;
  }

  get databaseUrl(): string {
    return this.created.url;
  }

  /** Starts one more gateway on the database. */
  async open(): Promise<Gateway> {
    const options = { databaseUrl: this.created.url, files: this.files, connections: 6, now: () => this.now };
    const gateway = await startGateway(options);
    this.gateways.push(gateway);
    return gateway;
  }

  /** Another gateway takes over from all that ran. */
  async restart(): Promise<void> {
    const old = this.gateways;
    this.gateways = [];
    await this.open();
    for (const gateway of old) await gateway.stop();
  }

  async stop(): Promise<void> {
    for (const gateway of this.gateways) await gateway.stop();
    await this.database.close();
    await this.created.drop();
    await rm(this.files, { recursive: true, force: true });
    await stopOwnCluster();
  }

  /** Begins anew with a district, its people and its first rows. */
  async populate(areas: readonly Area[], members: readonly Member[], rows: readonly LoadRow[]): Promise<void> {
    await this.database.write(async (transaction) => {
      await transaction.query(`TRUNCATE ${emptied.join(', ')}`);
      await addDistrict(transaction, { county, name: '镇海区', demonstration: true, leaseDays: 300 });
      await addDivisions(
        transaction,
        areas.map((area) => ({ ...area, parent: `${area.code.slice(0, 9)}000` })),
      );
      await addMembers(transaction, county, members);
      await bulkLoad(transaction, rows);
    });
  }

  async code(person: string): Promise<string> {
    const made = await makeCode(this.database, person, this.now, 24);
    if (!made.ok) throw new Error(`no such person: ${person}`);
    return made.value;
  }

  grant(person: string, prefixes: readonly string[]): Promise<void> {
    return this.database.write((transaction) => setGrants(transaction, person, prefixes));
  }

  /** A row the centre makes by itself, as an importer does. */
  add(entity: EntityName, id: string, area: string, values: Readonly<globalThis.Record<string, FieldValue>>) {
    const why = { source: 'system', at: this.now.toISOString(), reason: { kind: 'feed', feed: 'test' } } as const;
    return this.database.write(async (transaction) => {
      const after = systemRow({ entity, id }, area, values, why);
      await writeRows(transaction, county, await transactionId(transaction), [{ before: null, after }]);
    });
  }

  /** A change that no device of this build could make, written as the centre writes its own. */
  touch(entity: EntityName, id: string, fields: Readonly<globalThis.Record<string, FieldValue>>): Promise<void> {
    return this.database.write(async (transaction) => {
      const [before] = (await lockRows(transaction, county, [{ entity, id }])).values();
      if (before === undefined) throw new Error('no row to touch');
      const version = before.version + 1;
      const at = this.now.toISOString();
      const head: Head = { version, by: 'w3', source: 'visit', at, reason: { kind: 'edit' }, ...systemAuthor };
      const heads = Object.fromEntries(Object.keys(fields).map((name) => [name, head]));
      const values = { ...before.values, ...fields };
      const after = { ...before, version, values, heads: { ...before.heads, ...heads } };
      await writeRows(transaction, county, await transactionId(transaction), [{ before, after }]);
      await writeHistory(
        transaction,
        county,
        Object.entries(fields).map(([field, value]) => ({
          ...{ entity, id, field, before: before.values[field] ?? null, after: value, fate: 'set', version },
          ...{ by: 'w3', source: 'visit', at, reason: { kind: 'edit' }, delta: null },
        })),
      );
    });
  }

  async records(): Promise<Record[]> {
    const { rows } = await this.database.query<Record & { data: Record['values'] }>(
      'SELECT entity, id, area, version, deleted, data FROM record ORDER BY entity, id',
    );
    return rows.map(({ data, ...row }) => ({ ...row, values: data }));
  }

  async history(): Promise<HistoryRow[]> {
    const { rows } = await this.database.query<HistoryRow & { number: string | number }>(
      'SELECT number::int, entity, id, field, before, after, fate, version, delta FROM history ORDER BY number',
    );
    return rows;
  }

  async answers(): Promise<KnownAnswer[]> {
    const { rows } = await this.database.query<{
      id: string;
      device: string;
      epoch: number;
      op_no: string;
      answer: Outcome;
    }>('SELECT id, device, epoch, op_no, answer FROM outcome ORDER BY device, epoch, op_no');
    return rows.map(({ op_no, ...row }) => ({ ...row, opNo: Number(op_no) }));
  }

  /** Content of refused deltas by delta id. */
  async rejected(): Promise<Map<string, string>> {
    const { rows } = await this.database.query<{ id: string; content: string }>('SELECT id, content FROM rejected');
    return new Map(rows.map((row) => [row.id, row.content]));
  }

  async feedSize(): Promise<{ entries: number; left: number }> {
    const { rows } = await this.database.query<{ entries: number; left: number }>(
      `SELECT count(*)::int AS entries, (count(*) FILTER (WHERE kind = 'leave'))::int AS left FROM feed`,
    );
    return rows[0] ?? { entries: 0, left: 0 };
  }

  /** Everything that a push can change, as one text. */
  async dump(): Promise<string> {
    const parts: unknown[] = [];
    for (const [table, order] of Object.entries({
      record: 'entity, id',
      feed: 'area, entity, id',
      history: 'number',
      outcome: 'id',
      rejected: 'device, epoch, op_no',
      device_cursor: 'device, epoch',
    })) {
      const { rows } = await this.database.query(`SELECT * FROM ${table} ORDER BY ${order}`);
      parts.push(table, rows);
    }
    return JSON.stringify(parts);
  }

  /** Live rows of an area and the sum of their hashes, from the rows themselves. */
  async checksum(area: string): Promise<{ rows: number; sum: number }> {
    const { rows } = await this.database.query<{ rows: number; sum: string }>(
      `SELECT count(*)::int AS rows, (coalesce(sum(row_hash), 0) % ${String(checksumModulus)})::text AS sum
       FROM record WHERE area = $1 AND NOT deleted`,
      [area],
    );
    return { rows: rows[0]?.rows ?? 0, sum: Number(rows[0]?.sum ?? '0') };
  }
}
