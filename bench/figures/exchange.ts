import { performance } from 'node:perf_hooks';
import type { TestDevice } from '../../central/testing/device.ts';
import { pushLimit, type Cursor } from '../../shared/sync/wire.ts';
import { figure } from '../figure.ts';
import { millisOf, processorMillisOf, spreadOf } from '../measure.ts';
import type { Person, Run } from '../run.ts';

const rounds = 3;
const raw = 'single-row upserts of the same records in PostgreSQL, 500 to a transaction';

const rate = (count: number, millis: number): number => Math.round((count / millis) * 1000);

/** People of one round; each round has its own, so that every edit is news. */
function peopleOf(run: Run, round: number): readonly Person[] {
  const count = Math.min(10_000, Math.floor(run.people.length / rounds));
  return run.people.slice(round * count, (round + 1) * count);
}

async function pushEdits(device: TestDevice, people: readonly Person[]): Promise<void> {
  for (let start = 0; start < people.length; start += pushLimit) {
    const deltas = people.slice(start, start + pushLimit).map(({ id, area }) =>
      device.delta({
        entity: 'resident',
        row: id,
        area,
        fields: { workplace: { base: null, value: `镇海第${String(start)}厂` } },
      }),
    );
    const answer = await device.push(deltas);
    if (!answer.ok) throw new Error(answer.problem.code);
    const bad = answer.body.outcomes.find((outcome) => outcome.result === 'rejected');
    if (bad !== undefined) throw new Error(`an edit was rejected: ${bad.code ?? ''}`);
  }
}

/** As many upserts of the same rows, prepared once, in transactions of the same size. */
async function upsert(run: Run, people: readonly Person[]): Promise<number> {
  const { database } = run.centre;
  await database.query('DROP TABLE IF EXISTS bench_raw');
  await database.query('CREATE TABLE bench_raw (LIKE record INCLUDING INDEXES INCLUDING DEFAULTS)');
  const ids = people.map((person) => person.id);
  await database.query(`INSERT INTO bench_raw SELECT * FROM record WHERE entity = 'resident' AND id = ANY($1)`, [ids]);
  return millisOf(async () => {
    for (let start = 0; start < people.length; start += pushLimit)
      await database.write(async (transaction) => {
        for (const { id, area } of people.slice(start, start + pushLimit))
          await transaction.query(
            `INSERT INTO bench_raw (county, entity, id, area, version, data, row_hash) VALUES ($1, 'resident', $2, $3, 2, $4, 1)
             ON CONFLICT (county, entity, id) DO UPDATE SET version = bench_raw.version + 1, data = bench_raw.data || excluded.data`,
            [area.slice(0, 6), id, area, JSON.stringify({ workplace: '镇海厂' })],
          );
      });
  });
}

async function pullAll(device: TestDevice, areas: readonly string[], from: Cursor): Promise<number> {
  const cursors = new Map(areas.map((area) => [area, from]));
  let rows = 0;
  for (;;) {
    const answer = await device.pull([...cursors].map(([area, cursor]) => ({ area, cursor })));
    if (!answer.ok) throw new Error(answer.problem.code);
    for (const page of answer.body.pages) {
      cursors.set(page.area, page.cursor);
      rows += page.rows.length;
    }
    if (!answer.body.pages.some((page) => page.more)) return rows;
  }
}

/** Ten thousand edits of one field by one device: to the centre, from it to another device, and into the replica. */
export async function measureExchange(run: Run): Promise<void> {
  const { centre, report, wants } = run;
  const [writer, reader] = [await centre.device(), await centre.device()];
  // What this replica has not sent yet must not be counted in.
  await run.device.loadAll();
  const areas = [...new Set(run.people.map((person) => person.area))];
  const pushes: number[] = [];
  const upserts: number[] = [];
  const pulls: number[] = [];
  const selects: number[] = [];
  const applies: number[] = [];
  const updates: number[] = [];
  let processor = 0;
  for (let round = 0; round < rounds; round += 1) {
    const people = peopleOf(run, round);
    const cursor = await presentCursor(reader, areas[0] ?? '');
    // Ten minutes is what a token lasts; rounds may take longer on a slow machine.
    for (const device of [writer, reader]) await device.session();
    pushes.push(rate(people.length, await millisOf(() => pushEdits(writer, people))));
    upserts.push(rate(people.length, await upsert(run, people)));
    const start = performance.now();
    const rows = await pullAll(reader, areas, cursor);
    pulls.push(rate(rows, performance.now() - start));
    if (rows < people.length) throw new Error(`only ${String(rows)} of ${String(people.length)} changes came`);
    selects.push(rate(rows, await millisOf(() => selectChanges(run, areas, cursor))));
    processor += await processorMillisOf(async () => {
      applies.push(rate(people.length, await millisOf(() => run.device.loadAll())));
    });
    updates.push(rate(people.length, await millisOf(() => plainUpdates(run, people))));
  }
  const count = String(peopleOf(run, 0).length);
  if (wants('push'))
    report(
      figure('push', `gateway: push of ${count} one-field edits`, 'edits/s', spreadOf(pushes), {
        raw: [raw, spreadOf(upserts)],
      }),
    );
  if (!wants('pull')) return;
  report(
    figure('pull', `gateway: pull of ${count} changes`, 'rows/s', spreadOf(pulls), {
      raw: ['SELECT of the same records along the feed', spreadOf(selects)],
    }),
  );
  report(
    figure('pull-apply', `replica: pull and apply ${count} changes`, 'rows/s', spreadOf(applies), {
      raw: ['as many plain UPDATEs, 500 to a durable transaction', spreadOf(updates)],
      parts: { 'processor seconds of the replica each': processor / rounds / 1000 },
    }),
  );
}

/** Where the feed is now: the start of a snapshot, which is the same for every area. */
async function presentCursor(device: TestDevice, area: string): Promise<Cursor> {
  const answer = await device.snapshot(area);
  if (!answer.ok) throw new Error(answer.problem.code);
  return answer.body.cursor;
}

async function selectChanges(run: Run, areas: readonly string[], cursor: Cursor): Promise<void> {
  for (const area of areas)
    await run.centre.database.query(
      `SELECT r.id, r.version, r.data::text FROM feed f JOIN record r USING (county, entity, id)
        WHERE f.county = $1 AND f.area = $2 AND f.xid >= $3::xid8 ORDER BY f.xid, f.seq`,
      [area.slice(0, 6), area, cursor.xid],
    );
}

function plainUpdates(run: Run, people: readonly Person[]): void {
  const { database } = run.plain;
  const update = database.prepare('UPDATE resident SET workplace = ?, version = version + 1 WHERE id = ?');
  const batch = database.transaction((some: readonly Person[]) => {
    for (const { id } of some) update.run('镇海厂', id);
  });
  for (let start = 0; start < people.length; start += pushLimit) batch(people.slice(start, start + pushLimit));
}
