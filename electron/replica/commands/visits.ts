import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import type { VisitKind } from '../../../shared/contract/views.ts';
import { fieldFromAnswer, readAnswer } from '../../../shared/domain/questions.ts';
import type { Source } from '../../../shared/domain/sources.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import { fail, ok } from '../../../shared/result.ts';
import type { Reason } from '../../../shared/sync/delta.ts';
import { kindOf, startOfDay } from '../queries/households.ts';
import { answerId, knownQuestions, shownAnswer, type KnownQuestion } from '../queries/questions.ts';
import { missingIn } from '../queries/visits.ts';
import { findRow, valueOf, type EntityRow } from '../store/decoding.ts';
import { findHousehold } from '../store/households.ts';
import { findVisit } from '../store/visits.ts';
import type { AuditNote, Change, Context } from './writing.ts';

type Visit = EntityRow<'visit'>;

export const isClosed = (visit: Visit): boolean => visit.values.state === 'done' || visit.values.state === 'skipped';

const byVisit = (visitId: string): Reason => ({ kind: 'visit', visit: visitId });

/** How the talk was held decides what an answer is worth: at the door it was seen, on the phone it was told. */
function sourceOf(visit: Visit): Source {
  if (visit.values.mode === 'neighbour') return 'hearsay';
  return visit.values.mode === 'phone' || visit.values.mode === 'video' ? 'phone-call' : 'visit';
}

const visitChange = (visit: Visit, fields: Record<string, FieldValue>): Change => ({
  entity: 'visit',
  row: visit.id,
  op: 'update',
  area: visit.area,
  fields,
  source: 'visit',
  reason: byVisit(visit.id),
});

/** Work on a planned visit starts it: nobody answers a question before he has knocked. */
function started(context: Context, visit: Visit): Record<string, FieldValue> {
  if (visit.values.state !== 'planned') return {};
  return { state: 'started', started_at: context.now(), worker_id: visit.values.worker_id ?? context.person.id };
}

function save(
  context: Context,
  changes: readonly Change[],
  audit: AuditNote,
): { ok: true; value: { waiting: number } } {
  return ok({ waiting: context.write(changes, audit).waiting });
}

function start(context: Context, input: ParsedInput<'visits.start'>): CallOutput<'visits.start'> {
  const visit = findVisit(context.reader, input.visitId);
  if (visit === undefined) return fail('visit.unknown', 'reload');
  if (isClosed(visit)) return fail('visit.closed', 'reload');
  return save(context, [visitChange(visit, started(context, visit))], { action: 'visits.start', subject: visit.id });
}

function answerRow(
  visit: Visit,
  known: KnownQuestion,
  value: string | null,
  origin: 'prefilled' | 'corrected' | 'typed' | null,
): Change {
  const { question, residentId } = known.asked;
  return {
    entity: 'visit_answer',
    row: answerId(visit.id, question.key, residentId),
    op: 'create',
    area: visit.area,
    fields: {
      visit_id: visit.id,
      question: question.key,
      resident_id: residentId,
      value,
      prefilled: known.prefilled,
      origin,
    },
    source: sourceOf(visit),
    reason: byVisit(visit.id),
  };
}

/** The field behind a question follows its answer. */
function fieldChange(context: Context, visit: Visit, known: KnownQuestion, value: string | null): Change[] {
  const { from, question } = known.asked;
  if (from === null) return [];
  const row = findRow(context.reader, from.entity, from.row);
  if (row === undefined || row.deleted) return [];
  const write = fieldFromAnswer(question, value, valueOf(row, from.field));
  if (write === null) return [];
  return [
    {
      entity: write.entity,
      row: row.id,
      op: 'update',
      area: row.area,
      fields: { [write.field]: write.value },
      source: sourceOf(visit),
      reason: byVisit(visit.id),
    },
  ];
}

function answer(context: Context, input: ParsedInput<'visits.answer'>): CallOutput<'visits.answer'> {
  const visit = findVisit(context.reader, input.visitId);
  const household =
    visit === undefined || visit.values.household_id === null
      ? undefined
      : findHousehold(context.reader, visit.values.household_id);
  if (visit === undefined || household === undefined) return fail('visit.unknown', 'reload');
  if (isClosed(visit)) return fail('visit.closed', 'reload');
  const known = knownQuestions(context, visit, household).find(
    ({ asked }) => asked.question.key === input.question && asked.residentId === input.residentId,
  );
  if (known === undefined) return fail('answer.invalid', 'correct');
  // A masked suggestion sent back as it stands is the suggestion accepted.
  const accepted = input.value !== null && input.value === shownAnswer(known.asked, known.prefilled);
  const read = accepted ? ok(known.prefilled) : readAnswer(known.asked.question, input.value);
  if (!read.ok) return fail('answer.invalid', 'correct');
  const value = read.value;
  const suggestion = value === known.prefilled ? 'prefilled' : known.prefilled === null ? 'typed' : 'corrected';
  return save(
    context,
    [
      visitChange(visit, started(context, visit)),
      answerRow(visit, known, value, value === null ? null : suggestion),
      ...fieldChange(context, visit, known, value),
    ],
    { action: 'visits.answer', subject: visit.id, detail: input.question },
  );
}

function describe(context: Context, input: ParsedInput<'visits.describe'>): CallOutput<'visits.describe'> {
  const visit = findVisit(context.reader, input.visitId);
  if (visit === undefined) return fail('visit.unknown', 'reload');
  if (isClosed(visit)) return fail('visit.closed', 'reload');
  const fields: Record<string, FieldValue> = started(context, visit);
  if (input.summary !== undefined) fields['summary'] = input.summary === '' ? null : input.summary;
  if (input.mode !== undefined) fields['mode'] = input.mode;
  if (input.located !== undefined) fields['located'] = input.located;
  return save(context, [visitChange(visit, fields)], { action: 'visits.describe', subject: visit.id });
}

/** Days to the next visit by kind, where no local rule says more (domain facts, 2.1); children and elders monthly at least. */
const monthsUntilNext: Readonly<Record<VisitKind, number>> = {
  elder: 1,
  child: 1,
  disabled: 1,
  relief: 3,
  'new-arrival': 6,
  'after-change': 1,
  'ad-hoc': 1,
};

/** The same day some months later, or that month's last day. */
export function monthsLater(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

function finish(context: Context, input: ParsedInput<'visits.finish'>): CallOutput<'visits.finish'> {
  const { reader } = context;
  const visit = findVisit(reader, input.visitId);
  const household =
    visit === undefined || visit.values.household_id === null
      ? undefined
      : findHousehold(reader, visit.values.household_id);
  if (visit === undefined || household === undefined) return fail('visit.unknown', 'reload');
  if (isClosed(visit)) return fail('visit.closed', 'reload');
  const questions = knownQuestions(context, visit, household);
  const unsigned = input.unsignedReason?.trim() ?? '';
  const missing = missingIn(context, visit, questions).filter((what) => what !== 'signature' || unsigned === '');
  if (missing.length > 0) return fail('visit.incomplete', 'correct', { missing: missing.join(' ') });
  const today = context.today();
  const next = monthsLater(today, monthsUntilNext[kindOf(visit.values.kind)]);
  const signed = missingIn(context, visit, questions).length === 0;
  return save(
    context,
    [
      visitChange(visit, {
        ...started(context, visit),
        state: 'done',
        ended_at: context.now(),
        located: visit.values.located ?? true,
        // Why nobody signed is part of what happened; the visit has no other place for it.
        ...(signed ? {} : { skip_reason: unsigned }),
      }),
      // Suggestions nobody touched were on screen and left standing: they are this visit's answers.
      ...questions
        .filter(({ answer: given, prefilled }) => given === null && prefilled !== null)
        .map((known) => answerRow(visit, known, known.prefilled, 'prefilled')),
      {
        entity: 'household',
        row: household.id,
        op: 'update',
        area: household.area,
        fields: { last_visit_on: today, next_visit_on: next },
        source: 'visit',
        reason: byVisit(visit.id),
      },
    ],
    { action: 'visits.finish', subject: visit.id },
  );
}

function skip(context: Context, input: ParsedInput<'visits.skip'>): CallOutput<'visits.skip'> {
  const visit = findVisit(context.reader, input.visitId);
  if (visit === undefined) return fail('visit.unknown', 'reload');
  if (isClosed(visit)) return fail('visit.closed', 'reload');
  const fields = {
    state: 'skipped',
    skip_reason: input.reason,
    ended_at: context.now(),
    worker_id: visit.values.worker_id ?? context.person.id,
  };
  return save(context, [visitChange(visit, fields)], { action: 'visits.skip', subject: visit.id });
}

/** Closed today, by this person: then it can be taken up again. Later it is a record. */
function isReopenable(context: Context, visit: Visit): boolean {
  return (
    isClosed(visit) &&
    visit.values.worker_id === context.person.id &&
    (visit.values.ended_at ?? '') >= startOfDay(context.today())
  );
}

function reopen(context: Context, input: ParsedInput<'visits.reopen'>): CallOutput<'visits.reopen'> {
  const visit = findVisit(context.reader, input.visitId);
  if (visit === undefined) return fail('visit.unknown', 'reload');
  if (!isReopenable(context, visit)) return fail('visit.not-closed', 'reload');
  const state = visit.values.started_at === null ? 'planned' : 'started';
  return save(context, [visitChange(visit, { state, ended_at: null, skip_reason: null })], {
    action: 'visits.reopen',
    subject: visit.id,
  });
}

function unplanned(context: Context, input: ParsedInput<'visits.unplanned'>): CallOutput<'visits.unplanned'> {
  const household = findHousehold(context.reader, input.householdId);
  if (household === undefined) return fail('household.unknown', 'reload');
  const id = context.newId();
  context.write(
    [
      {
        entity: 'visit',
        row: id,
        op: 'create',
        area: household.area,
        fields: {
          household_id: household.id,
          kind: input.kind,
          planned_on: input.on,
          worker_id: context.person.id,
          state: 'planned',
          mode: 'at-door',
        },
        source: 'visit',
        reason: { kind: 'plan' },
      },
    ],
    { action: 'visits.unplanned', subject: id },
  );
  return ok({ visitId: id });
}

export const visitCommands = {
  'visits.start': start,
  'visits.answer': answer,
  'visits.describe': describe,
  'visits.finish': finish,
  'visits.skip': skip,
  'visits.reopen': reopen,
  'visits.unplanned': unplanned,
};
