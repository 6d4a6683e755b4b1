import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHash } from 'node:crypto';
import { seedProposal, today, xuFamily } from '../testing/xu-family.ts';
import type { TestReplica } from '../testing/test-replica.ts';
import { monthsLater } from './visits.ts';

let replica: TestReplica;
beforeEach(() => {
  replica = xuFamily();
});
afterEach(() => replica.close());

const visitId = 'v-xu';
const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
const answer = (question: string, value: string | null, residentId: string | null = null) =>
  replica.call('visits.answer', { visitId, question, residentId, value });
const attach = (
  kind: 'photo' | 'signature' | 'scan',
  content: Uint8Array<ArrayBuffer> = png,
  mime: 'image/png' | 'image/jpeg' = 'image/png',
) => replica.call('visits.attach', { visitId, residentId: null, kind, mime, content, caption: null });
const finish = (unsignedReason: string | null = null) => replica.call('visits.finish', { visitId, unsignedReason });
const open = async () => {
  const opened = await replica.call('visits.open', { visitId });
  if (!opened.ok) throw new Error('the visit is not there');
  return opened.value;
};
const answerAll = async (): Promise<void> => {
  await answer('in-hospital', 'no');
  await answer('vehicle', 'no');
  await answer('employment', 'home', 'r-he');
};

test('starting says who came and when; starting again changes nothing', async () => {
  expect(await replica.call('visits.start', { visitId })).toEqual({ ok: true, value: { waiting: 1 } });
  expect(replica.row('visit', visitId)).toMatchObject({ state: 'started', started_at: '2026-11-21T02:00:00.000Z' });
  replica.at('2026-11-21T03:00:00.000Z');
  expect(await replica.call('visits.start', { visitId })).toEqual({ ok: true, value: { waiting: 1 } });
});

test('an answer is kept with what was suggested, and writes the field behind it in the same transaction', async () => {
  await replica.call('visits.start', { visitId });
  expect(await answer('income', '260000')).toEqual({ ok: true, value: { waiting: 3 } });
  const [, first, second] = replica.deltas();
  expect(first).toMatchObject({
    entity: 'visit_answer',
    row: 'v-xu.income',
    op: 'create',
    fields: { value: { value: '260000' }, prefilled: { value: '320000' }, origin: { value: 'corrected' } },
  });
  expect(second).toMatchObject({
    entity: 'household',
    source: 'visit',
    reason: { kind: 'visit', visit: 'v-xu' },
    fields: { monthly_income_fen: { base: 320_000, value: 260_000 } },
  });
  expect(first?.txn).toBe(second?.txn);
  const income = (await open()).questions.find(({ key }) => key === 'income');
  expect(income).toMatchObject({ prefilled: '320000', answer: '260000', origin: 'corrected', required: true });
});

test('an answer on the phone is worth a phone call', async () => {
  await replica.call('visits.describe', { visitId, mode: 'phone' });
  await answer('income', '260000');
  expect(replica.deltas().at(-1)).toMatchObject({ entity: 'household', source: 'phone-call' });
});

test('typed where nothing was known; accepted as suggested; taken back', async () => {
  await answer('vehicle', 'no');
  await answer('income', '320000');
  const origins = async () =>
    (await open()).questions.filter(({ answer: given }) => given !== null).map(({ key, origin }) => [key, origin]);
  expect(await origins()).toEqual([
    ['income', 'prefilled'],
    ['vehicle', 'typed'],
  ]);
  await answer('vehicle', null);
  expect(await origins()).toEqual([['income', 'prefilled']]);
});

test.each([
  ['an answer that is no option', 'vehicle', 'perhaps', null],
  ['a question of another kind of visit', 'schooling', 'regular', 'r-nuo'],
  ['a question not put to that person', 'employment', 'student', 'r-nuo'],
  ['a question that is none', 'shoe-size', '42', null],
])('%s is refused', async (_case, question, value, resident) => {
  expect(await answer(question, value, resident)).toMatchObject({ failure: { code: 'answer.invalid' } });
  expect(replica.deltas()).toEqual([]);
});

test('a masked suggestion stays masked on screen, and accepting it keeps the real value', async () => {
  replica.seed('visit', visitId, {
    household_id: 'h-xu',
    kind: 'ad-hoc',
    planned_on: today,
    worker_id: 'w-li',
    state: 'planned',
  });
  const phone = (await open()).questions.find(({ key }) => key === 'head-phone');
  expect(phone).toMatchObject({ residentId: 'r-xu', prefilled: '138****0417' });
  await answer('head-phone', '138****0417', 'r-xu');
  expect(replica.row('visit_answer', 'v-xu.head-phone.r-xu')).toMatchObject({
    value: '13800000417',
    origin: 'prefilled',
  });
  expect(replica.row('resident', 'r-xu')).toMatchObject({ phone: '13800000417' });
});

test('questions without a field are pre-filled from the last finished visit', async () => {
  replica.seed('visit', 'v-old', {
    household_id: 'h-xu',
    kind: 'relief',
    state: 'done',
    planned_on: '2026-10-18',
    ended_at: '2026-10-18T01:51:00.000Z',
  });
  replica.seed('visit_answer', 'v-old.in-hospital', { visit_id: 'v-old', question: 'in-hospital', value: 'yes' });
  const question = (await open()).questions.find(({ key }) => key === 'in-hospital');
  expect(question).toMatchObject({
    prefilled: 'yes',
    prefilledFrom: { source: 'visit', at: '2026-10-18T01:51:00.000Z' },
    answer: null,
  });
});

test('describing keeps summary, mode and whether anybody was there', async () => {
  await replica.call('visits.describe', { visitId, summary: '近况平稳', mode: 'video', located: false });
  expect(await open()).toMatchObject({
    summary: '近况平稳',
    mode: 'video',
    located: false,
    card: { state: 'started' },
  });
  await replica.call('visits.describe', { visitId, summary: '' });
  expect((await open()).summary).toBeNull();
});

test('a visit is incomplete until grave changes, required answers and the signature are there', async () => {
  seedProposal(replica, {
    id: 'p-death',
    subject: 'r-he',
    field: 'living_status',
    from: 'alive',
    to: 'deceased',
    source: 'funeral',
    grade: 'R',
  });
  expect((await open()).missing).toEqual(['proposals', 'answers', 'signature']);
  expect(await finish()).toEqual({
    ok: false,
    failure: { code: 'visit.incomplete', next: 'correct', facts: { missing: 'proposals answers signature' } },
  });
  await replica.call('proposals.later', { proposalId: 'p-death' });
  await answerAll();
  expect(await finish(' ')).toMatchObject({ failure: { facts: { missing: 'signature' } } });
  await attach('signature');
  expect((await open()).missing).toEqual([]);
  expect(await finish()).toMatchObject({ ok: true });
});

test('finishing keeps untouched suggestions as answers, and moves the household’s dates', async () => {
  await answerAll();
  await answer('housing', 'rented');
  await answer('own-income', '50000', 'r-xu');
  await answer('own-income', '60000', 'r-xu');
  replica.pull('household', 'h-xu', 6, { monthly_income_fen: 330_000 });
  await answer('income', '260000');
  expect(await finish('本人右手骨折')).toMatchObject({ ok: true });
  expect(replica.row('visit', visitId)).toMatchObject({
    state: 'done',
    ended_at: '2026-11-21T02:00:00.000Z',
    located: 1,
    skip_reason: '本人右手骨折',
  });
  expect(replica.row('household', 'h-xu')).toMatchObject({ last_visit_on: today, next_visit_on: '2027-02-21' });
  // What was answered stays as answered, with what had been suggested then.
  expect(replica.row('visit_answer', 'v-xu.income')).toMatchObject({
    value: '260000',
    prefilled: '330000',
    origin: 'corrected',
  });
  expect(replica.row('visit_answer', 'v-xu.own-income.r-xu')).toMatchObject({ value: '60000', origin: 'typed' });
  expect(replica.row('visit_answer', 'v-xu.employment.r-xu')).toMatchObject({ value: 'employed', origin: 'prefilled' });
  expect(replica.row('visit_answer', 'v-xu.vehicle')).toMatchObject({ origin: 'typed' });
});

test('a closed visit is closed to everything but reopening', async () => {
  await replica.call('visits.skip', { visitId, reason: '两次无人应答' });
  const closed = { ok: false, failure: { code: 'visit.closed', next: 'reload' } };
  expect(await replica.call('visits.start', { visitId })).toEqual(closed);
  expect(await answer('vehicle', 'no')).toEqual(closed);
  expect(await replica.call('visits.describe', { visitId, summary: 'x' })).toEqual(closed);
  expect(await attach('photo')).toEqual(closed);
  expect(await finish('x')).toEqual(closed);
  expect(await replica.call('visits.skip', { visitId, reason: 'x' })).toEqual(closed);
  expect(replica.row('visit', visitId)).toMatchObject({ state: 'skipped', skip_reason: '两次无人应答' });
});

test('reopening works on the same day at UTC+8, by the person who closed it', async () => {
  const reopen = () => replica.call('visits.reopen', { visitId });
  expect(await reopen()).toMatchObject({ failure: { code: 'visit.not-closed' } });
  await replica.call('visits.start', { visitId });
  await replica.call('visits.skip', { visitId, reason: '无人' });
  replica.at('2026-11-21T16:00:00.000Z');
  expect(await reopen()).toMatchObject({ failure: { code: 'visit.not-closed' } });
  replica.at('2026-11-21T15:59:00.000Z');
  expect(await reopen()).toMatchObject({ ok: true });
  expect(replica.row('visit', visitId)).toMatchObject({ state: 'started', ended_at: null, skip_reason: null });
  replica.seed('visit', visitId, {
    household_id: 'h-xu',
    state: 'done',
    worker_id: 'w-zhang',
    ended_at: '2026-11-21T15:00:00.000Z',
  });
  expect(await reopen()).toMatchObject({ failure: { code: 'visit.not-closed' } });
});

test('an unplanned visit is planned for the day by whoever goes', async () => {
  const made = await replica.call('visits.unplanned', { householdId: 'h-xu', kind: 'ad-hoc', on: today });
  if (!made.ok) throw new Error('not made');
  const { visits } = await replica.call('visits.today', { on: today });
  expect(visits.map(({ id }) => id)).toContain(made.value.visitId);
  expect(await replica.call('visits.unplanned', { householdId: 'h-none', kind: 'ad-hoc', on: today })).toMatchObject({
    failure: { code: 'household.unknown' },
  });
});

test('every call on a visit that is not here says so', async () => {
  const ghost = { visitId: 'v-none' };
  const unknown = { ok: false, failure: { code: 'visit.unknown', next: 'reload' } };
  expect(await replica.call('visits.open', ghost)).toEqual(unknown);
  expect(await replica.call('visits.start', ghost)).toEqual(unknown);
  expect(await replica.call('visits.answer', { ...ghost, question: 'x', residentId: null, value: null })).toEqual(
    unknown,
  );
  expect(await replica.call('visits.describe', ghost)).toEqual(unknown);
  expect(await replica.call('visits.finish', { ...ghost, unsignedReason: null })).toEqual(unknown);
  expect(await replica.call('visits.skip', { ...ghost, reason: 'x' })).toEqual(unknown);
  expect(await replica.call('visits.reopen', ghost)).toEqual(unknown);
  const photo = { ...ghost, residentId: null, kind: 'photo', mime: 'image/png', content: png, caption: null } as const;
  expect(await replica.call('visits.attach', photo)).toEqual(unknown);
});

test('a photo is kept under its hash, listed, read back, and taken away again', async () => {
  const made = await attach('photo');
  if (!made.ok) throw new Error('not kept');
  const { attachmentId } = made.value;
  expect(replica.row('attachment', attachmentId)).toMatchObject({
    sha256: createHash('sha256').update(png).digest('hex'),
    bytes: png.byteLength,
    taken_by: 'w-li',
  });
  expect((await open()).attachments).toMatchObject([
    { id: attachmentId, here: true, sent: false, takenBy: { self: true } },
  ]);
  const read = await replica.call('attachments.read', { attachmentId });
  expect(read).toEqual({ ok: true, value: { mime: 'image/png', content: png } });
  expect(await replica.call('visits.detach', { attachmentId })).toMatchObject({ ok: true });
  expect((await open()).attachments).toEqual([]);
  expect(await replica.call('visits.detach', { attachmentId })).toMatchObject({
    failure: { code: 'attachment.unknown' },
  });
});

test('content that is too large, or not what it says, is refused', async () => {
  const large = new Uint8Array(15 * 1024 * 1024 + 1);
  large.set(png);
  expect(await attach('photo', large)).toMatchObject({ failure: { code: 'attachment.too-large' } });
  expect(await attach('photo', png, 'image/jpeg')).toMatchObject({ failure: { code: 'attachment.not-an-image' } });
  expect(await attach('photo', new Uint8Array())).toMatchObject({ failure: { code: 'attachment.not-an-image' } });
});

test('attachments of a closed visit stay; content elsewhere or damaged is told apart', async () => {
  const made = await attach('photo');
  if (!made.ok) throw new Error('not kept');
  const { attachmentId } = made.value;
  await replica.call('visits.skip', { visitId, reason: 'x' });
  expect(await replica.call('visits.detach', { attachmentId })).toMatchObject({ failure: { code: 'visit.closed' } });
  const read = (attachment: string) => replica.call('attachments.read', { attachmentId: attachment });
  expect(await read('at-none')).toMatchObject({ failure: { code: 'attachment.unknown' } });
  replica.seed('attachment', 'at-far', { visit_id: visitId, kind: 'photo', sha256: 'f'.repeat(64), mime: 'image/png' });
  expect(await read('at-far')).toMatchObject({ failure: { code: 'attachment.elsewhere' } });
  replica.replica.transaction((writer) => writer.command('UPDATE blob SET content = ?').run(Uint8Array.from([1])));
  expect(await read(attachmentId)).toMatchObject({ failure: { code: 'attachment.damaged' } });
});

test.each([
  ['2026-11-21', 1, '2026-12-21'],
  ['2026-11-30', 3, '2027-02-28'],
  ['2027-11-30', 3, '2028-02-29'],
  ['2026-12-31', 6, '2027-06-30'],
])('%s and %i months is %s', (day, months, later) => expect(monthsLater(day, months)).toBe(later));
