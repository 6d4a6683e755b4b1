import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestReplica, testArea, type TestReplica } from '../testing/test-replica.ts';
import { putRow } from './entity-table.ts';
import { residentWindow, type ListWish } from './resident-order.ts';

let replica: TestReplica;
beforeEach(() => {
  replica = createTestReplica();
  replica.replica.transaction((writer) => {
    const put = (
      entity: 'address' | 'household' | 'membership' | 'resident',
      id: string,
      values: Record<string, string>,
    ) => putRow(writer, entity, { id, area: testArea, version: 1, deleted: false, values });
    // 60 doors in an order that has nothing to do with their place; two people behind each.
    for (let door = 0; door < 60; door += 1) {
      const number = (door * 37) % 60;
      const at = { building: String(1 + (number % 12)), unit: String(1 + (number % 3)), room: String(101 + number) };
      put('address', `a-${String(door)}`, { community: '城东社区', ...at });
      put('household', `h-${String(door)}`, { address_id: `a-${String(door)}` });
      for (const person of ['elder', 'younger']) {
        const id = `r-${String(door)}-${person}`;
        put('resident', id, { name: '王', birth_date: person === 'elder' ? '1950-01-01' : '1980-01-01' });
        put('membership', `m-${id}`, { household_id: `h-${String(door)}`, resident_id: id });
      }
    }
  });
});
afterEach(() => replica.close());

const wish: ListWish = { filter: 'all', order: 'place', area: null, today: '2026-11-21' };
const window = (offset: number, limit: number) => residentWindow(replica.replica.reader, wish, offset, limit);

test('the quick way to the first window and the whole list agree', () => {
  const quick = window(0, 30);
  expect(quick.total).toBe(120);
  expect(new Set(quick.rows).size).toBe(30);
  // The last window is longer than the list, which takes the whole list to know.
  expect(window(100, 500).rows).toHaveLength(20);
  expect(window(0, 30)).toEqual(quick);
});

test('windows laid side by side are the list: nobody twice, nobody left out', () => {
  window(0, 500);
  const all = [0, 40, 80].flatMap((offset) => window(offset, 40).rows);
  expect(new Set(all).size).toBe(120);
});

test('somebody with two homes is listed once, on both ways', () => {
  replica.seed('membership', 'm-second', { household_id: 'h-1', resident_id: 'r-0-elder' });
  const quick = window(0, 60).rows;
  expect(new Set(quick).size).toBe(60);
  expect(window(0, 500).total).toBe(120);
  expect(window(0, 500).rows).toHaveLength(120);
  expect(window(0, 60).rows).toEqual(quick);
});

test('a list that still holds is not made again, and one that does not is', () => {
  window(0, 500);
  const { reader } = replica.replica;
  const sql: string[] = [];
  const watched = { prepare: <Row>(text: string, name?: string) => (sql.push(text), reader.prepare<Row>(text, name)) };
  const look = () => {
    sql.length = 0;
    residentWindow(watched, wish, 60, 500);
    return sql.some((text) => text.includes('ORDER BY a.id IS NULL'));
  };
  expect(look()).toBe(true);
  expect(look()).toBe(false);
  replica.pull('resident', 'r-0-elder', 2, { phone: '13800000001' });
  expect(look()).toBe(false);
  replica.pull('address', 'a-0', 2, { building: '99' });
  expect(look()).toBe(true);
});
