import { expect, test } from 'vitest';
import type { EntityName } from '../../../shared/domain/entities.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import { codeText } from './codes.ts';
import { evidenceOf } from './evidence.ts';
import { draftKindOf, draftOf, valueOfDraft } from './draft.ts';
import { clockOf, dayOf, sayDay, sayDayWithWeekday, sayFullDay, sayMoment, type Locale } from './time.ts';
import { readMoney, refKindOf, sayBytes, sayMoney, sayValue } from './value.ts';

/** 2026-11-21, a Saturday, 20:30 on the district's clock. */
const now = new Date('2026-11-21T12:30:00Z');
const say = (entity: EntityName, field: string, value: FieldValue, locale: Locale = 'zh-CN'): string =>
  sayValue(entity, field, value, {
    locale,
    now,
    words: { yes: '是', no: '否', unknown: '未知' },
    codeText: (of, name, code) => codeText(of, name, code, locale),
    refText: (name, id) => (id === 'r-1' ? '王桂珍' : refKindOf(name)),
  });

test('the day changes at midnight of the district, not of the machine', () => {
  expect(dayOf(new Date('2026-11-21T15:59:59Z'))).toBe('2026-11-21');
  expect(dayOf(new Date('2026-11-21T16:00:00Z'))).toBe('2026-11-22');
  expect(clockOf(new Date('2026-11-21T16:00:00Z'))).toBe('0:00');
  expect(clockOf(new Date('2026-11-21T01:05:00Z'))).toBe('9:05');
});

test.each([
  ['2026-11-21', '今天', 'today'],
  ['2026-11-20', '昨天', 'yesterday'],
  ['2026-11-22', '明天', 'tomorrow'],
  ['2026-01-02', '01-02', '2 Jan'],
  ['2025-12-31', '2025-12-31', '31 Dec 2025'],
])('%s as people say it', (day, zh, en) => {
  expect(sayDay(day, now, 'zh-CN')).toBe(zh);
  expect(sayDay(day, now, 'en')).toBe(en);
});

test('a moment of today is only a clock', () => {
  expect(sayMoment('2026-11-21T00:12:00Z', now, 'zh-CN')).toBe('8:12');
  expect(sayMoment('2026-11-20T15:30:00Z', now, 'zh-CN')).toBe('昨天 23:30');
});

test('days in full and with their weekday', () => {
  expect(sayFullDay('1979-03-02', 'zh-CN')).toBe('1979年3月2日');
  expect(sayFullDay('1979-03-02', 'en')).toBe('2 Mar 1979');
  expect(sayDayWithWeekday('2026-11-21', 'zh-CN')).toBe('11月21日 星期六');
  expect(sayDayWithWeekday('2026-11-21', 'en')).toBe('Saturday 21 Nov');
});

test('money has separators, and fen only when there are any', () => {
  expect(sayMoney(3_842_000, 'zh-CN')).toBe('38,420 元');
  expect(sayMoney(3_842_050, 'zh-CN')).toBe('38,420.50 元');
  expect(sayMoney(0, 'en')).toBe('¥0');
});

test.each([
  ['2600', 260_000],
  ['2,600.5', 260_050],
  ['２６００ 元', 260_000],
  ['1.15', 115],
  ['0', 0],
  ['-5', null],
  ['2.345', null],
  ['两千', null],
  ['', null],
])('%j as an amount', (text, fen) => expect(readMoney(text)).toBe(fen));

test('sizes', () => {
  expect(sayBytes(900)).toBe('900 B');
  expect(sayBytes(4_823_000)).toBe('4.6 MB');
  expect(sayBytes(1_023_000_000)).toBe('976 MB');
});

test('values by their field', () => {
  expect(say('resident', 'living_status', 'deceased')).toBe('已故');
  expect(say('resident', 'living_status', 'deceased', 'en')).toBe('deceased');
  expect(say('resident', 'medical_self_paid_fen', 3_842_000)).toBe('38,420 元');
  expect(say('resident', 'birth_date', '1979-03-02')).toBe('1979年3月2日');
  expect(say('household', 'last_visit_on', '2026-10-18')).toBe('10-18');
  expect(say('resident', 'living_alone', false)).toBe('否');
  expect(say('resident', 'tags', ['alone', 'own-tag'])).toBe('独居、own-tag');
  expect(say('resident', 'phone', '139****0417')).toBe('139****0417');
  expect(say('resident', 'phone', null)).toBe('未知');
  expect(say('resident', 'tags', [])).toBe('未知');
});

test('a reference is told by name or by what it points to, never by its id', () => {
  expect(say('household', 'householder_id', 'r-1')).toBe('王桂珍');
  expect(say('household', 'householder_id', 'r-2')).toBe('resident');
  expect(say('visit', 'worker_id', 'w-1')).toBe('worker');
  expect(say('proposal', 'decided_by', 'w-1')).toBe('worker');
  expect(say('household', 'address_id', 'a-1')).toBe('address');
});

test('a code that no set knows is shown as it is, and nothing is found on a prototype', () => {
  expect(say('resident', 'sex', '7')).toBe('7');
  expect(say('resident', 'sex', 'constructor')).toBe('constructor');
  expect(say('resident', 'field_of_a_newer_release', 'x')).toBe('x');
});

test('a typed text is read back as the value it came from', () => {
  const back = (entity: EntityName, field: string, value: FieldValue): FieldValue | undefined =>
    valueOfDraft(entity, field, draftOf(entity, field, value));
  expect(back('resident', 'monthly_income_fen', 260_050)).toBe(260_050);
  expect(back('resident', 'death_date', '2026-11-16')).toBe('2026-11-16');
  expect(back('resident', 'phone', '13900000417')).toBe('13900000417');
  expect(valueOfDraft('resident', 'death_date', '2026-02-30')).toBeUndefined();
  expect(valueOfDraft('resident', 'monthly_income_fen', 'much')).toBeUndefined();
});

test('what a field is decides how it is edited', () => {
  expect(draftKindOf('resident', 'tags')).toBe('set');
  expect(draftKindOf('resident', 'living_status')).toBe('code');
  expect(draftKindOf('resident', 'living_alone')).toBe('boolean');
  expect(draftKindOf('resident', 'notes')).toBe('note');
  expect(draftKindOf('resident', 'emergency_contact')).toBe('text');
});

test('a note is one entry, and starts empty whatever is written already', () => {
  expect(draftOf('resident', 'notes', ['一'])).toBe('');
  expect(valueOfDraft('resident', 'notes', ' 二\n三 ')).toEqual(['二\n三']);
});

test('a telephone number is checked before it is one', () => {
  expect(valueOfDraft('resident', 'phone', '139 0000 0417')).toBe('13900000417');
  expect(valueOfDraft('resident', 'phone', '1390000041')).toBeUndefined();
});

test('the stars of a masked value never become a value', () => {
  expect(draftOf('resident', 'phone', '139****0417')).toBe('');
});

test('evidence leaves out the day told beside it, and waits when it is long', () => {
  expect(evidenceOf('2026-11-12在外地办理居住登记', '2026-11-12')).toEqual({ text: '在外地办理居住登记', short: true });
  expect(evidenceOf('2026-11-12 补登记', '2026-11-13')).toEqual({ text: '2026-11-12 补登记', short: true });
  expect(evidenceOf('近12个月结算7笔，最近一笔2026-11-14，个人自付1,959.50元', '2026-11-14').short).toBe(false);
});
