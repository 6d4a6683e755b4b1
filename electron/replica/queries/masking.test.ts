import { afterEach, beforeEach, expect, test } from 'vitest';
import { json, xuFamily } from '../testing/xu-family.ts';
import type { TestReplica } from '../testing/test-replica.ts';
import { isMasked, shownAt, shownInRow } from './masking.ts';

let replica: TestReplica;
beforeEach(() => {
  replica = xuFamily();
});
afterEach(() => replica.close());

test('a value is masked by its field; not known stays not known', () => {
  expect(shownInRow('resident', 'phone', '13800000417', {})).toBe('138****0417');
  expect(shownInRow('resident', 'name', '许国强', {})).toBe('许国强');
  expect(shownInRow('resident', 'phone', null, {})).toBeNull();
  expect(isMasked('resident', 'phone', null)).toBe(false);
});

test('inside a proposal the value is masked as the field it is about', () => {
  expect(shownAt(replica.context.reader, 'proposal', 'p-phone', 'new_value', json('15800002263'))).toBe(
    '"158****2263"',
  );
  expect(shownAt(replica.context.reader, 'proposal', 'p-cost', 'new_value', '3842000')).toBe('3842000');
});

test('inside a conflict about a whole row every field is masked', () => {
  const about = { subject_entity: 'resident', field: 'row' };
  const offered = json(json({ name: '许国强', id_no: '330299198005040016', phone: '13800000417' }));
  const masked = shownInRow('conflict', 'offered_value', offered, about);
  expect(JSON.parse(JSON.parse(String(masked)) as string)).toEqual({
    name: '许国强',
    id_no: '330***********0016',
    phone: '138****0417',
  });
});

test('an answer is masked as the field behind its question', () => {
  const values = { question: 'head-phone' };
  expect(shownInRow('visit_answer', 'value', '13800000417', values)).toBe('138****0417');
  expect(shownInRow('visit_answer', 'value', '13800000417', { question: 'gone' })).toBe('13800000417');
  expect(shownInRow('visit_answer', 'value', '260000', { question: 'income' })).toBe('260000');
});

test('no answer of any query holds a whole ID number or phone', async () => {
  await replica.call('visits.start', { visitId: 'v-xu' });
  await replica.call('proposals.confirm', { proposalIds: ['p-phone'], visitId: 'v-xu', how: 'seen' });
  replica.pull('resident', 'r-xu', 7, { phone: '13900000001' });
  const local = 'local.resident.r-xu.phone';
  const screens = [
    await replica.call('visits.today', { on: '2026-11-21' }),
    await replica.call('visits.open', { visitId: 'v-xu' }),
    await replica.call('residents.list', {}),
    await replica.call('residents.open', { residentId: 'r-xu' }),
    await replica.call('households.open', { householdId: 'h-xu' }),
    await replica.call('search.find', { text: '许国强' }),
    await replica.call('proposals.list', {}),
    await replica.call('conflicts.list', {}),
    await replica.call('conflicts.open', { conflictId: local }),
    await replica.call('fields.history', { entity: 'resident', rowId: 'r-xu', field: null }),
    await replica.call('fields.history', { entity: 'proposal', rowId: 'p-phone', field: null }),
  ];
  const text = JSON.stringify(screens);
  expect(text).toContain('158****2263');
  expect(text).not.toMatch(/1\d{10}|330299\d/);
});
