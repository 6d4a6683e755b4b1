import type { Reader } from './database.ts';
import { findLiveRow, select, type EntityRow } from './decoding.ts';

export const findResident = (reader: Reader, id: string): EntityRow<'resident'> | undefined =>
  findLiveRow(reader, 'resident', id);

/** What a line of a list needs, in one statement. */
export interface ResidentLineRow {
  readonly n: number;
  readonly id: string;
  readonly name: string | null;
  readonly sex: string | null;
  readonly birth_date: string | null;
  readonly id_no: string | null;
  readonly phone: string | null;
  readonly living_status: string | null;
  readonly tags: string | null;
  readonly household_id: string | null;
  readonly relation: string | null;
  readonly community: string | null;
  readonly compound: string | null;
  readonly building: string | null;
  readonly unit: string | null;
  readonly room: string | null;
  readonly proposals: number;
}

const lineSql = (where: string): string => `
  SELECT r.rowid AS n, r.id, r.name, r.sex, r.birth_date, r.id_no, r.phone, r.living_status, r.tags,
         m.household_id, m.relation, a.community, a.compound, a.building, a.unit, a.room,
         (SELECT COUNT(*) FROM proposal p WHERE p.subject_id = r.id AND +p.state = 'pending' AND p.deleted = 0) AS proposals
    FROM json_each(?) wanted
    CROSS JOIN resident r ON ${where}
    LEFT JOIN membership m ON m.id = (
      SELECT x.id FROM membership x WHERE x.resident_id = r.id AND x.deleted = 0 AND (x.until IS NULL OR x.until > ?)
       ORDER BY x.since IS NULL, x.since DESC, x.id LIMIT 1)
    LEFT JOIN household h ON h.id = m.household_id AND h.deleted = 0
    LEFT JOIN address a ON a.id = h.address_id AND a.deleted = 0
   WHERE r.deleted = 0
   ORDER BY wanted.key`;

const byNumber = lineSql('r.rowid = wanted.value');
const byId = lineSql('r.id = wanted.value');

/** Lines for row numbers of a window, in the window's order. */
export const linesByNumber = (reader: Reader, numbers: readonly number[], today: string): readonly ResidentLineRow[] =>
  select<ResidentLineRow>(reader, byNumber, JSON.stringify(numbers), today);

/** Lines for ids a search gave, in the order given; those not here are left out. */
export const linesById = (reader: Reader, ids: readonly string[], today: string): readonly ResidentLineRow[] =>
  select<ResidentLineRow>(reader, byId, JSON.stringify(ids), today);
