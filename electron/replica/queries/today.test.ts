import { afterEach, beforeEach, expect, test } from 'vitest';
import { seedHousehold, today, xuFamily } from '../testing/xu-family.ts';
import type { TestReplica } from '../testing/test-replica.ts';

let replica: TestReplica;
beforeEach(() => {
  replica = xuFamily();
});
afterEach(() => replica.close());

const visit = (id: string, household: string, fields: Record<string, string | null> = {}): void =>
  replica.seed('visit', id, {
    household_id: household,
    kind: 'elder',
    planned_on: today,
    worker_id: 'w-li',
    state: 'planned',
    ...fields,
  });

test('a card tells place, people, money and the changes, the most telling first', async () => {
  const { visits, proposalsPending } = await replica.call('visits.today', { on: today });
  expect(visits).toMatchObject([
    {
      id: 'v-xu',
      place: { community: '城东社区', building: '12', unit: '2', room: '502' },
      householder: '许国强',
      members: 3,
      kind: 'relief',
      state: 'planned',
      lastVisitOn: '2026-10-18',
      changeCount: 2,
      flags: ['expense-alert', 'minor', 'relief'],
      expenseShare: 55.5,
      waiting: 0,
    },
  ]);
  expect(visits[0]?.changes).toEqual([
    { field: 'medical_self_paid_fen', after: 3_842_000, source: 'medical-insurance', observedOn: '2026-11-18' },
    { field: 'phone', after: '158****2263', source: 'human-resources', observedOn: '2026-11-18' },
  ]);
  expect(proposalsPending).toBe(2);
});

test('the route goes by building, unit and room as numbers', async () => {
  for (const [id, building, room] of [
    ['h-a', '2', '902'],
    ['h-b', '12', '1001'],
    ['h-c', '12', '601'],
  ] as const) {
    seedHousehold(replica, id, { building, unit: '2', room }, { id: `r-${id}`, name: '赵海生', birth: '1946-11-20' });
    visit(`v-${id}`, id);
  }
  const { visits } = await replica.call('visits.today', { on: today });
  expect(visits.map(({ id }) => id)).toEqual(['v-h-a', 'v-xu', 'v-h-c', 'v-h-b']);
});

test('overdue visits stay until closed; what was closed today counts as done; others’ visits do not show', async () => {
  seedHousehold(
    replica,
    'h-a',
    { building: '2', unit: '1', room: '101' },
    { id: 'r-a', name: '王桂珍', birth: '1944-01-01' },
  );
  visit('v-overdue', 'h-a', { planned_on: '2026-11-02' });
  visit('v-nobody', 'h-a', { worker_id: null });
  visit('v-done-before', 'h-a', { planned_on: '2026-11-01', state: 'done', ended_at: '2026-11-01T03:00:00.000Z' });
  visit('v-done-now', 'h-a', { planned_on: '2026-11-01', state: 'done', ended_at: '2026-11-20T16:00:00.000Z' });
  visit('v-zhang', 'h-a', { worker_id: 'w-zhang' });
  visit('v-tomorrow', 'h-a', { planned_on: '2026-11-22' });
  const { visits, done } = await replica.call('visits.today', { on: today });
  expect(new Set(visits.map(({ id }) => id))).toEqual(new Set(['v-xu', 'v-overdue', 'v-nobody', 'v-done-now']));
  expect(done).toBe(1);
});

test('news is what others changed since the last unlock, newest first; one’s own work is none', async () => {
  replica.pull('resident', 'r-he', 6, { health_status: '3' });
  replica.pull('household', 'h-xu', 6, { housing_kind: 'rented' });
  await replica.call('fields.edit', {
    entity: 'resident',
    rowId: 'r-xu',
    fields: { workplace: '码头' },
    source: 'visit',
    visitId: null,
  });
  const { news } = await replica.call('visits.today', { on: today });
  expect(news.map(({ field, subject, by }) => [field, subject, by.name])).toEqual([
    ['housing_kind', '许国强', '张伟'],
    ['health_status', '何丽芬', '张伟'],
  ]);
});

test('unsent work is counted on the card of its visit', async () => {
  await replica.call('visits.start', { visitId: 'v-xu' });
  await replica.call('visits.answer', { visitId: 'v-xu', question: 'vehicle', residentId: null, value: 'no' });
  const { visits } = await replica.call('visits.today', { on: today });
  expect(visits[0]?.waiting).toBe(2);
});
