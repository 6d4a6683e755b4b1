import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { schemaVersion } from '../shared/domain/entities.ts';
import { Tokens } from './access/tokens.ts';
import type { SchemaRange } from './access/session.ts';
import { createApp } from './http/app.ts';
import type { App, Context } from './http/context.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { silentLog, type Log } from './log.ts';
import { Database } from './store/database.ts';
import { ensureHistoryMonths } from './store/history.ts';
import { migrate } from './store/migrate.ts';

export interface GatewayOptions {
  /** PostgreSQL connection string. */
  readonly databaseUrl: string;
  /** Folder for attachments; shared by all gateways of a database. */
  readonly files: string;
  /** Address to listen on; 127.0.0.1 unless told. */
  readonly host?: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly log?: Log;
  /** Schema versions served; the last three unless told. */
  readonly schema?: SchemaRange;
  /** The centre's clock; tests set it. */
  readonly now?: () => Date;
  readonly connections?: number;
}

export interface Gateway {
  /** `http://host:port` */
  readonly url: string;
  readonly app: App;
  readonly database: Database;
  readonly metrics: Metrics;
  /** Takes no new requests, finishes those in flight, lets go of the database. */
  stop(): Promise<void>;
}

const day = 86_400_000;

/** The last three schema versions. */
export const servedSchemas: SchemaRange = { oldest: Math.max(1, schemaVersion - 2), current: schemaVersion };

/** Migrates the database and starts a gateway on it. Any number of gateways may run on one database. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const log = options.log ?? silentLog;
  const now = options.now ?? (() => new Date());
  const steps = await migrate(options.databaseUrl);
  if (steps.length > 0) log.event('database.migrated', { steps: steps.length });
  await mkdir(options.files, { recursive: true });
  const { connections } = options;
  const database: Database = new Database(options.databaseUrl, {
    ...(connections === undefined ? {} : { connections }),
    onRetry: (sqlstate) => {
      metrics.transactionRetries.inc({ sqlstate });
    },
  });
  const metrics = createMetrics(() => database.usage());
  try {
    await ensureHistoryMonths(database, now());
    const tokens = await Tokens.open(database);
    const schema = options.schema ?? servedSchemas;
    const context: Context = {
      database,
      tokens,
      metrics,
      log,
      schema,
      files: options.files,
      checksums: new Map(),
      now,
    };
    const app = await createApp(context);
    await app.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 });
    const monthly = setInterval(() => {
      ensureHistoryMonths(database, now()).catch(() => {
        // The default partition takes what comes meanwhile; tomorrow's turn tries again.
        log.event('database.unavailable', {}, 'warn');
      });
    }, day);
    monthly.unref();
    const { address, port, family } = app.server.address() as AddressInfo;
    const host = family === 'IPv6' ? `[${address}]` : address;
    return {
      url: `http://${host}:${String(port)}`,
      app,
      database,
      metrics,
      async stop() {
        clearInterval(monthly);
        await app.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
