import { describe, expect, test } from 'vitest';
import {
  byTelling,
  expenseShare,
  flagsOf,
  householdMoney,
  isExpenseAlert,
  type FlagHousehold,
  type FlagResident,
} from './flags.ts';

const today = '2026-11-21';
const household: FlagHousehold = { relief_category: null, monthly_income_fen: null };
const person = (more: Partial<FlagResident> = {}): FlagResident => ({
  birth_date: '1980-05-01',
  living_status: 'alive',
  living_alone: null,
  disability_category: null,
  medical_self_paid_fen: null,
  monthly_income_fen: 500_000,
  tags: [],
  ...more,
});
const elder = (more: Partial<FlagResident> = {}) => person({ birth_date: '1950-01-01', ...more });

describe('flags', () => {
  test.each<readonly [string, FlagHousehold, readonly FlagResident[], readonly string[]]>([
    ['nothing to warn of', household, [person(), person()], []],
    ['a child of 17', household, [person(), person({ birth_date: '2008-11-22' })], ['minor']],
    ['18 today', household, [person(), person({ birth_date: '2008-11-21' })], []],
    ['an age nobody knows is no child', household, [person({ birth_date: null }), person()], []],
    ['an elder by himself', household, [elder()], ['elder-alone']],
    ['one of 59', household, [person({ birth_date: '1966-11-22' })], []],
    ['two elders', household, [elder(), elder()], []],
    ['two registered, one alone in truth', household, [elder({ living_alone: true }), elder()], ['elder-alone']],
    ['tagged alone, seen not alone', household, [elder({ tags: ['alone'], living_alone: false })], []],
    [
      'widowed: the dead do not count as company',
      household,
      [elder(), elder({ living_status: 'deceased' })],
      ['deceased', 'elder-alone'],
    ],
    [
      'a disability of the dead is none',
      household,
      [person(), person({ living_status: 'deceased', disability_category: '4' })],
      ['deceased'],
    ],
    [
      'relief and disability',
      { ...household, relief_category: 'minimum' },
      [person({ disability_category: '4' })],
      ['disabled', 'relief'],
    ],
    [
      'relief that ended',
      { ...household, relief_category: 'none' },
      [person({ tags: ['severe-disability'] })],
      ['disabled'],
    ],
    [
      'costs over half of the income',
      { ...household, monthly_income_fen: 500_000 },
      [person({ medical_self_paid_fen: 3_000_001 })],
      ['expense-alert'],
    ],
  ])('%s', (_case, row, members, flags) => {
    expect(flagsOf(row, members, today)).toEqual(flags);
  });
});

describe('money', () => {
  test.each([
    ['PV-09 exactly half', 3_000_000, 6_000_000, false, 50],
    ['PV-09 one fen over half', 3_000_001, 6_000_000, true, 50],
    ['PV-09 no income at all', 1, 0, true, null],
    ['no cost, no income', 0, 0, false, null],
    ['52 percent', 3_842_000, 7_388_400, true, 52],
    ['a cost that is not known', null, 6_000_000, false, null],
    ['an income that is not known', 3_000_000, null, false, null],
  ])('%s', (_case, selfPaidFen, incomeFen, alert, share) => {
    expect(isExpenseAlert({ selfPaidFen, incomeFen })).toBe(alert);
    expect(expenseShare({ selfPaidFen, incomeFen })).toBe(share);
  });

  test('the household’s income counts before its members’, and an adult’s unknown income is unknown for all', () => {
    const child = person({ birth_date: '2015-01-01', monthly_income_fen: null });
    expect(householdMoney({ ...household, monthly_income_fen: 100 }, [person()], today)).toEqual({
      selfPaidFen: null,
      incomeFen: 1200,
    });
    expect(householdMoney(household, [person(), child], today).incomeFen).toBe(6_000_000);
    expect(householdMoney(household, [person(), person({ monthly_income_fen: null })], today).incomeFen).toBeNull();
    expect(
      householdMoney(household, [person(), person({ birth_date: null, monthly_income_fen: null })], today).incomeFen,
    ).toBeNull();
    expect(householdMoney(household, [], today)).toEqual({ selfPaidFen: null, incomeFen: null });
  });

  test('costs of all living members add up', () => {
    const members = [
      person({ medical_self_paid_fen: 100 }),
      person(),
      person({ medical_self_paid_fen: 20 }),
      person({ living_status: 'deceased', medical_self_paid_fen: 7 }),
    ];
    expect(householdMoney(household, members, today).selfPaidFen).toBe(120);
  });
});

test('the most telling change comes first, the order does not depend on how they came', () => {
  const change = (id: string, field: string, grade: 'G' | 'Y' | 'R', observedOn: string | null = null) => ({
    id,
    field,
    grade,
    observedOn,
  });
  const sorted = [
    change('1', 'living_status', 'R'),
    change('2', 'medical_self_paid_fen', 'G', '2026-11-18'),
    change('3', 'medical_self_paid_fen', 'G', '2026-10-18'),
    change('4', 'phone', 'Y'),
    change('5', 'phone', 'G', '2026-11-20'),
    change('6', 'workplace', 'Y'),
    change('7', 'workplace', 'Y'),
  ];
  expect([...sorted].reverse().sort(byTelling)).toEqual(sorted);
});
