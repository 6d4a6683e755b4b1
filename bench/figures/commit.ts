import { randomUUID } from 'node:crypto';
import { figure, type Budget } from '../figure.ts';
import { dice, processorMillisOf, spreadOf, timeEach } from '../measure.ts';
import type { Run } from '../run.ts';

const asked = 300;
const commit: Budget = { of: 'p95', limit: 10 };
const what = 'one UPDATE and one INSERT in a durable transaction';

/** Commands as the window sends them, answered when they are durable (synchronous = FULL). */
export async function measureCommits(run: Run): Promise<void> {
  const { device, plain, report } = run;
  const people = dice(41).sample(run.people, asked);
  const numbers = new Map(people.map((person, index) => [person.id, `139${String(10_000_000 + index)}`]));
  const update = plain.database.prepare('UPDATE resident SET phone = ? WHERE id = ?');
  plain.database.exec('CREATE TABLE IF NOT EXISTS plain_outbox (id TEXT PRIMARY KEY, body TEXT) STRICT');
  const insert = plain.database.prepare('INSERT INTO plain_outbox VALUES (?, ?)');
  const write = plain.database.transaction((id: string, phone: string) => {
    update.run(phone, id);
    insert.run(randomUUID(), JSON.stringify({ id, phone, at: new Date().toISOString() }));
  });
  const bare = spreadOf(await timeEach(people, (person) => write(person.id, numbers.get(person.id) ?? ''), 10));
  const edit = async (id: string, phone: string): Promise<void> => {
    const input = { entity: 'resident', rowId: id, fields: { phone }, source: 'visit', visitId: null } as const;
    const answer = await device.ask('fields.edit', input);
    if (!answer.ok) throw new Error(answer.failure.code);
  };
  // Unmeasured ones on other people: a second edit of the same value would write nothing.
  for (const [index, person] of run.people.slice(0, 20).entries())
    await edit(person.id, `138${String(10_000_000 + index)}`);
  let edits: number[] = [];
  const processor = await processorMillisOf(async () => {
    edits = await timeEach(people, (person) => edit(person.id, numbers.get(person.id) ?? ''), 0);
  });
  report(
    figure('commit-edit', 'durable commit, one field edited', 'ms', spreadOf(edits), {
      raw: [what, bare],
      budget: commit,
      parts: { 'processor ms each': processor / edits.length },
    }),
  );

  const waiting = device.reader
    .prepare<{ id: string }>(
      `SELECT id FROM proposal WHERE state = 'pending' AND grade IN ('G', 'Y') AND deleted = 0 ORDER BY id LIMIT ?`,
    )
    .all(asked)
    .map((row) => row.id);
  const confirms = await timeEach(
    waiting,
    async (id) => {
      const answer = await device.ask('proposals.confirm', { proposalIds: [id], visitId: null, how: 'document' });
      if (!answer.ok || answer.value.confirmed.length !== 1) throw new Error('a proposal was not confirmed');
    },
    0,
  );
  report(
    figure('commit-confirm', 'durable commit, one proposal confirmed', 'ms', spreadOf(confirms), {
      raw: [what, bare],
      budget: commit,
    }),
  );
}
