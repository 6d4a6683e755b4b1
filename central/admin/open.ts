import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { generateKeyPair } from 'jose';
import { servedSchemas } from '../gateway.ts';
import { createApp } from '../http/app.ts';
import { silentLog, type Log } from '../log.ts';
import { createMetrics } from '../metrics.ts';
import { Tokens } from '../access/tokens.ts';
import { Database } from '../store/database.ts';
import { attachEmbedded, startEmbedded } from '../store/embedded.ts';

/** The database a command works on, and the folder of its attachments. */
export interface Opened {
  readonly url: string;
  readonly files: string;
  connect(): Database;
  /** Lets go of connections, and stops the embedded server if this process started it. */
  close(): Promise<void>;
}

/**
 * Finds the database: DATABASE_URL, else the embedded one in `data`, which is started unless a gateway runs it already.
 * @param dataTold the folder was named on the command line and goes before DATABASE_URL
 * @param use `serve` wants the embedded server for itself, since it ends it with itself; `administer` works beside a gateway
 * @throws EmbeddedFailure when a gateway runs the embedded server already and this one would serve
 */
export async function openDatabase(
  data: string,
  dataTold: boolean,
  log: Log,
  use: 'serve' | 'administer',
): Promise<Opened> {
  const files = process.env['DOORSTEP_FILES'] ?? join(data, 'files');
  const given = dataTold ? undefined : process.env['DATABASE_URL'];
  const connected: Database[] = [];
  const closeAll = async (): Promise<void> => {
    for (const database of connected) await database.close();
  };
  const connectTo = (url: string): Database => {
    const database = new Database(url, { connections: 4 });
    connected.push(database);
    return database;
  };
  if (given !== undefined && given !== '')
    return { url: given, files, connect: () => connectTo(given), close: closeAll };
  await mkdir(data, { recursive: true });
  const open = use === 'serve' ? startEmbedded : attachEmbedded;
  const server = await open({
    folder: join(data, 'postgres'),
    durable: true,
    onLog: (line) => {
      log.event('database.said', { line });
    },
  });
  return {
    url: server.url,
    files,
    connect: () => connectTo(server.url),
    async close() {
      await closeAll();
      await server.stop();
    },
  };
}

/** The description of the HTTP interface, made without a database: nothing is asked of it. */
export async function readOpenApi(): Promise<object> {
  const database = new Database('postgres://127.0.0.1:1/none');
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const app = await createApp({
    database,
    tokens: Tokens.of(privateKey, publicKey),
    metrics: createMetrics(() => database.usage()),
    log: silentLog,
    schema: servedSchemas,
    files: '.',
    checksums: new Map(),
    now: () => new Date(),
  });
  try {
    return app.swagger();
  } finally {
    await app.close();
    await database.close();
  }
}
