import { describe, expect, test } from 'vitest';
import vectors from '../../tests/vectors/sync-and-confirmation.json' with { type: 'json' };
import type { EntityName } from './entities.ts';
import {
  gradeOf,
  isOpen,
  mayConfirm,
  splitBatch,
  type BatchItem,
  type ConfirmHow,
  type Grade,
  type ProposalState,
} from './proposals.ts';
import type { FieldValue } from './values.ts';

type GradeCase = readonly [string, Grade, EntityName, string, FieldValue, FieldValue | undefined];
const notKnown = undefined;

describe('grades', () => {
  test.each<GradeCase>([
    ['a death', 'R', 'resident', 'living_status', 'deceased', 'alive'],
    ['somebody missing', 'R', 'resident', 'living_status', 'missing', 'alive'],
    ['a day of death', 'R', 'resident', 'death_date', '2026-11-02', notKnown],
    ['another name', 'R', 'resident', 'name', '测试乙', '测试甲'],
    ['another ID number', 'R', 'resident', 'id_no', '330299199901018882', notKnown],
    ['a guardian’s matter', 'R', 'resident', 'tags', ['orphan'], []],
    ['a category of another kind', 'Y', 'resident', 'tags', ['alone'], []],
    ['relief ends', 'R', 'household', 'relief_category', null, 'minimum'],
    ['relief falls a tier', 'R', 'household', 'relief_category', 'edge', 'minimum'],
    ['relief rises a tier', 'Y', 'household', 'relief_category', 'minimum', 'edge'],
    ['relief begins', 'Y', 'household', 'relief_category', 'rigid', null],
    ['relief, and nobody knows what it was', 'R', 'household', 'relief_category', 'minimum', notKnown],
    ['a pension lowered', 'R', 'resident', 'pension_fen', 200_000, 300_000],
    ['a pension stopped', 'R', 'resident', 'pension_fen', 0, 300_000],
    ['a pension raised', 'Y', 'resident', 'pension_fen', 310_000, 300_000],
    ['a certificate withdrawn', 'R', 'resident', 'disability_category', null, '4'],
    ['a lighter grade', 'R', 'resident', 'disability_grade', '3', '2'],
    ['a graver grade', 'Y', 'resident', 'disability_grade', '1', '2'],
    ['insurance ended', 'R', 'resident', 'medical_insurance', 'none', 'employee'],
    ['insurance changed', 'G', 'resident', 'medical_insurance', 'resident', 'employee'],
    ['medical costs', 'G', 'resident', 'medical_self_paid_fen', 3_842_000, 2_130_000],
    ['the same phone in another spelling', 'G', 'resident', 'phone', '+86 138 0000 0000', '13800000000'],
    ['a first phone', 'G', 'resident', 'phone', '13800000000', null],
    ['another phone', 'Y', 'resident', 'phone', '13800000001', '13800000000'],
    [
      'the same address in another spelling',
      'G',
      'resident',
      'registered_address',
      '海棠小区12幢502室',
      '海棠小区12栋502',
    ],
    ['another address', 'Y', 'resident', 'registered_address', '海棠小区13幢502室', '海棠小区12栋502'],
    ['an address, and nobody knows what it was', 'Y', 'resident', 'registered_address', '海棠小区13幢502室', notKnown],
    ['who lives there', 'Y', 'membership', 'resident_id', 'p2', notKnown],
    ['where they live', 'Y', 'resident', 'residence_status', 'away', 'resident'],
    ['a marriage', 'Y', 'resident', 'marital_status', '20', '10'],
    ['a disability', 'Y', 'resident', 'disability_category', '4', null],
    ['an organisation closed', 'Y', 'organisation', 'status', 'cancelled', 'normal'],
    ['an organisation with another code', 'R', 'organisation', 'uscc', '54330299MEFA00016C', notKnown],
    ['anything not thought of', 'Y', 'resident', 'workplace', '码头', notKnown],
  ])('%s: %s', (_case, grade, entity, field, after, before) => {
    expect(gradeOf(entity, field, after, before)).toBe(grade);
  });
});

describe('may it be confirmed?', () => {
  type Case = readonly [string, Grade, ConfirmHow, boolean, number, boolean, string];
  test.each<Case>([
    ['G in bulk', 'G', 'seen', false, 50, false, 'yes'],
    ['Y alone, by phone', 'Y', 'phone', false, 1, false, 'yes'],
    ['Y among several', 'Y', 'seen', false, 2, false, 'proposal.one-by-one'],
    ['several Y of one visit', 'Y', 'seen', true, 3, true, 'yes'],
    ['several Y, not all of that visit', 'Y', 'seen', true, 3, false, 'proposal.one-by-one'],
    ['several Y of no visit', 'Y', 'seen', false, 3, true, 'proposal.one-by-one'],
    ['R seen at a visit', 'R', 'seen', true, 1, true, 'yes'],
    ['R on a document', 'R', 'document', false, 1, false, 'yes'],
    ['R said to be seen, at no visit', 'R', 'seen', false, 1, false, 'proposal.needs-visit'],
    ['R by phone, during a visit', 'R', 'phone', true, 1, true, 'proposal.needs-visit'],
    ['R among others of its visit', 'R', 'seen', true, 2, true, 'proposal.one-by-one'],
  ])('%s', (_case, grade, how, hasVisit, batchSize, inVisit, expected) => {
    const result = mayConfirm({ grade, state: 'pending' }, { how, hasVisit, batchSize, inVisit });
    expect(result.ok ? 'yes' : result.failure.code).toBe(expected);
  });

  test('what is decided is closed, what was put off is not', () => {
    const states: ProposalState[] = ['pending', 'later', 'confirmed', 'corrected', 'disputed', 'void'];
    expect(states.filter(isOpen)).toEqual(['pending', 'later']);
    for (const state of states) {
      const result = mayConfirm({ grade: 'G', state }, { how: 'seen', hasVisit: false, batchSize: 1, inVisit: false });
      expect(result.ok).toBe(isOpen(state));
      if (!result.ok) expect(result.failure).toEqual({ code: 'proposal.closed', next: 'reload' });
    }
  });
});

test.each(vectors.batches)('$id a batch with a death', ({ items, how, hasVisit, confirmed, refused }) => {
  const batch = items.map(({ id, entity, field, before, after }): BatchItem => ({
    id,
    grade: gradeOf(entity as EntityName, field, after, before),
    state: 'pending',
    inVisit: false,
  }));
  expect(splitBatch(batch, { how: how as ConfirmHow, hasVisit })).toEqual({ confirmed, refused });
});

test('a batch at a visit confirms Y and leaves the death for a look of its own', () => {
  const item = (id: string, grade: Grade, inVisit = true): BatchItem => ({ id, grade, state: 'pending', inVisit });
  const visit = { how: 'seen', hasVisit: true } as const;
  expect(splitBatch([item('y1', 'Y'), item('y2', 'Y'), item('r', 'R')], visit)).toEqual({
    confirmed: ['y1', 'y2'],
    refused: [{ id: 'r', code: 'proposal.one-by-one' }],
  });
  expect(splitBatch([item('r', 'R')], visit).confirmed).toEqual(['r']);
  expect(splitBatch([item('y1', 'Y'), item('y2', 'Y', false), item('g', 'G')], visit).confirmed).toEqual(['g']);
});
