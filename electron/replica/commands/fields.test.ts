import { afterEach, beforeEach, expect, test } from 'vitest';
import { xuFamily } from '../testing/xu-family.ts';
import type { TestReplica } from '../testing/test-replica.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';

let replica: TestReplica;
beforeEach(() => {
  replica = xuFamily();
});
afterEach(() => replica.close());

const edit = (fields: Record<string, FieldValue>, entity: 'resident' | 'household' = 'resident', rowId = 'r-xu') =>
  replica.call('fields.edit', { entity, rowId, fields, source: 'visit', visitId: 'v-xu' });

test('an edit is one delta with the visit as its reason, audited by field name and without its value', async () => {
  expect(await edit({ phone: '139-0000-0001', notes: ['门铃坏了'] })).toEqual({ ok: true, value: { waiting: 1 } });
  expect(replica.deltas()).toMatchObject([
    {
      reason: { kind: 'visit', visit: 'v-xu' },
      fields: { phone: { base: '13800000417', value: '13900000001' }, notes: { value: ['门铃坏了'] } },
    },
  ]);
  expect(replica.audit()[0]).toMatchObject({ action: 'fields.edit', subject: 'resident/r-xu', detail: 'phone notes' });
});

test('saying what stands there already sends nothing', async () => {
  expect(await edit({ phone: '13800000417', employment: 'employed' })).toEqual({ ok: true, value: { waiting: 0 } });
});

test('SY-05 a police name cannot be edited; a report opens a note to the department', async () => {
  expect(await edit({ name: '许国祥' })).toEqual({
    ok: false,
    failure: { code: 'field.owned', next: 'correct', facts: { field: 'name', owner: 'police' } },
  });
  const report = { entity: 'resident', rowId: 'r-xu', field: 'name', value: '许国祥', reason: '身份证上是祥' } as const;
  expect(await replica.call('fields.report', report)).toEqual({ ok: true, value: { waiting: 1 } });
  expect(replica.row('resident', 'r-xu')).toMatchObject({ name: '许国强' });
  expect(replica.deltas()).toMatchObject([
    {
      entity: 'proposal',
      op: 'create',
      fields: {
        subject_id: { value: 'r-xu' },
        household_id: { value: 'h-xu' },
        field: { value: 'name' },
        old_value: { value: '"许国强"' },
        new_value: { value: '"许国祥"' },
        state: { value: 'disputed' },
        grade: { value: 'Y' },
        source: { value: 'visit' },
        dispute_reason: { value: '身份证上是祥' },
      },
    },
  ]);
});

test.each<[string, Record<string, FieldValue>, string]>([
  ['a phone of too few digits', { phone: '1380000' }, 'value.invalid'],
  ['a masked phone', { phone: '138****0417' }, 'value.invalid'],
  ['a masked contact', { emergency_contact: '许伟 138****0417' }, 'value.invalid'],
  ['a code nobody knows', { employment: 'pirate' }, 'value.invalid'],
  ['a tag nobody knows', { tags: ['veteran', 'wizard'] }, 'value.invalid'],
  ['negative money', { monthly_income_fen: -1 }, 'value.invalid'],
  ['money in yuan with cents', { monthly_income_fen: 26.5 }, 'value.invalid'],
  ['text for a truth value', { living_alone: 'yes' }, 'value.invalid'],
  ['a list for a text', { workplace: ['码头'] }, 'value.invalid'],
  ['a field that is none', { shoe_size: 42 }, 'field.unknown'],
])('%s is refused and nothing is written', async (_case, fields, code) => {
  expect(await edit({ health_status: '3', ...fields })).toMatchObject({ ok: false, failure: { code } });
  expect(replica.deltas()).toEqual([]);
});

test('a householder must be somebody who is here; a field is emptied by an empty text', async () => {
  expect(await edit({ householder_id: 'r-ghost' }, 'household', 'h-xu')).toMatchObject({
    failure: { code: 'value.invalid' },
  });
  expect(await edit({ householder_id: 'r-he' }, 'household', 'h-xu')).toMatchObject({ ok: true });
  await edit({ phone: '' });
  expect(replica.row('resident', 'r-xu')).toMatchObject({ phone: null });
});

test('nobody speaks for a department, and no row that is not here is edited', async () => {
  const fields = { workplace: '码头' };
  const base = { entity: 'resident', fields, visitId: null } as const;
  expect(await replica.call('fields.edit', { ...base, rowId: 'r-xu', source: 'police' })).toMatchObject({
    failure: { code: 'value.invalid' },
  });
  expect(await replica.call('fields.edit', { ...base, rowId: 'r-ghost', source: 'visit' })).toMatchObject({
    failure: { code: 'row.unknown' },
  });
});

test.each<[string, { rowId: string; field: string; value: FieldValue }, string]>([
  ['a row that is not here', { rowId: 'r-ghost', field: 'name', value: '许' }, 'row.unknown'],
  ['a field that is none', { rowId: 'r-xu', field: 'shoe_size', value: 42 }, 'field.unknown'],
  [
    'an ID number with a wrong check character',
    { rowId: 'r-xu', field: 'id_no', value: '330299198005040019' },
    'value.invalid',
  ],
])('a report on %s is refused', async (_case, what, code) => {
  const answer = await replica.call('fields.report', { entity: 'resident', ...what, reason: '有误' });
  expect(answer).toMatchObject({ ok: false, failure: { code } });
});

test('unmasking shows the value and is on record with its reason, also when there is nothing to see', async () => {
  const ask = { entity: 'resident', rowId: 'r-xu', field: 'id_no', reason: '核对证件' } as const;
  expect(await replica.call('fields.unmask', ask)).toEqual({ ok: true, value: { value: '330299198005040016' } });
  expect(await replica.call('fields.unmask', { ...ask, rowId: 'r-ghost' })).toMatchObject({
    failure: { code: 'row.unknown' },
  });
  expect(await replica.call('fields.unmask', { ...ask, field: 'shoe_size' })).toMatchObject({
    failure: { code: 'field.unknown' },
  });
  expect(replica.audit().map(({ action, subject, detail }) => [action, subject, detail])).toEqual([
    ['fields.unmask', 'resident/r-xu', 'shoe_size: 核对证件'],
    ['fields.unmask', 'resident/r-ghost', 'id_no: 核对证件'],
    ['fields.unmask', 'resident/r-xu', 'id_no: 核对证件'],
  ]);
});

test('history is newest first, masked, with author, and says what is not sent yet', async () => {
  replica.pull('resident', 'r-xu', 6, { phone: '13900000001' }, { at: '2026-11-20T01:00:00.000Z' });
  await edit({ phone: '13700000009' });
  const lines = await replica.call('fields.history', { entity: 'resident', rowId: 'r-xu', field: 'phone' });
  expect(lines).toMatchObject([
    { before: '139****0001', after: '137****0009', by: { self: true }, waiting: true, fate: 'set' },
    { before: '138****0417', after: '139****0001', by: { name: '张伟', self: false }, waiting: false },
  ]);
  expect(await replica.call('fields.history', { entity: 'resident', rowId: 'r-xu', field: null })).toHaveLength(2);
});
