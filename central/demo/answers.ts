import type { VisitKind } from '../../shared/contract/views.ts';
import type { DrawnHousehold } from './community.ts';
import type { Random } from './random.ts';
import { demoRow, type DemoRow } from './rows.ts';

interface Question {
  readonly key: string;
  readonly kinds: readonly VisitKind[] | 'all';
  /** Most likely answer first; each further one is rarer. */
  readonly answers: readonly string[];
}

const questions: readonly Question[] = [
  { key: 'health_today', kinds: 'all', answers: ['good', 'fair', 'poor'] },
  { key: 'gas_safe', kinds: 'all', answers: ['yes', 'no'] },
  { key: 'meals_regular', kinds: ['elder'], answers: ['yes', 'no'] },
  { key: 'income_changed', kinds: ['relief'], answers: ['no', 'yes'] },
  { key: 'school_attending', kinds: ['child'], answers: ['yes', 'no'] },
  { key: 'care_sufficient', kinds: ['disabled'], answers: ['yes', 'no'] },
  { key: 'stays_long', kinds: ['new-arrival'], answers: ['yes', 'no'] },
  { key: 'needs', kinds: 'all', answers: ['无', '希望办理医疗救助', '希望安装扶手'] },
];

/** Answers of a finished visit, as its worker gave them. */
export function drawAnswers(
  random: Random,
  visitId: string,
  area: string,
  kind: VisitKind,
  household: DrawnHousehold,
): DemoRow<'visit_answer'>[] {
  if (household.people.length === 0) return [];
  return questions
    .filter((question) => question.kinds === 'all' || question.kinds.includes(kind))
    .map((question) => {
      // Squared, so that the first answer is by far the commonest.
      const value = question.answers[Math.floor(random.next() ** 2 * question.answers.length)] ?? null;
      return demoRow('visit_answer', `${visitId}.${question.key}`, area, {
        visit_id: visitId,
        question: question.key,
        resident_id: null,
        value,
        prefilled: null,
        origin: 'typed',
      });
    });
}
