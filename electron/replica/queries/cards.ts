import type { VisitCard } from '../../../shared/contract/views.ts';
import { byTelling, expenseShare, flagsOf, householdMoney } from '../../../shared/domain/flags.ts';
import type { Context } from '../commands/writing.ts';
import { placeOfHousehold } from '../store/addresses.ts';
import type { EntityRow } from '../store/decoding.ts';
import { findHousehold, householderName, membersOf } from '../store/households.ts';
import { countPendingOfHousehold, openProposalsOfHousehold } from '../store/proposals.ts';
import { kindOf, stateOf } from './households.ts';
import { shown } from './masking.ts';
import { readProposal } from './proposals.ts';

/** A card names a few changes; the rest is a number. */
const changesOnCard = 6;
const changesLookedAt = 50;

function changesOf(context: Context, householdId: string): VisitCard['changes'] {
  return openProposalsOfHousehold(context.reader, householdId, changesLookedAt)
    .filter((row) => row.values.state === 'pending')
    .map((row) => ({ ...readProposal(context, row), id: row.id, observedOn: row.values.observed_on }))
    .sort(byTelling)
    .slice(0, changesOnCard)
    .map(({ entity, field, after, source, observedOn }) => ({
      field,
      after: shown(entity, field, after),
      source,
      observedOn,
    }));
}

/** One visit as a line of the route. */
export function visitCard(
  context: Context,
  visit: EntityRow<'visit'>,
  waiting: ReadonlyMap<string, number>,
): VisitCard {
  const { reader } = context;
  const today = context.today();
  const { values } = visit;
  const householdId = values.household_id ?? '';
  const household = findHousehold(reader, householdId);
  const members = membersOf(reader, householdId, today).map(({ resident }) => resident.values);
  return {
    id: visit.id,
    householdId,
    place: placeOfHousehold(reader, householdId),
    householder: householderName(reader, householdId),
    members: members.length,
    kind: kindOf(values.kind),
    reason: values.reason,
    state: stateOf(values.state),
    plannedOn: values.planned_on ?? today,
    startedAt: values.started_at,
    endedAt: values.ended_at,
    lastVisitOn: household?.values.last_visit_on ?? null,
    changes: changesOf(context, householdId),
    changeCount: countPendingOfHousehold(reader, householdId),
    flags: household === undefined ? [] : flagsOf(household.values, members, today),
    expenseShare: household === undefined ? null : expenseShare(householdMoney(household.values, members, today)),
    waiting: waiting.get(visit.id) ?? 0,
  };
}

const natural = new Intl.Collator('zh-CN', { numeric: true });

/** The way one walks: community, compound, building, unit, room; 2 before 12. */
export function byRoute(a: VisitCard, b: VisitCard): number {
  return (
    natural.compare(a.place.community, b.place.community) ||
    natural.compare(a.place.compound, b.place.compound) ||
    natural.compare(a.place.building, b.place.building) ||
    natural.compare(a.place.unit, b.place.unit) ||
    natural.compare(a.place.room, b.place.room) ||
    (a.id < b.id ? -1 : 1)
  );
}
