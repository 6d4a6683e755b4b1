import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silent } from '../log.ts';
import { findArea } from './areas.ts';
import { createReplica, fileSalt, openReplica, type Replica, type ReplicaPlace } from './database.ts';
import { writeMeta } from './meta.ts';
import { findResidents } from './search-index.ts';

const rounds = 12;
let folder: string;
let place: ReplicaPlace;
let salt: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doorstep-crash-'));
  place = {
    file: join(folder, 'replica.db'),
    key: randomBytes(32),
    migrationsDir: join(import.meta.dirname, '../../../migrations/replica'),
    copiesDir: folder,
    log: silent,
    now: () => new Date().toISOString(),
  };
  const made = createReplica(place);
  if (!made.ok) throw new Error(made.failure.code);
  made.value.transaction((writer) => {
    writeMeta(writer, 'device', randomUUID());
    writeMeta(writer, 'epoch', '1');
  });
  made.value.close();
  salt = fileSalt(place.file);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Lets a child work until it has acknowledged `until` rounds, kills it without warning, and tells the last one it acknowledged. */
function workAndDie(mode: 'write' | 'pull', from: number, until: number): Promise<number> {
  const child = join(import.meta.dirname, '../testing/crash-child.ts');
  const args = [
    '--experimental-strip-types',
    '--no-warnings',
    child,
    folder,
    place.key.toString('hex'),
    salt,
    mode,
    String(from),
  ];
  const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let heard = '';
  running.stdout.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
    if (heard.split('\n').length > until) running.kill('SIGKILL');
  });
  return new Promise((resolve) => {
    running.on('close', () => resolve(Number(heard.split('\n').at(-2) ?? from - 1)));
  });
}

async function reopened(): Promise<Replica> {
  const opened = await openReplica(place, { salt });
  if (!opened.ok) throw new Error(opened.failure.code);
  return opened.value;
}

test('killed while it works, it opens, has every acknowledged command whole, and numbers without gaps', async () => {
  let next = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const acknowledged = await workAndDie('write', next, round);
    const replica = await reopened();
    const numbers = replica.reader.prepare<{ op_no: number }>('SELECT op_no FROM outbox ORDER BY op_no').all();
    expect(numbers.map((line) => line.op_no)).toEqual(numbers.map((_line, index) => index + 1));
    const count = (table: 'resident' | 'household'): number =>
      replica.reader.prepare<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0;
    // A command in its last moment may have become durable unacknowledged; none is there by halves.
    const commands = count('resident');
    expect(commands).toBeGreaterThan(acknowledged);
    expect(count('household')).toBe(commands);
    expect(numbers).toHaveLength(2 * commands);
    expect(findResidents(replica.reader, 'w', 1_000)).toHaveLength(commands);
    next = commands;
    replica.close();
  }
});

test('killed while it pulls, rows and cursor are of the same page', async () => {
  let next = 1;
  for (let round = 1; round <= rounds / 2; round += 1) {
    const acknowledged = await workAndDie('pull', next, round);
    const replica = await reopened();
    const cursor = Number(findArea(replica.reader, '330211001001')?.cursor?.seq ?? '0');
    expect(cursor).toBeGreaterThanOrEqual(acknowledged);
    const phones = replica.reader.prepare<{ phone: string }>('SELECT DISTINCT phone FROM resident').all();
    expect(phones).toEqual([{ phone: String(cursor) }]);
    next = cursor + 1;
    replica.close();
  }
});
