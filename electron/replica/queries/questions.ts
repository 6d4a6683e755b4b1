import type { QuestionView } from '../../../shared/contract/views.ts';
import { fieldSpec } from '../../../shared/domain/entities.ts';
import { questionsFor, type AskedQuestion } from '../../../shared/domain/questions.ts';
import type { Context } from '../commands/writing.ts';
import type { EntityRow } from '../store/decoding.ts';
import { originsOf } from '../store/field-facts.ts';
import { membersOf } from '../store/households.ts';
import { answersOf, lastAnswers } from '../store/visits.ts';
import { kindOf } from './households.ts';
import { shown } from './masking.ts';

const origins = ['prefilled', 'corrected', 'typed'] as const;

/** A question of a visit with what is known: unmasked, for rules; `questionViews` masks it for the window. */
export interface KnownQuestion {
  readonly asked: AskedQuestion;
  readonly residentName: string | null;
  readonly prefilled: string | null;
  readonly prefilledFrom: QuestionView['prefilledFrom'];
  readonly answer: string | null;
  readonly origin: QuestionView['origin'];
}

/** Identity of an answer, so that two people answering one question meet. */
export const answerId = (visit: string, question: string, resident: string | null): string =>
  resident === null ? `${visit}.${question}` : `${visit}.${question}.${resident}`;

const place = (question: string | null, resident: string | null): string => `${question ?? ''}|${resident ?? ''}`;

/** Questions of a visit in the order they are asked. */
export function knownQuestions(
  context: Context,
  visit: EntityRow<'visit'>,
  household: EntityRow<'household'>,
): readonly KnownQuestion[] {
  const { reader } = context;
  const members = membersOf(reader, household.id, context.today()).map(({ resident }) => resident);
  const asked = questionsFor(kindOf(visit.values.kind), household, members, context.today());
  const names = new Map(members.map(({ id, values }) => [id, values.name ?? '']));
  const given = new Map(
    answersOf(reader, visit.id).map(({ values }) => [place(values.question, values.resident_id), values]),
  );
  const last = lastAnswers(reader, visit);
  const before = new Map(last.answers.map(({ values }) => [place(values.question, values.resident_id), values.value]));
  const known = new Map<string, ReturnType<typeof originsOf>>();
  const originOf = (from: NonNullable<AskedQuestion['from']>) => {
    const key = `${from.entity}/${from.row}`;
    const found = known.get(key) ?? originsOf(reader, from.entity, from.row);
    known.set(key, found);
    return found.get(from.field);
  };
  return asked.map((line) => {
    const key = place(line.question.key, line.residentId);
    const answer = given.get(key);
    const earlier = line.question.prefill === 'last-answer' ? (before.get(key) ?? null) : null;
    const origin = line.from === null ? undefined : originOf(line.from);
    // Once answered, what was suggested then is what counts: the field has followed the answer meanwhile.
    const prefilled = answer === undefined ? (line.prefilled ?? earlier) : answer.prefilled;
    const source =
      line.from !== null
        ? { source: origin?.source ?? null, at: origin?.at ?? null }
        : { source: 'visit' as const, at: last.at };
    return {
      asked: line,
      residentName: line.residentId === null ? null : (names.get(line.residentId) ?? null),
      prefilled,
      prefilledFrom: prefilled === null ? null : source,
      answer: answer?.value ?? null,
      origin: origins.find((name) => name === answer?.origin) ?? null,
    };
  });
}

/** A phone in an answer is hidden like the field it stands on. */
export function shownAnswer(asked: AskedQuestion, text: string | null): string | null {
  if (text === null || asked.from === null || fieldSpec(asked.from.entity, asked.from.field)?.mask === undefined)
    return text;
  const masked = shown(asked.from.entity, asked.from.field, text);
  return typeof masked === 'string' ? masked : null;
}

export const questionViews = (questions: readonly KnownQuestion[]): QuestionView[] =>
  questions.map(({ asked, residentName, prefilled, prefilledFrom, answer, origin }) => ({
    key: asked.question.key,
    residentId: asked.residentId,
    residentName,
    input: asked.question.input,
    options: [...asked.question.options],
    prefilled: shownAnswer(asked, prefilled),
    prefilledFrom,
    answer: shownAnswer(asked, answer),
    origin,
    required: asked.question.required,
  }));
