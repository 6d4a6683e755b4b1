import { expect, test } from 'vitest';
import type { ConflictLine } from '../../shared/contract/views.ts';
import { groupByHousehold, nextAfter } from './conflicts-store.ts';

const line = (id: string, householdId: string | null, subject = 'r1'): ConflictLine => ({
  id,
  place: 'local',
  kind: 'field',
  subject: { entity: 'resident', id: subject, name: '许国强' },
  householdId,
  placeText: `城东社区 ${householdId ?? ''}`,
  field: 'phone',
  first: null,
  second: null,
  at: '2026-11-19T02:05:00.000Z',
  state: 'open',
});

test('conflicts of one door stand together, in the place of the first', () => {
  const groups = groupByHousehold([line('a', 'h1'), line('b', 'h2'), line('c', 'h1')]);
  expect(groups.map((group) => [group.key, group.lines.map((own) => own.id)])).toEqual([
    ['h1', ['a', 'c']],
    ['h2', ['b']],
  ]);
});

test('people without a household are not thrown together', () => {
  expect(groupByHousehold([line('a', null, 'r1'), line('b', null, 'r2')])).toHaveLength(2);
});

test('after settling the next one opens, after the last the one before, then none', () => {
  const lines = [line('a', 'h1'), line('b', 'h1'), line('c', 'h2')];
  expect(nextAfter(lines, 'a')).toBe('b');
  expect(nextAfter(lines, 'c')).toBe('b');
  expect(nextAfter([line('a', 'h1')], 'a')).toBeNull();
});
