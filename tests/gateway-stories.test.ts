import { spawn, type ChildProcess } from 'node:child_process';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startGateway } from '../central/gateway.ts';
import { Centre } from './scenario/centre.ts';
import { checkConvergence } from './scenario/convergence.ts';
import { checkNoLoss, checkOnce } from './scenario/no-loss.ts';
import { World } from './scenario/world.ts';

let centre: Centre;
let world: World;

beforeAll(async () => {
  centre = await Centre.start();
});
afterAll(() => centre.stop());
beforeEach(async () => {
  world = await World.open({ centre, seed: 11, devices: 2 });
  for (const device of world.devices) await world.turn(device);
});
afterEach(() => world.close());

function gatewayProcess(): Promise<{ child: ChildProcess; url: string }> {
  const script = join(import.meta.dirname, 'scenario', 'gateway-child.ts');
  const flags = ['--experimental-strip-types', '--no-warnings'];
  const args = [...flags, script, centre.databaseUrl, centre.files, centre.now.toISOString()];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve({ child, url: chunk.toString().trim() }));
    child.once('error', reject);
  });
}

/** Waits until a condition of the database holds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const patience = performance.now() + 20_000;
  while (!(await holds())) if (performance.now() > patience) throw new Error('it did not come to that');
}

/*
 * A gateway is killed with -9 in the middle of a push: rows are locked, nothing is committed. The second gateway knows nothing
 * of the first. The device sends again, everything arrives once.
 */
test('a gateway killed in the middle of a push, and another that takes over', async () => {
  const device = world.device(0);
  await world.edit(device, 'r1', { notes: ['first', 'one'], workplace: '工厂1' });
  await world.edit(device, 'r2', { notes: ['first', 'two'] });
  world.note(device);
  const before = await centre.dump();
  const { child, url } = await gatewayProcess();
  // Somebody else holds a row that the push needs: the push stands in the middle of its transaction.
  const holder = new pg.Client({ connectionString: centre.databaseUrl });
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query(`SELECT FROM record WHERE id = 'r2' FOR UPDATE`);
  world.wire.connect(url);
  const turn = device.takeTurn();
  await until(async () => {
    const { rows } = await centre.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name = 'doorstep-gateway'`,
    );
    return (rows[0]?.n ?? 0) > 0;
  });
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  await turn;
  expect((await device.status()).problem).toBe('offline');
  await holder.query('ROLLBACK');
  await holder.end();
  expect(device.outbox().map((line) => line.state)).toEqual(['sent', 'sent']);
  expect(await centre.dump()).toBe(before);
  world.wire.connect(centre.url);
  await world.heal();
  expect(device.outbox().map((line) => line.result)).toEqual(['applied', 'applied']);
  await checkConvergence(world);
  await checkNoLoss(world);
  await checkOnce(world);
});

/*
 * Two gateways serve one device in turn, each request by the other one, as behind a balancer without memory.
 */
test('each request goes to the other gateway', async () => {
  const device = world.device(0);
  const first = centre.url;
  const second = (await centre.open()).url;
  let turn = 0;
  world.wire.onTraffic = () => {
    turn += 1;
    world.wire.connect(turn % 2 === 0 ? first : second);
  };
  for (let round = 0; round < 4; round += 1) {
    await world.edit(device, 'r1', { workplace: `工厂${String(round)}` });
    world.note(device);
    await world.turn(device);
    await world.turn(world.device(1));
  }
  await world.heal();
  expect(world.device(1).value('resident', 'r1', 'workplace')).toBe('工厂3');
  await checkConvergence(world);
  await checkOnce(world);
});

/** A line to the database that can be taken down and put up again. */
class DatabaseLine {
  private readonly server: Server;
  private readonly open = new Set<Socket>();
  private up = true;

  constructor(target: URL) {
    this.server = createServer((socket) => {
      if (!this.up) return void socket.destroy();
      const onward = connect(Number(target.port), target.hostname);
      for (const end of [socket, onward]) {
        this.open.add(end);
        end.on('error', () => end.destroy());
        end.on('close', () => {
          this.open.delete(end);
          socket.destroy();
          onward.destroy();
        });
      }
      socket.pipe(onward).pipe(socket);
    });
  }

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  set(up: boolean): void {
    this.up = up;
    if (!up) for (const socket of this.open) socket.destroy();
  }

  async stop(): Promise<void> {
    this.set(false);
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

/*
 * The database is restarted at noon. The gateway stands, says 503 and when to come again; the devices wait, keep everything,
 * and go on where they were.
 */
test('the database is away for a while', async () => {
  const direct = new URL(centre.databaseUrl);
  const line = new DatabaseLine(direct);
  const address = new URL(direct);
  address.hostname = '127.0.0.1';
  address.port = String(await line.start());
  const gateway = await startGateway({
    ...{ databaseUrl: address.href, files: centre.files, connections: 2, now: () => centre.now },
  });
  try {
    world.wire.connect(gateway.url);
    const device = world.device(0);
    await world.turn(device);
    await world.edit(device, 'r1', { workplace: '工厂1' });
    world.note(device);
    line.set(false);
    await device.takeTurn();
    const status = await device.status();
    expect(status.problem).toBe('unavailable');
    expect(status.waiting).toBe(1);
    const refused = world.wire.exchanges.at(-1);
    expect(refused?.status).toBe(503);
    expect(refused?.answered['retry-after']).toMatch(/^\d+$/);
    // Work goes on meanwhile.
    await world.edit(device, 'r1', { phone: '13800000001' });
    world.note(device);
    await device.takeTurn();
    expect((await device.status()).waiting).toBe(2);
    line.set(true);
    await world.heal();
    expect((await device.status()).problem).toBe(null);
    expect(device.outbox().map((one) => one.result)).toEqual(['applied', 'applied']);
    await checkConvergence(world);
    await checkOnce(world);
  } finally {
    world.wire.connect(centre.url);
    await gateway.stop();
    await line.stop();
  }
});
