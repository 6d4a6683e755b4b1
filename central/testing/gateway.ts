import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Area } from '../../shared/sync/wire.ts';
import { makeCode } from '../access/enrolment.ts';
import { startGateway, type Gateway, type GatewayOptions } from '../gateway.ts';
import { Database } from '../store/database.ts';
import { addDistrict, addDivisions, addMembers, setGrants, type Member } from '../store/people.ts';
import { bulkLoad, type LoadRow } from '../store/records.ts';
import { createTestDatabase, stopOwnCluster } from './cluster.ts';

/** Two communities of a street and one of another; real codes of Zhenhai, the county of the demonstration. */
export const testAreas: readonly Area[] = [
  { code: '330211001001', name: '胜利路社区', street: '招宝山街道' },
  { code: '330211001002', name: '白龙社区', street: '招宝山街道' },
  { code: '330211002001', name: '蛟川社区', street: '蛟川街道' },
];

export const testMembers: readonly Member[] = [
  { id: 'w1', name: '王一', role: 'community-worker', post: '社区工作者', grants: ['330211001001'] },
  { id: 'w2', name: '李二', role: 'community-worker', post: '社区工作者', grants: ['330211001001', '330211001002'] },
  { id: 'w3', name: '张三', role: 'grid-leader', post: '网格长', grants: ['330211002'] },
  { id: 's1', name: '赵四', role: 'supervisor', post: '街道主管', grants: ['330211'] },
  { id: 'a1', name: '钱五', role: 'auditor', post: '审计', grants: ['330211'] },
];

export interface TestGatewayOptions {
  /** Rows as first loaded. */
  readonly rows?: readonly LoadRow[];
  readonly members?: readonly Member[];
  readonly areas?: readonly Area[];
  readonly gateway?: Partial<GatewayOptions>;
}

export interface TestGateway {
  readonly url: string;
  readonly databaseUrl: string;
  readonly database: Database;
  readonly gateway: Gateway;
  /** A fresh one-time enrolment code. */
  code(person: string): Promise<string>;
  grant(person: string, prefixes: readonly string[]): Promise<void>;
  /** A second gateway on the same database; stopped with the first. */
  another(): Promise<Gateway>;
  /** Stops the gateways and drops the database. */
  stop(): Promise<void>;
}

/** Starts a gateway on a random port over a fresh database with a small district. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const created = await createTestDatabase();
  const files = await mkdtemp(join(tmpdir(), 'doorstep-files-'));
  const database = new Database(created.url, { connections: 4 });
  await database.write(async (transaction) => {
    await addDistrict(transaction, { county: '330211', name: '镇海区', demonstration: true, leaseDays: 14 });
    await addDivisions(
      transaction,
      (options.areas ?? testAreas).map((area) => ({ ...area, parent: `${area.code.slice(0, 9)}000` })),
    );
    await addMembers(transaction, '330211', options.members ?? testMembers);
    await bulkLoad(transaction, options.rows ?? []);
  });
  const start = (): Promise<Gateway> =>
    startGateway({ ...options.gateway, databaseUrl: created.url, files, connections: 6 });
  const gateway = await start();
  const others: Gateway[] = [];
  return {
    url: gateway.url,
    databaseUrl: created.url,
    database,
    gateway,
    async code(person) {
      const now = options.gateway?.now?.() ?? new Date();
      const made = await makeCode(database, person, now, 24);
      if (!made.ok) throw new Error(`no such person: ${person}`);
      return made.value;
    },
    grant: (person, prefixes) => database.write((transaction) => setGrants(transaction, person, prefixes)),
    async another() {
      const other = await start();
      others.push(other);
      return other;
    },
    async stop() {
      for (const one of [gateway, ...others]) await one.stop();
      await database.close();
      await created.drop();
      await rm(files, { recursive: true, force: true });
    },
  };
}

export { stopOwnCluster };
