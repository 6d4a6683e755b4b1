import type { FieldValue } from '../../shared/domain/values.ts';
import type { Database } from '../store/database.ts';
import { addSettlements } from '../store/feeds.ts';
import { addDistrict, addDivisions, addMembers } from '../store/people.ts';
import { bulkLoad, type LoadRow } from '../store/records.ts';
import { civilDayInChina } from './calendar.ts';
import { drawDistrict } from './district.ts';
import { seededRandom } from './random.ts';
import type { DemoRow } from './rows.ts';
import { drawSettlements } from './settlements.ts';

export interface CreateDistrictOptions {
  /** People in all, 500 to 200,000. */
  readonly residents: number;
  /** Same seed and day, same district. */
  readonly seed?: string;
  /** Civil day of the story; the present one at UTC+8 unless told. */
  readonly today?: string;
  /** Days a device may work without the centre; 14 unless told. */
  readonly leaseDays?: number;
}

export interface DistrictReport {
  readonly county: string;
  readonly communities: number;
  readonly divisions: number;
  readonly residents: number;
  readonly rows: number;
}

/** Seed of the district that `npm start` shows. */
export const defaultSeed = 'doorstep';

/** What is not known is left out: absent and null say the same, and the database stays small. */
function loadRow(row: DemoRow): LoadRow {
  const values: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries<FieldValue>(row.values)) if (value !== null) values[name] = value;
  return { entity: row.entity, id: row.id, area: row.area, values };
}

/**
 * Fills an empty database with the demonstration district: 99 divisions, people, households, visits, waiting changes, staff.
 * All of it in one transaction: a half-made district is never seen.
 * @param progress told after each community: residents so far, and in all
 * @throws when the county exists already or a device is enrolled
 */
export async function createDistrict(
  database: Database,
  options: CreateDistrictOptions,
  progress: (done: number, total: number) => void = () => undefined,
): Promise<DistrictReport> {
  const { residents, seed = defaultSeed, today = civilDayInChina(new Date()), leaseDays = 14 } = options;
  const district = drawDistrict({ residents, seed, today });
  // One attempt: the rows are drawn while they are loaded, and a second run could not lose a race that it started.
  const report = await database.write(async (transaction) => {
    await addDistrict(transaction, { county: district.county, name: district.name, demonstration: true, leaseDays });
    await addDivisions(
      transaction,
      district.divisions.map((area) => ({ ...area, parent: area.code.slice(0, 9) })),
    );
    await addMembers(transaction, district.county, district.staff.members);
    let rows = 0;
    let done = 0;
    for (const community of district.communities()) {
      await bulkLoad(transaction, community.rows.map(loadRow));
      const random = seededRandom(`${seed}/${community.area.code}/settlements`);
      await addSettlements(transaction, district.county, drawSettlements(random, community.rows, today));
      rows += community.rows.length;
      done += community.residents;
      progress(done, residents);
    }
    return {
      county: district.county,
      communities: district.populated.length,
      divisions: district.divisions.length,
      residents,
      rows,
    };
  }, 1);
  // A planner that knows nothing of a table just filled reads it from end to end.
  await database.query('ANALYZE record, settlement');
  return report;
}
