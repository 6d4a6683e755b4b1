import { afterEach, beforeEach, expect, test } from 'vitest';
import { seedProposal, xuFamily } from '../testing/xu-family.ts';
import type { TestReplica } from '../testing/test-replica.ts';

let replica: TestReplica;
beforeEach(() => {
  replica = xuFamily();
});
afterEach(() => replica.close());

const confirm = (proposalIds: string[], visitId: string | null = null, how: 'seen' | 'phone' | 'document' = 'seen') =>
  replica.call('proposals.confirm', { proposalIds, visitId, how });
const seedDeath = (): void =>
  seedProposal(replica, {
    id: 'p-death',
    subject: 'r-he',
    field: 'living_status',
    from: 'alive',
    to: 'deceased',
    source: 'funeral',
    grade: 'R',
  });
const seedMarriage = (): void =>
  seedProposal(replica, {
    id: 'p-marriage',
    subject: 'r-he',
    field: 'marital_status',
    from: null,
    to: '20',
    source: 'civil-affairs',
    grade: 'Y',
  });
const viewOf = async (id: string) =>
  (
    await replica.call('visits.open', { visitId: 'v-xu' }).then((opened) => (opened.ok ? opened.value.proposals : []))
  ).find((proposal) => proposal.id === id);

test('SY-01 a confirmed phone goes out as two deltas of one transaction, based on the version seen', async () => {
  await replica.call('visits.start', { visitId: 'v-xu' });
  const answer = await confirm(['p-phone'], 'v-xu');
  expect(answer).toEqual({ ok: true, value: { confirmed: ['p-phone'], refused: [], waiting: 3 } });
  const [, field, decision] = replica.deltas();
  expect(field).toMatchObject({
    entity: 'resident',
    row: 'r-xu',
    baseVersion: 5,
    source: 'human-resources',
    reason: { kind: 'proposal', proposal: 'p-phone', visit: 'v-xu' },
    fields: { phone: { base: '13800000417', value: '15800002263' } },
  });
  expect(decision).toMatchObject({
    entity: 'proposal',
    row: 'p-phone',
    source: 'visit',
    reason: { kind: 'proposal', proposal: 'p-phone', visit: 'v-xu' },
    fields: {
      state: { base: 'pending', value: 'confirmed' },
      final_value: { value: '"15800002263"' },
      decided_by: { value: 'w-li' },
      decided_how: { value: 'seen' },
    },
  });
  expect(field?.txn).toBe(decision?.txn);
  expect(replica.row('resident', 'r-xu')).toMatchObject({ phone: '15800002263' });
});

test('SY-02 what the centre changed meanwhile to another value is shown beside it, before any push', async () => {
  await confirm(['p-phone'], null, 'phone');
  replica.pull('resident', 'r-xu', 7, { phone: '13900000001' }, { source: 'visit', at: '2026-11-20T01:00:00.000Z' });
  const [line] = await replica.call('conflicts.list', {});
  expect(line).toMatchObject({
    id: 'local.resident.r-xu.phone',
    place: 'local',
    subject: { name: '许国强' },
    first: '139****0001',
    second: '158****2263',
  });
  expect(replica.row('resident', 'r-xu')).toMatchObject({ phone: '15800002263' });
});

test('SY-03 an equal value from the centre closes the matter: no question', async () => {
  await confirm(['p-phone'], null, 'phone');
  replica.pull('resident', 'r-xu', 7, { phone: '15800002263' });
  replica.pull('proposal', 'p-phone', 6, {
    state: 'confirmed',
    final_value: '"15800002263"',
    decided_by: 'w-zhang',
    decided_at: '2026-11-20T01:00:00.000Z',
    decided_how: 'seen',
  });
  expect(await replica.call('conflicts.list', {})).toEqual([]);
});

test('SY-04 a death in a batch is refused by itself; the others are confirmed', async () => {
  seedDeath();
  await replica.call('visits.start', { visitId: 'v-xu' });
  const answer = await confirm(['p-cost', 'p-death', 'p-none', 'p-phone'], 'v-xu');
  expect(answer).toMatchObject({
    ok: true,
    value: {
      confirmed: ['p-cost', 'p-phone'],
      refused: [
        { id: 'p-none', code: 'proposal.unknown' },
        { id: 'p-death', code: 'proposal.one-by-one' },
      ],
    },
  });
  expect(replica.row('resident', 'r-he')).toMatchObject({ living_status: 'alive' });
});

test('a grave change needs a visit that was begun, or a document', async () => {
  seedDeath();
  const refused = { ok: true, value: { confirmed: [], refused: [{ id: 'p-death', code: 'proposal.needs-visit' }] } };
  expect(await confirm(['p-death'], null, 'seen')).toMatchObject(refused);
  expect(await confirm(['p-death'], 'v-xu', 'phone')).toMatchObject(refused);
  expect(await confirm(['p-death'], 'v-xu', 'seen')).toMatchObject(refused);
  await replica.call('visits.start', { visitId: 'v-xu' });
  expect(await confirm(['p-death'], 'v-xu', 'seen')).toMatchObject({ ok: true, value: { confirmed: ['p-death'] } });
});

test('several Y need the visit they were seen in; one alone does not', async () => {
  seedMarriage();
  expect(await confirm(['p-phone', 'p-marriage'])).toMatchObject({
    value: { confirmed: [], refused: [{ code: 'proposal.one-by-one' }, { code: 'proposal.one-by-one' }] },
  });
  expect(await confirm(['p-marriage'])).toMatchObject({ value: { confirmed: ['p-marriage'] } });
});

test('several Y of a visit must all belong to its household', async () => {
  seedProposal(replica, {
    id: 'p-elsewhere',
    subject: 'r-he',
    field: 'marital_status',
    from: null,
    to: '20',
    source: 'civil-affairs',
    grade: 'Y',
    household: 'h-other',
  });
  await replica.call('visits.start', { visitId: 'v-xu' });
  expect(await confirm(['p-cost', 'p-phone', 'p-elsewhere'], 'v-xu')).toMatchObject({
    value: {
      confirmed: ['p-cost'],
      refused: [
        { id: 'p-phone', code: 'proposal.one-by-one' },
        { id: 'p-elsewhere', code: 'proposal.one-by-one' },
      ],
    },
  });
});

test('what is decided is closed to every decision', async () => {
  await confirm(['p-phone']);
  expect(await confirm(['p-phone'])).toMatchObject({ value: { refused: [{ code: 'proposal.closed' }] } });
  const again = { proposalId: 'p-phone', visitId: null };
  const closed = { ok: false, failure: { code: 'proposal.closed', next: 'reload' } };
  expect(await replica.call('proposals.correct', { ...again, value: '13800000001', how: 'phone' })).toEqual(closed);
  expect(await replica.call('proposals.dispute', { ...again, reason: '不对' })).toEqual(closed);
  expect(await replica.call('proposals.later', { proposalId: 'p-phone' })).toEqual(closed);
});

test('an id nobody knows is refused by each call', async () => {
  const ghost = { proposalId: 'p-none', visitId: null };
  const unknown = { ok: false, failure: { code: 'proposal.unknown', next: 'reload' } };
  expect(await replica.call('proposals.correct', { ...ghost, value: 'x', how: 'phone' })).toEqual(unknown);
  expect(await replica.call('proposals.dispute', { ...ghost, reason: '不对' })).toEqual(unknown);
  expect(await replica.call('proposals.later', { proposalId: 'p-none' })).toEqual(unknown);
  expect(await replica.call('proposals.undo', { proposalId: 'p-none' })).toEqual(unknown);
});

test('correcting a field of ours writes the value found, from the worker, in one spelling', async () => {
  const input = { proposalId: 'p-phone', value: '139 0000 0002', visitId: null, how: 'phone' } as const;
  expect(await replica.call('proposals.correct', input)).toEqual({ ok: true, value: { waiting: 2 } });
  expect(replica.deltas()[0]).toMatchObject({
    entity: 'resident',
    source: 'phone-call',
    reason: { kind: 'edit' },
    fields: { phone: { value: '13900000002' } },
  });
  expect(replica.deltas()[1]).toMatchObject({ reason: { kind: 'proposal', proposal: 'p-phone' } });
  expect(replica.row('proposal', 'p-phone')).toMatchObject({ state: 'corrected', final_value: '"13900000002"' });
});

test('a correction is taken back like a confirmation', async () => {
  const input = { proposalId: 'p-phone', value: '13900000002', visitId: null, how: 'phone' } as const;
  await replica.call('proposals.correct', input);
  expect(await replica.call('proposals.undo', { proposalId: 'p-phone' })).toMatchObject({ ok: true });
  expect(replica.row('resident', 'r-xu')).toMatchObject({ phone: '13800000417' });
  await replica.call('proposals.correct', input);
  replica.pull('resident', 'r-xu', 7, { education: '20' });
  const fields = { phone: '13700000009' };
  await replica.call('fields.edit', { entity: 'resident', rowId: 'r-xu', fields, source: 'visit', visitId: null });
  expect(await replica.call('proposals.undo', { proposalId: 'p-phone' })).toMatchObject({
    failure: { code: 'proposal.changed-since' },
  });
});

test('correcting a department’s field leaves the field: the proposal is the note back', async () => {
  await replica.call('proposals.correct', { proposalId: 'p-cost', value: 3_000_000, visitId: null, how: 'document' });
  expect(replica.deltas().map(({ entity }) => entity)).toEqual(['proposal']);
  expect(replica.row('resident', 'r-xu')).toMatchObject({ medical_self_paid_fen: 2_130_000 });
  expect(replica.row('proposal', 'p-cost')).toMatchObject({ state: 'corrected', final_value: '3000000' });
});

test('a correction must fit the field, and a grave one the circumstances', async () => {
  seedDeath();
  const wrong = { proposalId: 'p-phone', value: '158****2263', visitId: null, how: 'phone' } as const;
  expect(await replica.call('proposals.correct', wrong)).toMatchObject({ failure: { code: 'value.invalid' } });
  const grave = { proposalId: 'p-death', value: 'missing', visitId: null, how: 'phone' } as const;
  expect(await replica.call('proposals.correct', grave)).toMatchObject({ failure: { code: 'proposal.needs-visit' } });
});

test('a dispute keeps the value and its reason; undo opens the proposal again', async () => {
  await replica.call('proposals.dispute', { proposalId: 'p-cost', reason: '住院费未结', visitId: null });
  expect(replica.row('proposal', 'p-cost')).toMatchObject({ state: 'disputed', dispute_reason: '住院费未结' });
  expect(replica.row('resident', 'r-xu')).toMatchObject({ medical_self_paid_fen: 2_130_000 });
  expect(await replica.call('proposals.undo', { proposalId: 'p-cost' })).toMatchObject({ ok: true });
  expect(replica.row('proposal', 'p-cost')).toMatchObject({ state: 'pending', dispute_reason: null, decided_by: null });
});

test('undo brings back the value that stood before, with its reason', async () => {
  await replica.call('visits.start', { visitId: 'v-xu' });
  await confirm(['p-phone'], 'v-xu');
  expect(await viewOf('p-phone')).toMatchObject({ state: 'confirmed', undoable: true, decidedBy: { self: true } });
  expect(await replica.call('proposals.undo', { proposalId: 'p-phone' })).toMatchObject({ ok: true });
  expect(replica.row('resident', 'r-xu')).toMatchObject({ phone: '13800000417' });
  expect(replica.deltas().at(-1)?.reason).toEqual({ kind: 'undo', of: 'p-phone' });
  expect(await viewOf('p-phone')).toMatchObject({ state: 'pending', undoable: false, decidedAt: null });
});

test('undo refuses what was not decided, and what changed since', async () => {
  const undo = () => replica.call('proposals.undo', { proposalId: 'p-phone' });
  expect(await undo()).toMatchObject({ failure: { code: 'proposal.not-decided' } });
  await confirm(['p-phone']);
  const fields = { phone: '13700000009' };
  await replica.call('fields.edit', { entity: 'resident', rowId: 'r-xu', fields, source: 'visit', visitId: null });
  expect(await undo()).toMatchObject({ failure: { code: 'proposal.changed-since' } });
  expect(replica.row('resident', 'r-xu')).toMatchObject({ phone: '13700000009' });
});

test('a colleague’s decision is not ours to take back', async () => {
  replica.pull('proposal', 'p-phone', 6, { state: 'disputed', decided_by: 'w-zhang' });
  expect(await replica.call('proposals.undo', { proposalId: 'p-phone' })).toMatchObject({
    failure: { code: 'proposal.not-decided' },
  });
});

test('a visit that is not here is not named as the reason', async () => {
  await confirm(['p-phone'], 'v-none', 'phone');
  expect(replica.deltas()[0]?.reason).toEqual({ kind: 'proposal', proposal: 'p-phone' });
});

test('put off, a proposal waits at the end of the list and can still be confirmed', async () => {
  await replica.call('proposals.later', { proposalId: 'p-phone' });
  const list = await replica.call('proposals.list', { householdId: 'h-xu' });
  expect(list.map(({ id, state }) => [id, state])).toEqual([
    ['p-cost', 'pending'],
    ['p-phone', 'later'],
  ]);
  expect(await confirm(['p-phone'])).toMatchObject({ value: { confirmed: ['p-phone'] } });
});

test('the list is bounded and masks what its field masks', async () => {
  const [first] = await replica.call('proposals.list', { limit: 1 });
  expect(first).toMatchObject({ field: 'phone', before: '138****0417', after: '158****2263', current: '138****0417' });
  expect(await replica.call('proposals.list', { limit: 1 })).toHaveLength(1);
});

test('a proposal about no field of a row is acknowledged and writes no field', async () => {
  seedProposal(replica, {
    id: 'p-birth',
    subject: 'r-he',
    field: 'newborn',
    from: null,
    to: '许安',
    source: 'health',
    grade: 'Y',
  });
  expect(await confirm(['p-birth'])).toMatchObject({ value: { confirmed: ['p-birth'] } });
  expect(replica.deltas().map(({ entity }) => entity)).toEqual(['proposal']);
});

test('two notes confirmed one after the other both stand', async () => {
  for (const [id, note] of [
    ['p-twin-1', '新生儿甲'],
    ['p-twin-2', '新生儿乙'],
  ] as const)
    seedProposal(replica, { id, subject: 'r-xu', field: 'notes', from: [], to: [note], source: 'health', grade: 'G' });
  await confirm(['p-twin-1']);
  await confirm(['p-twin-2']);
  const notes = replica.deltas().flatMap((delta) => delta.fields['notes'] ?? []);
  expect(notes.at(-1)?.value).toEqual(['新生儿甲', '新生儿乙']);
});
