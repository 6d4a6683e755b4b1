import { describe, expect, test } from 'vitest';
import { codeSets } from './code-sets.ts';
import { fieldSpec } from './entities.ts';
import { VisitKind } from '../contract/views.ts';
import {
  answerFromField,
  fieldFromAnswer,
  questionByKey,
  questionKeys,
  questionSets,
  questionsFor,
  readAnswer,
  type AskedRow,
  type Question,
} from './questions.ts';

const today = '2026-11-21';
const question = (key: string): Question => {
  const found = questionByKey(key);
  if (found === undefined) throw new Error(`no question ${key}`);
  return found;
};
const household: AskedRow = {
  id: 'h1',
  values: { householder_id: 'p1', monthly_income_fen: 260_000, hazards: [], living_condition: null },
};
const resident = (id: string, values: AskedRow['values']): AskedRow => ({
  id,
  values: { living_status: 'alive', ...values },
});
const elder = resident('p1', {
  birth_date: '1950-01-01',
  living_alone: true,
  phone: '13800000000',
  health_status: '3',
});
const child = resident('p2', { birth_date: '2015-01-01' });
const dead = resident('p3', { birth_date: '1948-01-01', living_status: 'deceased' });

describe('the sets', () => {
  test('every visit kind has six to ten questions, none twice, and one of them at least is required', () => {
    expect(Object.keys(questionSets).sort()).toEqual([...VisitKind.options].sort());
    for (const [kind, set] of Object.entries(questionSets)) {
      expect([kind, set.length >= 6 && set.length <= 10]).toEqual([kind, true]);
      expect(new Set(set.map(({ key }) => key)).size).toBe(set.length);
      expect(set.some(({ required }) => required)).toBe(true);
    }
  });

  test('every question is used, and two questions of one set never write the same field of the same row', () => {
    const used = new Set(Object.values(questionSets).flatMap((set) => set.map(({ key }) => key)));
    expect([...used].sort()).toEqual([...questionKeys].sort());
    for (const set of Object.values(questionSets)) {
      const fields = set.flatMap(({ whom, field }) =>
        field === null ? [] : [`${whom === 'household' ? 'h' : 'r'}.${field}`],
      );
      expect(new Set(fields).size).toBe(fields.length);
    }
  });

  test.each(questionKeys)('%s is whole', (key) => {
    const { input, options, choices, field, prefill, whom, ask } = question(key);
    expect(ask.zh.length * ask.en.length).toBeGreaterThan(0);
    expect(options.length > 0).toBe(input === 'choice');
    expect(options).toEqual(Object.keys(choices));
    expect(prefill === 'field').toBe(field !== null);
    if (field === null) return;
    const spec = fieldSpec(whom === 'household' ? 'household' : 'resident', field);
    // A department's field never stands behind a question: a worker reports, he does not edit.
    expect(spec).toBeDefined();
    expect(spec?.owner).toBeUndefined();
    if (input === 'choice' && Object.hasOwn(codeSets, field))
      expect(Object.keys(codeSets[field as keyof typeof codeSets])).toEqual(
        options.filter((option) => option !== 'none' || spec?.type !== 'list'),
      );
  });

  test('a key of another release is no question', () => {
    expect(questionByKey('shoe-size')).toBeUndefined();
    expect(questionByKey('constructor')).toBeUndefined();
  });
});

describe('asking', () => {
  const asked = (kind: keyof typeof questionSets, members: readonly AskedRow[]) =>
    questionsFor(kind, household, members, today).map(
      ({ question: { key }, residentId }) => `${residentId ?? '-'}.${key}`,
    );

  test('elders are asked, children and the dead are not; the household comes first', () => {
    expect(asked('elder', [child, dead, elder])).toEqual([
      '-.hazard',
      '-.hygiene',
      '-.condition',
      'p1.health',
      'p1.mobility',
      'p1.spirits',
      'p1.alone',
      'p1.contact',
      'p1.needs',
    ]);
  });

  test('one person is asked everything before the next is', () => {
    const two = asked('elder', [elder, resident('p4', { birth_date: '1955-01-01' })]).filter(
      (line) => !line.startsWith('-'),
    );
    expect(two.map((line) => line.slice(0, 2)).join('')).toBe('p1'.repeat(6) + 'p4'.repeat(6));
  });

  test('60 on the birthday is an elder, 18 on the birthday no child', () => {
    const of = (birth_date: string) => resident('x', { birth_date });
    expect(asked('elder', [of('1966-11-21')])).toContain('x.health');
    expect(asked('elder', [of('1966-11-22')])).not.toContain('x.health');
    expect(asked('child', [of('2008-11-22')])).toContain('x.guardian');
    expect(asked('child', [of('2008-11-21')])).toEqual([]);
  });

  test('only the householder gives the household’s number, only the disabled are asked about care', () => {
    expect(asked('ad-hoc', [elder, child]).filter((line) => line.endsWith('head-phone'))).toEqual(['p1.head-phone']);
    const disabled = resident('p5', { birth_date: '1980-01-01', disability_category: '4' });
    expect(
      asked('disabled', [disabled, child, resident('p6', { disability_category: 'none' })]).filter((line) =>
        line.endsWith('care-by'),
      ),
    ).toEqual(['p5.care-by']);
  });

  test('what is known is filled in, with the row and field it is from', () => {
    const lines = new Map(questionsFor('elder', household, [elder], today).map((line) => [line.question.key, line]));
    expect(lines.get('alone')).toMatchObject({
      prefilled: 'yes',
      from: { entity: 'resident', row: 'p1', field: 'living_alone' },
    });
    expect(lines.get('health')?.prefilled).toBe('3');
    expect(lines.get('hazard')).toMatchObject({
      prefilled: 'none',
      from: { entity: 'household', row: 'h1', field: 'hazards' },
    });
    expect(lines.get('condition')?.prefilled).toBeNull();
    expect(lines.get('mobility')).toMatchObject({ prefilled: null, from: null, question: { prefill: 'last-answer' } });
    expect(questionsFor('relief', household, [], today).find((line) => line.question.key === 'income')?.prefilled).toBe(
      '260000',
    );
  });
});

describe('answers', () => {
  test.each<readonly [string, string | null, string | null]>([
    ['alone', 'yes', 'yes'],
    ['alone', 'maybe', 'refused'],
    ['health', '3', '3'],
    ['health', '4', 'refused'],
    ['income', '0', '0'],
    ['income', '0260000', '260000'],
    ['income', '2600.00', 'refused'],
    ['income', '-1', 'refused'],
    ['since-when', '2026-02-28', '2026-02-28'],
    ['since-when', '2026-02-29', 'refused'],
    ['phone', ' 138 0000 0000 ', '13800000000'],
    ['phone', '12800000000', 'refused'],
    ['contact', ' 张某 13800000000 ', '张某 13800000000'],
    ['contact', 'x'.repeat(2001), 'refused'],
    ['health', '', null],
    ['health', null, null],
  ])('%s: %j', (key, answer, expected) => {
    const result = readAnswer(question(key), answer);
    expect(result.ok ? result.value : 'refused').toBe(expected);
    if (!result.ok) expect(result.failure.code).toBe('answer.invalid');
  });

  test.each([
    ['income', '300000', 260_000, { entity: 'household', field: 'monthly_income_fen', value: 300_000 }],
    ['income', '260000', 260_000, null],
    ['own-income', '0', null, { entity: 'resident', field: 'monthly_income_fen', value: 0 }],
    ['alone', 'no', true, { entity: 'resident', field: 'living_alone', value: false }],
    ['alone', 'yes', true, null],
    ['alone', 'unknown', true, null],
    ['phone', '13800000001', '13800000000', { entity: 'resident', field: 'phone', value: '13800000001' }],
    [
      'contact',
      '张某 13800000000',
      null,
      { entity: 'resident', field: 'emergency_contact', value: '张某 13800000000' },
    ],
    ['hazard', 'gas', ['fire'], { entity: 'household', field: 'hazards', value: ['fire', 'gas'] }],
    ['hazard', 'gas', null, { entity: 'household', field: 'hazards', value: ['gas'] }],
    ['hazard', 'fire', ['gas', 'fire'], null],
    ['hazard', 'none', ['gas', 'fire'], null],
    ['mobility', 'free', null, null],
    ['health', null, '3', null],
  ] as const)('%s answered %j writes its field', (key, answer, current, expected) => {
    expect(fieldFromAnswer(question(key), answer, current)).toEqual(expected);
  });

  test('a field and its answer are two spellings of one value', () => {
    expect([null, true, false, 0, 'x', '', [], ['gas'], ['gas', 'fire']].map(answerFromField)).toEqual([
      null,
      'yes',
      'no',
      '0',
      'x',
      null,
      'none',
      'gas',
      null,
    ]);
  });
});
