import { expect, test } from 'vitest';
import type { VisitCard, VisitView } from '../../shared/contract/views.ts';
import { dayStateOf, greetingOf, nextVisit } from './visit-day.ts';
import { householdSubject, nextSubject, subjectsOf } from './visit-subjects.ts';

const place = { community: '城东社区', compound: '苏宁路 88 弄', building: '12 幢', unit: '', room: '502' };
const card = (id: string, state: VisitCard['state']): VisitCard => ({
  id,
  householdId: `h-${id}`,
  place,
  householder: '许国强',
  members: 2,
  kind: 'relief',
  reason: null,
  state,
  plannedOn: '2026-11-21',
  startedAt: null,
  endedAt: null,
  lastVisitOn: null,
  changes: [],
  changeCount: 0,
  flags: [],
  expenseShare: null,
  waiting: 0,
});

test('the visit under way comes before earlier planned ones', () => {
  expect(nextVisit([card('a', 'done'), card('b', 'planned'), card('c', 'started')])?.id).toBe('c');
  expect(nextVisit([card('a', 'done'), card('b', 'planned')])?.id).toBe('b');
  expect(nextVisit([card('a', 'done'), card('b', 'skipped')])).toBeNull();
});

test('a skipped visit is not left to walk', () => {
  expect(dayStateOf([])).toEqual({ state: 'none', left: 0 });
  expect(dayStateOf([card('a', 'planned')])).toEqual({ state: 'fresh', left: 1 });
  expect(dayStateOf([card('a', 'skipped'), card('b', 'started')])).toEqual({ state: 'under-way', left: 1 });
  expect(dayStateOf([card('a', 'skipped'), card('b', 'done')])).toEqual({ state: 'done', left: 0 });
});

test.each([
  [4, 'evening'],
  [5, 'morning'],
  [11, 'noon'],
  [13, 'afternoon'],
  [18, 'evening'],
])('at %i o’clock: %s', (hour, greeting) => expect(greetingOf(hour)).toBe(greeting));

type Proposal = VisitView['proposals'][number];
const proposal = (id: string, resident: string, state: Proposal['state']): Proposal => ({
  id,
  subject: { entity: 'resident', id: resident, name: resident },
  householdId: null,
  field: 'phone',
  before: null,
  after: '1',
  current: null,
  source: 'police',
  observedOn: null,
  evidence: null,
  grade: 'Y',
  dueOn: null,
  state,
  finalValue: null,
  decidedAt: null,
  decidedBy: null,
  undoable: false,
});
const question = (key: string, residentId: string | null, answer: string | null): VisitView['questions'][number] => ({
  key,
  residentId,
  residentName: residentId,
  input: 'text',
  options: [],
  prefilled: null,
  prefilledFrom: null,
  answer,
  origin: null,
  required: true,
});
const member = (id: string): VisitView['household']['members'][number] => ({
  id,
  name: id,
  sex: null,
  age: null,
  relation: null,
  isHouseholder: false,
  deceased: false,
  tags: [],
  pending: 0,
  decided: 0,
});
const visit: VisitView = {
  card: card('v', 'started'),
  household: {
    id: 'h',
    area: '330211001001',
    place,
    householder: 'a',
    fields: [],
    members: [member('a'), member('b')],
    flags: [],
    visits: [],
  },
  proposals: [proposal('1', 'a', 'confirmed'), proposal('2', 'a', 'later'), proposal('3', 'gone', 'pending')],
  questions: [question('x', null, 'yes'), question('y', 'b', null)],
  attachments: [],
  summary: null,
  mode: 'at-door',
  located: null,
  savedAt: null,
  missing: [],
  conflicts: [],
};

test('what concerns somebody who left the household stays in sight, with the household', () => {
  const [household, first, second] = subjectsOf(visit);
  expect(household?.id).toBe(householdSubject);
  expect(household?.proposals.map(({ id }) => id)).toEqual(['3']);
  expect(first?.proposals.map(({ id }) => id)).toEqual(['2', '1']);
  expect(first?.undecided).toBe(0);
  expect(second?.unanswered).toBe(1);
});

test('a required question with a suggestion is not open: the suggestion stands unless somebody says otherwise', () => {
  const suggested = { ...question('y', 'b', null), prefilled: 'yes' };
  const [, , second] = subjectsOf({ ...visit, questions: [suggested] });
  expect(second).toMatchObject({ unanswered: 0, suggested: 1 });
});

test('the next subject is looked for after the one shown, changes before answers', () => {
  const subjects = subjectsOf(visit);
  expect(nextSubject(subjects, 'a')?.id).toBe(householdSubject);
  const decided = subjectsOf({ ...visit, proposals: [] });
  expect(nextSubject(decided, null)?.id).toBe('b');
  expect(nextSubject(subjectsOf({ ...visit, proposals: [], questions: [] }), 'a')).toBeNull();
});
