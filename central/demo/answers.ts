import type { VisitKind } from '../../shared/contract/views.ts';
import { questionsFor, type AskedQuestion, type KnownValues } from '../../shared/domain/questions.ts';
import { addDays } from './calendar.ts';
import type { DrawnHousehold } from './community.ts';
import type { Random } from './random.ts';
import { demoRow, type DemoRow } from './rows.ts';

/** Yes-or-no questions that are mostly answered with yes. */
const mostlyYes: ReadonlySet<string> = new Set(['subsidy-received']);

/** What a worker would have written down, or null for a question left open. */
function answer(random: Random, { question, prefilled }: AskedQuestion, day: string): string | null {
  if (prefilled !== null) return prefilled;
  switch (question.input) {
    case 'yes-no-unknown': {
      const usual = mostlyYes.has(question.key) ? 'yes' : 'no';
      return random.chance(0.9) ? usual : usual === 'yes' ? 'no' : 'yes';
    }
    case 'choice':
      // Cubed, so that the first option, which mostly says that all is well, is by far the commonest.
      return question.options[Math.floor(random.next() ** 3 * question.options.length)] ?? null;
    case 'date':
      return addDays(day, -random.between(30, 900));
    case 'money':
    case 'text':
    case 'phone':
      return null;
  }
}

/** Answers of a finished visit, to the questions that its kind really asks these people. */
export function drawAnswers(
  random: Random,
  visit: { readonly id: string; readonly area: string; readonly kind: VisitKind; readonly on: string },
  household: DrawnHousehold,
): DemoRow<'visit_answer'>[] {
  const known = (values: object): KnownValues => values as KnownValues;
  const members = household.people.map(({ id, person }) => ({ id, values: known(person.values) }));
  const asked = questionsFor(visit.kind, { id: household.id, values: known(household.values) }, members, visit.on);
  return asked.flatMap((one) => {
    const value = answer(random, one, visit.on);
    if (value === null) return [];
    const suffix = one.residentId === null ? '' : `.${one.residentId}`;
    return [
      demoRow('visit_answer', `${visit.id}.${one.question.key}${suffix}`, visit.area, {
        visit_id: visit.id,
        question: one.question.key,
        resident_id: one.residentId,
        value,
        prefilled: one.prefilled,
        origin: one.prefilled === null ? 'typed' : 'prefilled',
      }),
    ];
  });
}
