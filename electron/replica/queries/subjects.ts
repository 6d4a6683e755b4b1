import type { EntityName } from '../../../shared/domain/entities.ts';
import { placeText } from '../../../shared/domain/place.ts';
import { placeOfHousehold } from '../store/addresses.ts';
import type { Reader } from '../store/database.ts';
import { findRow } from '../store/decoding.ts';
import { householderName, householdOf } from '../store/households.ts';

/** What a change is about, in a person's words. */
export interface Subject {
  readonly entity: EntityName;
  readonly id: string;
  /** The resident's name, or the householder's; empty where the row is not here. */
  readonly name: string;
  readonly householdId: string | null;
  readonly placeText: string;
}

interface Bearings {
  readonly name: string;
  readonly householdId: string | null;
}

function residentBearings(reader: Reader, id: string, today: string): Bearings {
  const resident = findRow(reader, 'resident', id);
  return {
    name: resident?.values.name ?? '',
    householdId: householdOf(reader, id, today)?.householdId ?? null,
  };
}

const householdBearings = (reader: Reader, id: string | null): Bearings =>
  id === null ? { name: '', householdId: null } : { name: householderName(reader, id), householdId: id };

function bearings(reader: Reader, entity: EntityName, id: string, today: string): Bearings {
  switch (entity) {
    case 'resident':
      return residentBearings(reader, id, today);
    case 'household':
      return householdBearings(reader, id);
    case 'membership': {
      const line = findRow(reader, 'membership', id)?.values;
      const name = line?.resident_id ? residentBearings(reader, line.resident_id, today).name : '';
      return { name, householdId: line?.household_id ?? null };
    }
    case 'visit':
      return householdBearings(reader, findRow(reader, 'visit', id)?.values.household_id ?? null);
    case 'visit_answer': {
      const answer = findRow(reader, 'visit_answer', id)?.values;
      const visit = answer?.visit_id
        ? bearings(reader, 'visit', answer.visit_id, today)
        : householdBearings(reader, null);
      return answer?.resident_id ? { ...visit, name: residentBearings(reader, answer.resident_id, today).name } : visit;
    }
    case 'attachment': {
      const visit = findRow(reader, 'attachment', id)?.values.visit_id;
      return visit ? bearings(reader, 'visit', visit, today) : householdBearings(reader, null);
    }
    case 'proposal': {
      const proposal = findRow(reader, 'proposal', id)?.values;
      if (proposal?.subject_id === undefined || proposal.subject_id === null) return householdBearings(reader, null);
      const about = proposal.subject_entity === 'household' ? 'household' : 'resident';
      return bearings(reader, about, proposal.subject_id, today);
    }
    case 'organisation':
      return { name: findRow(reader, 'organisation', id)?.values.name ?? '', householdId: null };
    case 'worker':
      return { name: findRow(reader, 'worker', id)?.values.name ?? '', householdId: null };
    case 'address':
    case 'conflict':
      return { name: '', householdId: null };
  }
}

/** Finds name, household and place of any row a change can be about. */
export function subjectOf(reader: Reader, entity: EntityName, id: string, today: string): Subject {
  const { name, householdId } = bearings(reader, entity, id, today);
  const place = householdId === null ? '' : placeText(placeOfHousehold(reader, householdId));
  return { entity, id, name, householdId, placeText: place };
}
