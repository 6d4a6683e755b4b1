import { afterEach, beforeEach, expect, test } from 'vitest';
import { json, xuFamily } from '../testing/xu-family.ts';
import type { TestReplica } from '../testing/test-replica.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';

let replica: TestReplica;
beforeEach(() => {
  replica = xuFamily();
});
afterEach(() => replica.close());

const id = 'd-1.monthly_income_fen';

function seedCentral(fields: Record<string, FieldValue> = {}): void {
  replica.seed('conflict', id, {
    subject_entity: 'household',
    subject_id: 'h-xu',
    field: 'monthly_income_fen',
    kind: 'field',
    policy: 'ask',
    base_value: '290000',
    current_value: '320000',
    current_by: 'w-li',
    current_at: '2026-10-30T07:20:00.000Z',
    current_source: 'phone-call',
    current_reason: json({ kind: 'edit' }),
    current_version: 5,
    offered_value: '260000',
    offered_by: 'w-zhang',
    offered_at: '2026-11-19T02:05:00.000Z',
    offered_source: 'visit',
    offered_reason: json({ kind: 'visit', visit: 'v-other' }),
    state: 'open',
    ...fields,
  });
}

const settle = (choice: { side: 'current' | 'offered' } | { side: 'other'; value: FieldValue }, conflictId = id) =>
  replica.call('conflicts.settle', { conflictId, choice });

async function localClash(): Promise<string> {
  const fields = { phone: '13700000009' };
  await replica.call('fields.edit', { entity: 'resident', rowId: 'r-xu', fields, source: 'phone-call', visitId: null });
  const at = '2026-11-20T01:00:00.000Z';
  const reason = { kind: 'visit', visit: 'v-other' } as const;
  replica.pull('resident', 'r-xu', 7, { phone: '13900000001' }, { at, reason });
  return 'local.resident.r-xu.phone';
}

test('both truths with author, source, evidence; the better source is suggested', async () => {
  seedCentral();
  for (const kind of ['photo', 'scan', 'signature'])
    replica.seed('attachment', `at-${kind}`, { visit_id: 'v-other', kind, sha256: '0'.repeat(64) });
  const opened = await replica.call('conflicts.open', { conflictId: id });
  expect(opened).toMatchObject({
    ok: true,
    value: {
      line: {
        place: 'central',
        kind: 'field',
        subject: { entity: 'household', name: '许国强' },
        placeText: '城东社区 12 幢 2 单元 502',
        first: 320_000,
        second: 260_000,
        at: '2026-11-19T02:05:00.000Z',
      },
      base: 290_000,
      truths: [
        { side: 'current', value: 320_000, by: { name: '李敏', self: true }, evidence: 0, suggested: false },
        { side: 'offered', value: 260_000, by: { name: '张伟', self: false }, evidence: 2, suggested: true },
      ],
      settled: null,
    },
  });
});

test('between sources of one rank the later observation is suggested, and what stands when all is equal', async () => {
  seedCentral({ current_source: 'visit' });
  const suggested = async () => {
    const opened = await replica.call('conflicts.open', { conflictId: id });
    return opened.ok ? opened.value.truths.find((truth) => truth.suggested)?.side : undefined;
  };
  expect(await suggested()).toBe('offered');
  seedCentral({ current_source: 'visit', current_at: '2026-11-20T00:00:00.000Z' });
  expect(await suggested()).toBe('current');
  seedCentral({ current_source: 'visit', current_at: '2026-11-19T02:05:00.000Z' });
  expect(await suggested()).toBe('current');
});

test.each<[string, Parameters<typeof settle>[0], number]>([
  ['current', { side: 'current' }, 320_000],
  ['offered', { side: 'offered' }, 260_000],
  ['another value', { side: 'other', value: 280_000 }, 280_000],
])('settling for %s writes the row and the conflict in one transaction', async (_case, choice, chosen) => {
  seedCentral();
  expect(await settle(choice)).toMatchObject({ ok: true });
  const deltas = replica.deltas();
  expect(deltas.at(-1)).toMatchObject({
    entity: 'conflict',
    row: id,
    reason: { kind: 'resolve', conflict: id },
    fields: {
      state: { base: 'open', value: 'settled' },
      choice: { value: choice.side },
      chosen_value: { value: String(chosen) },
      settled_by: { value: 'w-li' },
    },
  });
  expect(new Set(deltas.map(({ txn }) => txn)).size).toBe(1);
  expect(replica.row('household', 'h-xu')).toMatchObject({ monthly_income_fen: chosen });
  if (chosen !== 320_000)
    expect(deltas[0]).toMatchObject({ entity: 'household', fields: { monthly_income_fen: { value: chosen } } });
});

test('settled once is settled: by us, or by somebody whose choice was pulled', async () => {
  seedCentral();
  await settle({ side: 'offered' });
  expect(await settle({ side: 'current' })).toEqual({
    ok: false,
    failure: { code: 'conflict.settled', next: 'reload' },
  });
  const opened = await replica.call('conflicts.open', { conflictId: id });
  expect(opened).toMatchObject({ value: { settled: { by: { name: '李敏' }, value: 260_000 } } });
  expect(await replica.call('conflicts.list', {})).toEqual([]);
  expect(await replica.call('conflicts.list', { state: 'settled' })).toMatchObject([{ id, state: 'settled' }]);
});

test('an unknown conflict and a value that is none are refused', async () => {
  seedCentral();
  expect(await settle({ side: 'current' }, 'd-9.phone')).toMatchObject({ failure: { code: 'conflict.unknown' } });
  expect(await settle({ side: 'current' }, 'local.resident.r-ghost.phone')).toMatchObject({
    failure: { code: 'conflict.unknown' },
  });
  expect(await settle({ side: 'other', value: 'much' })).toMatchObject({ failure: { code: 'value.invalid' } });
  expect(await replica.call('conflicts.open', { conflictId: 'd-9.phone' })).toMatchObject({
    failure: { code: 'conflict.unknown' },
  });
  expect(replica.deltas()).toEqual([]);
});

test('what was deleted there and edited here: offered brings it back, current leaves it', async () => {
  const kind = { kind: 'edit-deleted', field: 'row', subject_entity: 'resident', subject_id: 'r-he' };
  seedCentral({ ...kind, current_value: 'null', offered_value: json(json({ phone: '13700000009' })) });
  const [line] = await replica.call('conflicts.list', {});
  expect(line).toMatchObject({ kind: 'edit-deleted', second: '{"phone":"137****0009"}' });
  expect(await settle({ side: 'other', value: 'x' })).toMatchObject({ failure: { code: 'value.invalid' } });
  await settle({ side: 'offered' });
  expect(replica.row('resident', 'r-he')).toMatchObject({ phone: '13700000009', deleted: 0 });
});

test('what was edited there and deleted here: offered deletes it, current touches only the conflict', async () => {
  const kind = { kind: 'delete-edited', field: 'row', subject_entity: 'resident', subject_id: 'r-he' };
  seedCentral({ ...kind, current_value: json(json({ name: '何丽芬' })), offered_value: 'null' });
  await settle({ side: 'offered' });
  expect(replica.row('resident', 'r-he')).toMatchObject({ deleted: 1 });
});

test('a clash seen on this device shows both sides with their authors before any push', async () => {
  const local = await localClash();
  expect(await replica.call('conflicts.open', { conflictId: local })).toMatchObject({
    ok: true,
    value: {
      line: { place: 'local', first: '139****0001', second: '137****0009' },
      base: '138****0417',
      truths: [
        { side: 'current', by: { name: '张伟' }, source: 'visit', waiting: false, suggested: true },
        { side: 'offered', by: { self: true }, source: 'phone-call', waiting: true, suggested: false },
      ],
    },
  });
});

test('a clash the centre has recorded is listed once', async () => {
  await localClash();
  seedCentral({ subject_entity: 'resident', subject_id: 'r-xu', field: 'phone' });
  const lines = await replica.call('conflicts.list', {});
  expect(lines.map(({ place }) => place)).toEqual(['central']);
});

test('taking theirs shows the received value; ours is set aside, not lost', async () => {
  const local = await localClash();
  expect(await settle({ side: 'current' }, local)).toMatchObject({ ok: true });
  expect(replica.row('resident', 'r-xu')).toMatchObject({ phone: '13900000001' });
  const lines = await replica.call('fields.history', { entity: 'resident', rowId: 'r-xu', field: 'phone' });
  expect(lines).toContainEqual(expect.objectContaining({ fate: 'aside', after: '137****0009' }));
  expect(await settle({ side: 'current' }, local)).toMatchObject({ failure: { code: 'conflict.settled' } });
});

test('keeping ours puts it on top of what was received', async () => {
  const local = await localClash();
  await settle({ side: 'offered' }, local);
  expect(replica.row('resident', 'r-xu')).toMatchObject({ phone: '13700000009' });
  expect(replica.deltas().at(-1)).toMatchObject({
    baseVersion: 7,
    fields: { phone: { base: '13900000001', value: '13700000009' } },
  });
  expect(await replica.call('conflicts.list', {})).toEqual([]);
});

test('a third value goes on top of what was received, in one write', async () => {
  const local = await localClash();
  expect(await settle({ side: 'other', value: '1370000' }, local)).toMatchObject({
    failure: { code: 'value.invalid' },
  });
  expect(await settle({ side: 'other', value: '13500000005' }, local)).toMatchObject({ ok: true });
  expect(replica.row('resident', 'r-xu')).toMatchObject({ phone: '13500000005' });
  expect(replica.deltas().at(-1)).toMatchObject({
    baseVersion: 7,
    fields: { phone: { base: '13900000001', value: '13500000005' } },
  });
  expect(await replica.call('conflicts.list', {})).toEqual([]);
});

test('sets and high-water marks combine by themselves: nobody is asked', async () => {
  const fields = { tags: ['veteran', 'disabled'] };
  await replica.call('fields.edit', { entity: 'resident', rowId: 'r-xu', fields, source: 'visit', visitId: null });
  replica.pull('resident', 'r-xu', 7, { tags: ['veteran', 'alone'] });
  expect(await replica.call('conflicts.list', {})).toEqual([]);
});
