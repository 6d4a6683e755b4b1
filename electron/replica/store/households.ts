import type { Reader } from './database.ts';
import { findLiveRow, select, selectOne, selectRows, type EntityRow } from './decoding.ts';

/** One person behind a door, with his relation to the householder. */
export interface Member {
  readonly resident: EntityRow<'resident'>;
  readonly relation: string | null;
}

/** A household may hold a few dozen people (a hostel); more is a data error that must not freeze a screen. */
const mostMembers = 100;

export const findHousehold = (reader: Reader, id: string): EntityRow<'household'> | undefined =>
  findLiveRow(reader, 'household', id);

/** People who live there today: memberships without an end, or with one still to come. Householder first, then by age. */
export function membersOf(reader: Reader, householdId: string, today: string): readonly Member[] {
  const residents = selectRows(
    reader,
    'resident',
    `JOIN membership m ON m.resident_id = t.id AND m.deleted = 0 AND (m.until IS NULL OR m.until > ?)
     JOIN household h ON h.id = m.household_id
    WHERE m.household_id = ? AND t.deleted = 0
    ORDER BY t.id <> COALESCE(h.householder_id, ''), t.birth_date IS NULL, t.birth_date, t.id LIMIT ${String(mostMembers)}`,
    today,
    householdId,
  );
  const relations = new Map(
    select<{ resident_id: string; relation: string | null }>(
      reader,
      'SELECT resident_id, relation FROM membership WHERE household_id = ? AND deleted = 0 AND (until IS NULL OR until > ?)',
      householdId,
      today,
    ).map((line) => [line.resident_id, line.relation]),
  );
  const seen = new Set<string>();
  return residents
    .filter((resident) => !seen.has(resident.id) && seen.add(resident.id))
    .map((resident) => ({ resident, relation: relations.get(resident.id) ?? null }));
}

/** Name of the person who answers for the household, or of its eldest member, or nothing. */
export function householderName(reader: Reader, householdId: string): string {
  const found = selectOne<{ name: string | null }>(
    reader,
    `SELECT r.name FROM household h JOIN resident r ON r.id = h.householder_id AND r.deleted = 0 WHERE h.id = ?
     UNION ALL
     SELECT name FROM (SELECT r.name FROM membership m JOIN resident r ON r.id = m.resident_id AND r.deleted = 0
      WHERE m.household_id = ? AND m.deleted = 0 AND m.until IS NULL ORDER BY r.birth_date LIMIT 1)
     LIMIT 1`,
    householdId,
    householdId,
  );
  return found?.name ?? '';
}

/** Where a person lives today, the latest membership first. */
export function householdOf(
  reader: Reader,
  residentId: string,
  today: string,
): { readonly householdId: string; readonly relation: string | null } | undefined {
  const line = selectOne<{ household_id: string; relation: string | null }>(
    reader,
    `SELECT m.household_id, m.relation FROM membership m JOIN household h ON h.id = m.household_id AND h.deleted = 0
      WHERE m.resident_id = ? AND m.deleted = 0 AND (m.until IS NULL OR m.until > ?)
      ORDER BY m.since IS NULL, m.since DESC, m.id LIMIT 1`,
    residentId,
    today,
  );
  return line === undefined ? undefined : { householdId: line.household_id, relation: line.relation };
}
