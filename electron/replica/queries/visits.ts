import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import { VisitView } from '../../../shared/contract/views.ts';
import { fail, ok } from '../../../shared/result.ts';
import type { Context } from '../commands/writing.ts';
import { attachmentsOf } from '../store/attachments.ts';
import type { EntityRow } from '../store/decoding.ts';
import { latestWorkIn } from '../store/field-facts.ts';
import { findHousehold, membersOf } from '../store/households.ts';
import { openProposalsOfHousehold, proposalsDecidedIn } from '../store/proposals.ts';
import { findVisit, waitingByVisit } from '../store/visits.ts';
import { attachmentViews } from './attachments.ts';
import { visitCard } from './cards.ts';
import { openConflictsOf } from './conflicts.ts';
import { householdView, startOfDay } from './households.ts';
import { proposalView } from './proposals.ts';
import { knownQuestions, questionViews, type KnownQuestion } from './questions.ts';

const mostProposals = 200;

/** Required questions that have neither an answer nor a suggestion to accept. */
export const unanswered = (questions: readonly KnownQuestion[]): readonly KnownQuestion[] =>
  questions.filter(({ asked, answer, prefilled }) => asked.question.required && answer === null && prefilled === null);

/**
 * What keeps a visit from being finished: a grave change nobody decided or put off, a required question without answer or
 * suggestion, no signature (which a reason can stand in for).
 */
export function missingIn(
  context: Context,
  visit: EntityRow<'visit'>,
  questions: readonly KnownQuestion[],
): VisitView['missing'] {
  const { reader } = context;
  const missing: VisitView['missing'] = [];
  const grave = openProposalsOfHousehold(reader, visit.values.household_id ?? '', mostProposals).some(
    ({ values }) => values.grade === 'R' && values.state === 'pending',
  );
  if (grave) missing.push('proposals');
  if (unanswered(questions).length > 0) missing.push('answers');
  if (!attachmentsOf(reader, visit.id).some(({ values }) => values.kind === 'signature')) missing.push('signature');
  return missing;
}

const modes = VisitView.shape.mode;

function open(context: Context, input: ParsedInput<'visits.open'>): CallOutput<'visits.open'> {
  const { reader } = context;
  const visit = findVisit(reader, input.visitId);
  const household =
    visit === undefined || visit.values.household_id === null
      ? undefined
      : findHousehold(reader, visit.values.household_id);
  if (visit === undefined || household === undefined) return fail('visit.unknown', 'reload');
  const { values } = visit;
  const questions = knownQuestions(context, visit, household);
  const closed = values.state === 'done' || values.state === 'skipped';
  const people = membersOf(reader, household.id, context.today());
  return ok({
    card: visitCard(context, visit, waitingByVisit(reader)),
    household: householdView(context, household, values.started_at ?? startOfDay(context.today())),
    proposals: [
      ...openProposalsOfHousehold(reader, household.id, mostProposals),
      ...proposalsDecidedIn(reader, visit.id),
    ].map((row) => proposalView(context, row)),
    questions: questionViews(questions),
    attachments: attachmentViews(context, visit.id),
    summary: values.summary,
    mode: modes.safeParse(values.mode).data ?? 'at-door',
    located: values.located,
    savedAt: latestWorkIn(reader, visit.id),
    missing: closed ? [] : missingIn(context, visit, questions),
    conflicts: [
      ...openConflictsOf(context, 'visit', visit.id),
      ...openConflictsOf(context, 'household', household.id),
      ...people.flatMap(({ resident }) => openConflictsOf(context, 'resident', resident.id)),
    ],
  });
}

export const visitQueries = { 'visits.open': open };
