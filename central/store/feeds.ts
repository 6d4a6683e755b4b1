import type { Queryable, Transaction } from './database.ts';

/** One medical bill as settled (医保结算). Money in fen. */
export interface Settlement {
  /** Row id of the resident. */
  readonly resident: string;
  /** Civil day. */
  readonly on: string;
  readonly institution: string;
  /** The department's own number, or empty. */
  readonly serial: string;
  readonly totalFen: number;
  readonly selfPaidFen: number;
}

/** Keeps settlements; those that are here already change nothing. */
export async function addSettlements(
  transaction: Transaction,
  county: string,
  settlements: readonly Settlement[],
): Promise<void> {
  if (settlements.length === 0) return;
  await transaction.query(
    `INSERT INTO settlement (county, resident, settled_on, institution, serial, total_fen, self_paid_fen)
     SELECT $1, s.* FROM json_to_recordset($2::json)
       AS s(resident text, "on" date, institution text, serial text, "totalFen" bigint, "selfPaidFen" bigint)
     ON CONFLICT DO NOTHING`,
    [county, JSON.stringify(settlements)],
  );
}

/** What somebody paid himself over a span of days. */
export interface SelfPaid {
  readonly resident: string;
  readonly fen: number;
  readonly count: number;
  readonly firstOn: string;
  readonly lastOn: string;
  /** Institution of the last settlement. */
  readonly lastAt: string;
}

/** Sums of self-paid cost by resident, from the day after `after` to `until` included. */
export async function selfPaidOf(
  transaction: Transaction,
  county: string,
  residents: readonly string[],
  after: string,
  until: string,
): Promise<SelfPaid[]> {
  const { rows } = await transaction.query<{
    resident: string;
    fen: string;
    count: number;
    first_on: string;
    last_on: string;
    last_at: string;
  }>(
    `SELECT resident, sum(self_paid_fen)::text AS fen, count(*)::int AS count,
            min(settled_on)::text AS first_on, max(settled_on)::text AS last_on,
            (array_agg(institution ORDER BY settled_on DESC, institution))[1] AS last_at
     FROM settlement
     WHERE county = $1 AND resident = ANY($2::text[]) AND settled_on > $3::date AND settled_on <= $4::date
     GROUP BY resident ORDER BY resident`,
    [county, residents, after, until],
  );
  return rows.map((row) => ({
    resident: row.resident,
    fen: Number(row.fen),
    count: row.count,
    firstOn: row.first_on,
    lastOn: row.last_on,
    lastAt: row.last_at,
  }));
}

/** Lets go of settlements that no sum needs any more. */
export async function forgetSettlements(queryable: Queryable, county: string, until: string): Promise<void> {
  await queryable.query('DELETE FROM settlement WHERE county = $1 AND settled_on <= $2::date', [county, until]);
}

/** Where a resident lives now: resident -> household. Of several memberships the last one begun counts. */
export async function householdsOf(
  transaction: Transaction,
  county: string,
  residents: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await transaction.query<{ resident: string; household: string }>(
    `SELECT DISTINCT ON (data ->> 'resident_id') data ->> 'resident_id' AS resident, data ->> 'household_id' AS household
     FROM record
     WHERE county = $1 AND entity = 'membership' AND NOT deleted AND data ->> 'resident_id' = ANY($2::text[])
       AND data ->> 'until' IS NULL AND data ->> 'household_id' IS NOT NULL
     ORDER BY data ->> 'resident_id', data ->> 'since' DESC NULLS LAST, id`,
    [county, residents],
  );
  return new Map(rows.map((row) => [row.resident, row.household]));
}

/** Ids of all proposals about some rows, decided ones too, from any source. */
export async function proposalsAbout(
  transaction: Transaction,
  county: string,
  subjects: readonly string[],
): Promise<string[]> {
  const { rows } = await transaction.query<{ id: string }>(
    `SELECT id FROM record
     WHERE county = $1 AND entity = 'proposal' AND NOT deleted AND data ->> 'subject_id' = ANY($2::text[]) ORDER BY id`,
    [county, subjects],
  );
  return rows.map((row) => row.id);
}
