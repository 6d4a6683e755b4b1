import { CivilDate, type FieldValue } from './values.ts';
import { fieldSpec, type FieldType } from './entities.ts';
import { ageIfKnown } from './age.ts';
import { parsePhone } from './phone.ts';
import { fail, ok, type Result } from '../result.ts';
import { questionSets, type Question, type QuestionInput, type VisitKindName, type Whom } from './question-sets.ts';

export {
  questionByKey,
  questionKeys,
  questionSets,
  type Question,
  type QuestionInput,
  type VisitKindName,
} from './question-sets.ts';

/** A row's values by field name; a field that is absent is not known. */
export type KnownValues = Readonly<Record<string, FieldValue | readonly string[] | undefined>>;

/** A household or resident row, as far as questions need it. */
export interface AskedRow {
  readonly id: string;
  readonly values: KnownValues;
}

/** A question as it is put to one household or one person. */
export interface AskedQuestion {
  readonly question: Question;
  readonly residentId: string | null;
  /** From the field it stands on; null where nothing is known there or it is filled from the last answer. */
  readonly prefilled: string | null;
  /** The row and field to show the provenance of. */
  readonly from: { readonly entity: 'resident' | 'household'; readonly row: string; readonly field: string } | null;
}

/**
 * The questions of a visit in the order they are asked: the household's first, then each person's.
 * The deceased are asked nothing. A question without a field is filled from the last answer (`question.prefill` is
 * `last-answer`), which the caller looks up.
 */
export function questionsFor(
  kind: VisitKindName,
  household: AskedRow,
  members: readonly AskedRow[],
  today: string,
): AskedQuestion[] {
  const living = members.filter(({ values }) => values['living_status'] !== 'deceased');
  const asked: AskedQuestion[] = [];
  const people: AskedQuestion[] = [];
  for (const question of questionSets[kind]) {
    if (question.whom === 'household') {
      asked.push(prefill(question, null, 'household', household.id, household.values));
      continue;
    }
    for (const { id, values } of living) {
      if (isAsked(question.whom, values, today, id === household.values['householder_id']))
        people.push(prefill(question, id, 'resident', id, values));
    }
  }
  const order = new Map(living.map(({ id }, index) => [id, index]));
  // A person is asked everything before the next one is: that is how talks at a table go.
  people.sort((a, b) => (order.get(a.residentId ?? '') ?? 0) - (order.get(b.residentId ?? '') ?? 0));
  return [...asked, ...people];
}

function isAsked(whom: Exclude<Whom, 'household'>, values: KnownValues, today: string, isHead: boolean): boolean {
  const birthDate = values['birth_date'];
  const age = ageIfKnown(typeof birthDate === 'string' ? birthDate : null, today);
  switch (whom) {
    case 'everyone':
      return true;
    case 'householder':
      return isHead;
    case 'adults':
      return age === null || age >= 18;
    case 'elders':
      return age !== null && age >= 60;
    case 'children':
      return age !== null && age < 18;
    case 'disabled':
      return (values['disability_category'] ?? 'none') !== 'none';
  }
}

function prefill(
  question: Question,
  residentId: string | null,
  entity: 'resident' | 'household',
  row: string,
  values: KnownValues,
): AskedQuestion {
  if (question.field === null) return { question, residentId, prefilled: null, from: null };
  const value = values[question.field] ?? null;
  return { question, residentId, prefilled: answerFromField(value), from: { entity, row, field: question.field } };
}

/** A field's value as an answer's text: yes or no, a code, fen as a whole number, a list as its items with commas. */
export function answerFromField(value: FieldValue | readonly string[]): string | null {
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  // An empty set of hazards is a finding: none were seen.
  if (typeof value !== 'string') return value.length === 0 ? 'none' : value.length === 1 ? (value[0] ?? null) : null;
  return value === '' ? null : value;
}

/**
 * Checks an answer against its question and brings it to one spelling: money in whole fen, phones and dates as stored.
 * `null` takes an answer back.
 */
export function readAnswer(question: Question, answer: string | null): Result<string | null, 'answer.invalid'> {
  const text = answer?.trim() ?? '';
  if (text === '') return ok(null);
  switch (question.input) {
    case 'yes-no-unknown':
      return ['yes', 'no', 'unknown'].includes(text) ? ok(text) : fail('answer.invalid', 'correct');
    case 'choice':
      return question.options.includes(text) ? ok(text) : fail('answer.invalid', 'correct');
    case 'money':
      return /^\d{1,12}$/.test(text) ? ok(String(Number(text))) : fail('answer.invalid', 'correct');
    case 'date':
      return CivilDate.safeParse(text).success ? ok(text) : fail('answer.invalid', 'correct');
    case 'phone': {
      const phone = parsePhone(text);
      return phone.ok ? ok(phone.value.number) : fail('answer.invalid', 'correct');
    }
    case 'text':
      return text.length <= 2000 ? ok(text) : fail('answer.invalid', 'correct');
  }
}

/** A field that an answer writes as well. */
export interface FieldWrite {
  readonly entity: 'resident' | 'household';
  readonly field: string;
  readonly value: FieldValue;
}

/**
 * The field an answer updates, or null: no field stands behind the question, the answer says nothing ("unknown"), or the
 * field already says it. Owned fields never stand behind a question; departments hear of differences by a report.
 * @param answer as `readAnswer` gives it
 * @param current the field's value now; a set gains the answer and loses nothing
 */
export function fieldFromAnswer(
  question: Question,
  answer: string | null,
  current: FieldValue | readonly string[],
): FieldWrite | null {
  if (question.field === null || answer === null || answer === 'unknown') return null;
  const entity = question.whom === 'household' ? 'household' : 'resident';
  const spec = fieldSpec(entity, question.field);
  if (spec === undefined) throw new Error(`question ${question.key} stands on an unknown field`);
  if (answerFromField(current) === answer) return null;
  const value = valueOf(spec.type, question.input, answer, current);
  return value === undefined ? null : { entity, field: question.field, value };
}

function valueOf(
  type: FieldType,
  input: QuestionInput,
  answer: string,
  current: FieldValue | readonly string[],
): FieldValue | undefined {
  switch (type) {
    case 'boolean':
      return answer === 'yes';
    case 'fen':
    case 'integer':
      return input === 'money' ? Number(answer) : undefined;
    case 'list': {
      const known: readonly string[] = typeof current === 'object' && current !== null ? current : [];
      // "None" is said of what the visitor looked at today; what others found before stays until somebody takes it away.
      if (answer === 'none' || known.includes(answer)) return undefined;
      return [...known, answer];
    }
    default:
      return answer;
  }
}
