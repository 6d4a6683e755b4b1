import { afterEach, beforeEach, expect, test } from 'vitest';
import { seedHousehold, xuFamily } from '../testing/xu-family.ts';
import type { TestReplica } from '../testing/test-replica.ts';
import type { CallInput } from '../../../shared/contract/calls.ts';

let replica: TestReplica;
beforeEach(() => {
  replica = xuFamily();
  seedHousehold(
    replica,
    'h-wang',
    { building: '2', unit: '1', room: '301' },
    { id: 'r-wang', name: '王桂珍', birth: '1944-03-01' },
  );
  replica.seed('resident', 'r-wang', {
    name: '王桂珍',
    sex: '2',
    birth_date: '1944-03-01',
    living_status: 'alive',
    living_alone: true,
    disability_category: '4',
  });
  replica.seed('resident', 'r-liu', { name: '刘阿根', birth_date: '1939-01-01', living_status: 'deceased' });
});
afterEach(() => replica.close());

const ids = async (input: CallInput<'residents.list'>) => {
  const list = await replica.call('residents.list', input);
  return { total: list.total, ids: list.rows.map(({ id }) => id) };
};

test('in place order: 2 before 12, the household from eldest to youngest, people without a door last', async () => {
  expect(await ids({})).toEqual({ total: 5, ids: ['r-wang', 'r-xu', 'r-he', 'r-nuo', 'r-liu'] });
});

test.each<[string, CallInput<'residents.list'>, string[]]>([
  ['by name as in a dictionary', { order: 'name' }, ['r-he', 'r-liu', 'r-wang', 'r-xu', 'r-nuo']],
  ['by age, the eldest first', { order: 'age' }, ['r-liu', 'r-wang', 'r-xu', 'r-he', 'r-nuo']],
  ['elders who live', { filter: 'elder' }, ['r-wang']],
  ['children', { filter: 'child' }, ['r-nuo']],
  ['disabled people', { filter: 'disabled' }, ['r-wang']],
  ['people of households on relief', { filter: 'relief' }, ['r-xu', 'r-he', 'r-nuo']],
  ['people who live alone', { filter: 'alone' }, ['r-wang']],
  ['people with changes', { filter: 'with-changes' }, ['r-xu']],
  ['the deceased', { filter: 'deceased' }, ['r-liu']],
  ['an area', { area: '330211001001' }, ['r-wang', 'r-xu', 'r-he', 'r-nuo', 'r-liu']],
  ['a whole street', { area: '330211001000' }, ['r-wang', 'r-xu', 'r-he', 'r-nuo', 'r-liu']],
  ['another area', { area: '330211002000' }, []],
  ['a text', { text: '许' }, ['r-xu', 'r-nuo']],
  ['a text among the filtered', { text: '许', filter: 'child' }, ['r-nuo']],
])('%s', async (_case, input, expected) => {
  const found = await ids(input);
  expect(found).toEqual({ total: expected.length, ids: expected });
});

test('windows are cut from one order, and the total is the whole list', async () => {
  expect(await ids({ offset: 1, limit: 2 })).toEqual({ total: 5, ids: ['r-xu', 'r-he'] });
  expect(await ids({ offset: 3, limit: 10 })).toEqual({ total: 5, ids: ['r-nuo', 'r-liu'] });
  expect(await ids({ offset: 9, limit: 10 })).toEqual({ total: 5, ids: [] });
});

test('a list follows what it rests on: a new alone flag, a move, a confirmed change', async () => {
  expect((await ids({ filter: 'alone' })).total).toBe(1);
  expect((await ids({ filter: 'with-changes' })).total).toBe(1);
  await ids({ order: 'age' });
  const fields = { living_alone: false };
  await replica.call('fields.edit', { entity: 'resident', rowId: 'r-wang', fields, source: 'visit', visitId: null });
  expect((await ids({ filter: 'alone' })).total).toBe(0);
  for (const id of ['p-cost', 'p-phone'])
    await replica.call('proposals.confirm', { proposalIds: [id], visitId: null, how: 'phone' });
  expect((await ids({ filter: 'with-changes' })).total).toBe(0);
  replica.pull('membership', 'm-r-nuo', 6, { household_id: 'h-wang' });
  expect((await ids({ offset: 0, limit: 500 })).ids).toEqual(['r-wang', 'r-nuo', 'r-xu', 'r-he', 'r-liu']);
});

test('a line is masked and says where, how old, and how many changes wait', async () => {
  const { rows } = await replica.call('residents.list', { offset: 1, limit: 1 });
  expect(rows).toEqual([
    {
      id: 'r-xu',
      name: '许国强',
      sex: '1',
      age: 46,
      idMasked: '330***********0016',
      phoneMasked: '138****0417',
      placeText: '城东社区 12 幢 2 单元 502',
      householdId: 'h-xu',
      relation: '01',
      tags: ['veteran'],
      deceased: false,
      proposals: 2,
    },
  ]);
});

test('search finds by name, initials and the end of the ID number, and says when there is more', async () => {
  const find = async (text: string, limit?: number) => {
    const found = await replica.call('search.find', limit === undefined ? { text } : { text, limit });
    return { ids: found.hits.map(({ id }) => id), more: found.more };
  };
  expect(await find('许国强')).toEqual({ ids: ['r-xu'], more: false });
  expect(await find('xgq')).toEqual({ ids: ['r-xu'], more: false });
  expect(await find('0016')).toEqual({ ids: ['r-xu'], more: false });
  expect(await find('许', 1)).toMatchObject({ ids: [expect.any(String)], more: true });
  expect(await find('  ')).toEqual({ ids: [], more: false });
  expect(await find(`'"*)(`)).toEqual({ ids: [], more: false });
});

test('a resident’s page has every field masked, with origin, and what waits', async () => {
  const at = '2026-11-19T02:05:00.000Z';
  replica.pull('resident', 'r-xu', 6, { employment: 'unemployed' }, { at, source: 'visit' });
  const fields = { workplace: '码头' };
  await replica.call('fields.edit', { entity: 'resident', rowId: 'r-xu', fields, source: 'visit', visitId: null });
  const opened = await replica.call('residents.open', { residentId: 'r-xu' });
  if (!opened.ok) throw new Error('not there');
  const field = (name: string) => opened.value.fields.find((one) => one.field === name);
  expect(field('id_no')).toMatchObject({ value: '330***********0016', masked: true, owned: 'police', by: null });
  expect(field('employment')).toMatchObject({ value: 'unemployed', by: { name: '张伟' }, at, waiting: false });
  expect(field('workplace')).toMatchObject({ value: '码头', by: { self: true }, waiting: true, owned: null });
  expect(opened.value).toMatchObject({
    age: 46,
    household: { id: 'h-xu', placeText: '城东社区 12 幢 2 单元 502', relation: '01' },
    proposals: [{ id: 'p-phone' }, { id: 'p-cost' }],
    history: [{ field: 'workplace' }, { field: 'employment' }],
  });
  expect(await replica.call('residents.open', { residentId: 'r-none' })).toMatchObject({
    failure: { code: 'resident.unknown' },
  });
});

test('a household’s page has its people, householder first, and its visits', async () => {
  const opened = await replica.call('households.open', { householdId: 'h-xu' });
  expect(opened).toMatchObject({
    ok: true,
    value: {
      householder: '许国强',
      flags: ['expense-alert', 'minor', 'relief'],
      members: [
        { id: 'r-xu', isHouseholder: true, pending: 2, decided: 0 },
        { id: 'r-he', relation: '10', age: 41 },
        { id: 'r-nuo', relation: '30', age: 13 },
      ],
      visits: [{ id: 'v-xu', kind: 'relief', by: { self: true } }],
    },
  });
  expect(await replica.call('households.open', { householdId: 'h-none' })).toMatchObject({
    failure: { code: 'household.unknown' },
  });
});

test('who moved out is no member any more', async () => {
  replica.pull('membership', 'm-r-he', 6, { until: '2026-11-20' });
  const opened = await replica.call('households.open', { householdId: 'h-xu' });
  expect(opened.ok && opened.value.members.map(({ id }) => id)).toEqual(['r-xu', 'r-nuo']);
});
