import { expect, test } from 'vitest';
import type { ConflictLine, Truth } from '../../shared/contract/views.ts';
import { whereWhole, wholeValue } from './reveal.ts';

const line = (place: ConflictLine['place'], field: string): ConflictLine => ({
  id: 'c1',
  place,
  kind: 'field',
  subject: { entity: 'resident', id: 'r1', name: '许国强' },
  householdId: null,
  placeText: '',
  field,
  first: null,
  second: null,
  at: '2026-11-19T02:05:00.000Z',
  state: 'open',
});
const truth = (side: Truth['side'], value: Truth['value']): Truth => ({
  side,
  value,
  by: { id: 'u1', name: '李敏', self: true },
  at: null,
  source: 'visit',
  reason: null,
  evidence: 0,
  waiting: false,
  suggested: false,
});

test('a recorded dispute shows either side from its own record', () => {
  const where = whereWhole(line('central', 'phone'), truth('current', '139****0001'));
  expect(where).toEqual({ entity: 'conflict', rowId: 'c1', field: 'current_value' });
  if (where !== null) expect(wholeValue(where, '"13900000001"')).toBe('13900000001');
});

test('a dispute noticed here shows its own side from the record, and cannot show the other', () => {
  const where = whereWhole(line('local', 'phone'), truth('offered', '139****0001'));
  expect(where).toEqual({ entity: 'resident', rowId: 'r1', field: 'phone' });
  if (where !== null) expect(wholeValue(where, '13900000001')).toBe('13900000001');
  expect(whereWhole(line('local', 'phone'), truth('current', '139****0002'))).toBeNull();
});

test('what is not masked, or not known, needs no showing', () => {
  expect(whereWhole(line('central', 'monthly_income_fen'), truth('current', 260000))).toBeNull();
  expect(whereWhole(line('central', 'phone'), truth('current', null))).toBeNull();
});
