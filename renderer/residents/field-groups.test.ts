import { expect, test } from 'vitest';
import type { FieldView } from '../../shared/contract/views.ts';
import { fieldNames } from '../../shared/domain/entities.ts';
import { groupFields, householdGroups, residentGroups } from './field-groups.ts';

const view = (field: string, value: FieldView['value'], owned: FieldView['owned'] = null): FieldView => ({
  field,
  value,
  masked: false,
  source: null,
  at: null,
  by: null,
  reason: null,
  waiting: false,
  owned,
});

test('every field of a person stands in exactly one group', () => {
  const grouped = residentGroups.flatMap((group) => [...group.fields]);
  expect([...grouped].sort()).toEqual([...fieldNames('resident')].sort());
});

test('every field of a household stands in one group, but for the references the page shows itself', () => {
  const grouped = [...householdGroups.flatMap((group) => [...group.fields]), 'householder_id', 'address_id'];
  expect([...grouped].sort()).toEqual([...fieldNames('household')].sort());
});

test('what a department never reported steps back, what a worker could fill in stays', () => {
  const groups = groupFields(
    [view('phone', null), view('death_date', null, 'health'), view('name', '许国强', 'police')],
    residentGroups,
  );
  expect(groups.map(({ key, shown, silent }) => [key, shown.map((v) => v.field), silent.map((v) => v.field)])).toEqual([
    ['identity', ['name'], ['death_date']],
    ['contact', ['phone'], []],
  ]);
});

test('a field of a newer build is shown under "other", and a left-out one is not', () => {
  const groups = groupFields([view('blood_type', 'A'), view('address_id', 'a1')], residentGroups, ['address_id']);
  expect(groups.map((group) => [group.key, group.shown.map((v) => v.field)])).toEqual([['other', ['blood_type']]]);
});
