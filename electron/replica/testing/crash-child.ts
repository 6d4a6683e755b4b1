/*
 * A replica at work, to be killed: writes one command after the other, or pulls, and says on stdout what it has been told is
 * durable. Run by store/crash.test.ts.
 */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { silent } from '../log.ts';
import { holdArea, moveCursor } from '../store/areas.ts';
import { openReplica, type Writer } from '../store/database.ts';
import { receiveRow } from '../store/receive.ts';
import { writeChanges } from '../store/rows.ts';
import { SearchUpdate } from '../store/search-index.ts';

const [, , folder = '', keyHex = '', salt = '', mode = '', from = '0'] = process.argv;
const area = '330211001001';

const opened = await openReplica(
  {
    file: join(folder, 'replica.db'),
    key: Buffer.from(keyHex, 'hex'),
    migrationsDir: join(import.meta.dirname, '../../../migrations/replica'),
    copiesDir: folder,
    log: silent,
    now: () => new Date().toISOString(),
  },
  { salt },
);
if (!opened.ok) throw new Error(opened.failure.code);
const replica = opened.value;

function command(writer: Writer, round: number): void {
  const reason = { kind: 'edit' } as const;
  const row = `r-${String(round)}`;
  writeChanges(writer, { person: 'w-li', now: new Date().toISOString(), newId: () => randomUUID() }, [
    { entity: 'resident', row, op: 'create', area, fields: { name: `王${String(round)}` }, source: 'visit', reason },
    {
      entity: 'household',
      row: `h-${String(round)}`,
      op: 'create',
      area,
      fields: { householder_id: row },
      source: 'visit',
      reason,
    },
  ]);
}

function page(writer: Writer, round: number): void {
  const search = new SearchUpdate(writer);
  for (let index = 0; index < 40; index += 1) {
    const id = `p-${String(index)}`;
    const fields = { name: `李${String(round)}`, phone: String(round) };
    const row = {
      entity: 'resident',
      id,
      version: round + 1,
      whole: true,
      deleted: false,
      fields,
      provenance: {},
    } as const;
    receiveRow(writer, search, area, row, new Date().toISOString());
  }
  search.finish();
  moveCursor(writer, area, { xid: '1', seq: String(round) });
}

if (mode === 'pull') replica.transaction((writer) => holdArea(writer, { code: area, name: 'n', street: 's' }));
for (let round = Number(from); ; round += 1) {
  replica.transaction((writer) => (mode === 'pull' ? page(writer, round) : command(writer, round)));
  // Synchronous: what is said here was durable before the next write began.
  writeSync(1, `${String(round)}\n`);
}
