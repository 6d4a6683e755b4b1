import type { VisitCard } from '../../../shared/contract/views.ts';
import type { Reader } from './database.ts';
import { selectOne } from './decoding.ts';

export type Place = VisitCard['place'];

const nowhere: Place = { community: '', compound: '', building: '', unit: '', room: '' };

/** Address of a household in parts; empty parts where it is not known. */
export function placeOfHousehold(reader: Reader, householdId: string): Place {
  const parts = selectOne<{ [Part in keyof Place]: string | null }>(
    reader,
    `SELECT a.community, a.compound, a.building, a.unit, a.room
       FROM household h JOIN address a ON a.id = h.address_id AND a.deleted = 0
      WHERE h.id = ?`,
    householdId,
  );
  if (parts === undefined) return nowhere;
  return {
    community: parts.community ?? '',
    compound: parts.compound ?? '',
    building: parts.building ?? '',
    unit: parts.unit ?? '',
    room: parts.room ?? '',
  };
}
