import type { CallOutput, ParsedInput } from '../../../shared/contract/calls.ts';
import { VisitKind, VisitState, type HouseholdView, type MemberView } from '../../../shared/contract/views.ts';
import { ageIfKnown } from '../../../shared/domain/age.ts';
import { flagsOf } from '../../../shared/domain/flags.ts';
import { fail, ok } from '../../../shared/result.ts';
import type { Context } from '../commands/writing.ts';
import { placeOfHousehold } from '../store/addresses.ts';
import type { EntityRow } from '../store/decoding.ts';
import { findHousehold, householderName, membersOf, type Member } from '../store/households.ts';
import { countDecidedAbout, countPendingAbout } from '../store/proposals.ts';
import { visitsOfHousehold } from '../store/visits.ts';
import { authorOf } from '../store/workers.ts';
import { fieldViews } from './field-views.ts';

/** Reads a visit's kind; one this build does not know is an unplanned visit to it. */
export const kindOf = (kind: string | null): VisitKind => VisitKind.safeParse(kind).data ?? 'ad-hoc';
export const stateOf = (state: string | null): VisitState => VisitState.safeParse(state).data ?? 'planned';

/** @param decidedSince decisions from then on are counted beside the name: the visit's start, or the day's */
function memberView(
  context: Context,
  household: EntityRow<'household'>,
  member: Member,
  decidedSince: string,
): MemberView {
  const { resident, relation } = member;
  return {
    id: resident.id,
    name: resident.values.name ?? '',
    sex: resident.values.sex,
    age: ageIfKnown(resident.values.birth_date, context.today()),
    relation,
    isHouseholder: household.values.householder_id === resident.id,
    deceased: resident.values.living_status === 'deceased',
    tags: [...(resident.values.tags ?? [])],
    pending: countPendingAbout(context.reader, resident.id),
    decided: countDecidedAbout(context.reader, resident.id, decidedSince),
  };
}

export function householdView(
  context: Context,
  household: EntityRow<'household'>,
  decidedSince: string,
): HouseholdView {
  const { reader } = context;
  const today = context.today();
  const members = membersOf(reader, household.id, today);
  return {
    id: household.id,
    area: household.area,
    place: placeOfHousehold(reader, household.id),
    householder: householderName(reader, household.id),
    fields: fieldViews(context, household),
    members: members.map((member) => memberView(context, household, member, decidedSince)),
    flags: flagsOf(
      household.values,
      members.map(({ resident }) => resident.values),
      today,
    ),
    visits: visitsOfHousehold(reader, household.id).map(({ id, values }) => ({
      id,
      kind: kindOf(values.kind),
      state: stateOf(values.state),
      plannedOn: values.planned_on ?? today,
      endedAt: values.ended_at,
      by: values.worker_id === null ? null : authorOf(reader, values.worker_id, context.person.id),
      summary: values.summary,
    })),
  };
}

/** First instant of a civil day at UTC+8. */
export const startOfDay = (day: string): string => new Date(`${day}T00:00:00+08:00`).toISOString();

export const householdQueries = {
  'households.open': (context: Context, input: ParsedInput<'households.open'>): CallOutput<'households.open'> => {
    const household = findHousehold(context.reader, input.householdId);
    if (household === undefined) return fail('household.unknown', 'reload');
    return ok(householdView(context, household, startOfDay(context.today())));
  },
};
