import { afterEach, beforeEach, expect, test } from 'vitest';
import { seedProposal, xuFamily } from '../testing/xu-family.ts';
import type { TestReplica } from '../testing/test-replica.ts';
import { syncQueries } from './sync.ts';

let replica: TestReplica;
beforeEach(async () => {
  replica = xuFamily();
  await replica.call('visits.start', { visitId: 'v-xu' });
});
afterEach(() => replica.close());

const outbox = () => syncQueries['sync.outbox'](replica.context, { filter: 'waiting', limit: 200 });

test('an answer changed once more still tells its question, and whose door it was asked at', async () => {
  const ask = (value: string) =>
    replica.call('visits.answer', { visitId: 'v-xu', question: 'vehicle', residentId: null, value });
  expect(await ask('yes')).toMatchObject({ ok: true });
  expect(await ask('no')).toMatchObject({ ok: true });
  const answers = outbox().filter(({ entity }) => entity === 'visit_answer');
  expect(answers.length).toBeGreaterThan(0);
  for (const line of answers) {
    expect(line.subject).toBe('许国强');
    expect(line.fields).toContainEqual(expect.objectContaining({ field: 'question', after: 'vehicle' }));
  }
});

test('visits, proposals, pictures and disputes are named after people, never after rows', async () => {
  seedProposal(replica, {
    id: 'p-job',
    subject: 'r-xu',
    field: 'employment',
    from: 'employed',
    to: 'retired',
    source: 'human-resources',
    grade: 'Y',
  });
  await replica.call('proposals.confirm', { proposalIds: ['p-job'], visitId: 'v-xu', how: 'seen' });
  await replica.call('visits.attach', {
    visitId: 'v-xu',
    residentId: null,
    kind: 'photo',
    mime: 'image/png',
    content: new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]),
    caption: null,
  });
  replica.seed('conflict', 'c-1', {
    subject_entity: 'resident',
    subject_id: 'r-xu',
    field: 'phone',
    kind: 'field',
    current_value: '"13800000001"',
    offered_value: '"13800000002"',
    state: 'open',
  });
  await replica.call('conflicts.settle', { conflictId: 'c-1', choice: { side: 'current' } });
  const lines = outbox();
  expect(new Set(lines.map(({ entity }) => entity))).toEqual(
    new Set(['visit', 'proposal', 'resident', 'attachment', 'conflict']),
  );
  expect(new Set(lines.map(({ subject }) => subject))).toEqual(new Set(['许国强']));
});
