import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../store/migrate.ts';
import { startEmbedded, type EmbeddedPostgres } from '../store/embedded.ts';

/** Where a run's one cluster is announced to the test files (and to processes they start). */
export const clusterVariable = 'DOORSTEP_TEST_CLUSTER';

const template = 'doorstep_template';

async function admin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** A PostgreSQL for tests: real, but with fsync off. Holds a migrated template that each test's database is a copy of. */
export async function startCluster(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'doorstep-cluster-'));
  // As root the server runs under an account of its own, which must get through.
  await chmod(folder, 0o755);
  let server: EmbeddedPostgres;
  try {
    server = await startEmbedded({ folder, durable: false, onLog: () => undefined });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  await admin(server.url, `CREATE DATABASE ${template}`);
  await migrate(withDatabase(server.url, template));
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(server.folder, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

let own: Promise<Awaited<ReturnType<typeof startCluster>>> | undefined;

/** The cluster of this run: the one announced, or one of this process's own (end it with `stopOwnCluster`). */
async function clusterUrl(): Promise<string> {
  const announced = process.env[clusterVariable];
  if (announced !== undefined) return announced;
  own ??= startCluster();
  return (await own).url;
}

/** Ends the cluster this process started for itself, if it did. */
export async function stopOwnCluster(): Promise<void> {
  const started = own;
  own = undefined;
  if (started !== undefined) await (await started).stop();
}

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A fresh, migrated, empty database. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const cluster = await clusterUrl();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await admin(cluster, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  return {
    url: withDatabase(cluster, name),
    drop: () => admin(cluster, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}
