/*
 * The centre of a run, in a process of its own as in real life: an embedded PostgreSQL, a district made once and kept, and
 * a gateway on a fresh copy of it, so that what one run writes does not change the next. Ends when its stdin does.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { createDistrict } from '../central/demo/load.ts';
import { civilDayInChina } from '../central/demo/calendar.ts';
import { startGateway } from '../central/gateway.ts';
import { Database } from '../central/store/database.ts';
import { startEmbedded } from '../central/store/embedded.ts';
import { migrate } from '../central/store/migrate.ts';

const [, , folder = '', residentsText = ''] = process.argv;
const residents = Number(residentsText);
const root = join(import.meta.dirname, '..');

/** Changes when the district would be made differently: its makers, its schema, its day. */
function districtKey(): string {
  const hash = createHash('sha256').update(civilDayInChina(new Date()));
  for (const place of ['central/demo', 'migrations/central'])
    for (const name of readdirSync(join(root, place)).sort())
      if (!name.endsWith('.test.ts')) hash.update(name).update(readFileSync(join(root, place, name)));
  return hash.digest('hex').slice(0, 12);
}

const embedded = await startEmbedded({ folder: join(folder, 'centre'), durable: true, onLog: () => undefined });
const withName = (name: string): string => {
  const url = new URL(embedded.url);
  url.pathname = `/${name}`;
  return url.href;
};
const admin = new pg.Client({ connectionString: withName('postgres') });
await admin.connect();

// Names are made of digits and hex only, so they are safe to write into statements.
const kept = `district_${String(residents)}_${districtKey()}`;
const drop = (name: string): Promise<unknown> => admin.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
const { rows: known } = await admin.query<{ datname: string }>(
  `SELECT datname FROM pg_database WHERE datname LIKE 'district\\_${String(residents)}\\_%'`,
);
let madeMillis: number | null = null;
if (!known.some((line) => line.datname === kept)) {
  for (const line of known) await drop(line.datname);
  await drop('making');
  await admin.query('CREATE DATABASE making');
  await migrate(withName('making'));
  const database = new Database(withName('making'));
  const start = performance.now();
  await createDistrict(database, { residents });
  madeMillis = performance.now() - start;
  await database.query('VACUUM ANALYZE');
  await database.close();
  // Only what is whole gets the name that is looked for.
  await admin.query(`ALTER DATABASE making RENAME TO "${kept}"`);
}
await drop('run');
await admin.query(`CREATE DATABASE run TEMPLATE "${kept}" STRATEGY file_copy`);
await admin.query('CHECKPOINT');
const gateway = await startGateway({ databaseUrl: withName('run'), files: join(folder, 'files') });
process.stdout.write(`${JSON.stringify({ gateway: gateway.url, database: withName('run'), madeMillis })}\n`);

for await (const _chunk of process.stdin) {
  // Nothing is said to this process; its stdin only ends.
}
await gateway.stop();
await admin.end();
await embedded.stop();
