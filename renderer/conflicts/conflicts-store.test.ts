import { createPinia, setActivePinia } from 'pinia';
import { expect, test } from 'vitest';
import { createApp } from 'vue';
import type { Bridge } from '../../shared/contract/port.ts';
import type { ConflictLine } from '../../shared/contract/views.ts';
import { createClient, installClient } from '../app/client.ts';
import { groupByHousehold, nextAfter, useConflictsStore } from './conflicts-store.ts';

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

interface Asked {
  readonly name: string;
  readonly answer: (value: unknown) => Promise<void>;
}

test('a settled one leaves the open ones at once, and a list asked for before does not bring it back', async () => {
  const asked: Asked[] = [];
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const bridge: Bridge = {
    ask: (name) =>
      new Promise((resolve) => {
        asked.push({
          name,
          answer: (value) => {
            resolve(value);
            return settled();
          },
        });
      }),
    subscribe: () => () => undefined,
  };
  const pinia = createPinia();
  createApp({})
    .use(pinia)
    .use(installClient(createClient(bridge)));
  setActivePinia(pinia);
  const store = useConflictsStore();
  const both = [line('a', 'h1'), line('b', 'h2')];

  void store.list();
  await asked[0]?.answer(both);
  const settling = store.settle({ conflictId: 'a', choice: { side: 'current' } });
  void store.list();
  expect(asked.map(({ name }) => name)).toEqual(['conflicts.list', 'conflicts.settle', 'conflicts.list']);
  await asked[1]?.answer({ ok: true, value: { waiting: 1 } });
  await settling;
  expect(store.inOrder.map(({ id }) => id)).toEqual(['b']);
  await asked[2]?.answer(both);
  expect(store.inOrder.map(({ id }) => id)).toEqual(['b']);
});
