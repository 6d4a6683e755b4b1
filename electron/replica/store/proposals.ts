import type { EntityName } from '../../../shared/domain/entities.ts';
import type { Reader } from './database.ts';
import { findLiveRow, selectOne, selectRows, type EntityRow } from './decoding.ts';

/*
 * `+state` keeps SQLite from walking all pending proposals where a subject or household narrows far better.
 */

export const findProposal = (reader: Reader, id: string): EntityRow<'proposal'> | undefined =>
  findLiveRow(reader, 'proposal', id);

/** Hardest first, then the one due first, then the latest observation. */
const tellingFirst = `CASE t.grade WHEN 'R' THEN 0 WHEN 'Y' THEN 1 ELSE 2 END, t.due_on IS NULL, t.due_on,
  t.observed_on DESC, t.id`;

/** Pending and put-off proposals, pending ones first. */
export const openProposals = (reader: Reader, limit: number): readonly EntityRow<'proposal'>[] =>
  selectRows(
    reader,
    'proposal',
    `WHERE t.state IN ('pending', 'later') AND t.deleted = 0 ORDER BY t.state = 'later', ${tellingFirst} LIMIT ?`,
    limit,
  );

export const openProposalsOfHousehold = (
  reader: Reader,
  householdId: string,
  limit: number,
): readonly EntityRow<'proposal'>[] =>
  selectRows(
    reader,
    'proposal',
    `WHERE t.household_id = ? AND +t.state IN ('pending', 'later') AND t.deleted = 0
      ORDER BY t.state = 'later', ${tellingFirst} LIMIT ?`,
    householdId,
    limit,
  );

/** What was decided during one visit, newest first. */
export const proposalsDecidedIn = (reader: Reader, visitId: string): readonly EntityRow<'proposal'>[] =>
  selectRows(
    reader,
    'proposal',
    `WHERE t.visit_id = ? AND +t.state IN ('confirmed', 'corrected', 'disputed') AND t.deleted = 0
      ORDER BY t.decided_at DESC, t.id LIMIT 200`,
    visitId,
  );

/** Proposals about one row, pending ones first, then the latest decisions. */
export const proposalsAbout = (reader: Reader, entity: EntityName, id: string): readonly EntityRow<'proposal'>[] =>
  selectRows(
    reader,
    'proposal',
    `WHERE t.subject_id = ? AND t.subject_entity = ? AND t.deleted = 0
      ORDER BY CASE t.state WHEN 'pending' THEN 0 WHEN 'later' THEN 1 ELSE 2 END, t.decided_at DESC, ${tellingFirst}
      LIMIT 50`,
    id,
    entity,
  );

const count = (reader: Reader, sql: string, ...parameters: readonly string[]): number =>
  selectOne<{ n: number }>(reader, sql, ...parameters)?.n ?? 0;

export const countPending = (reader: Reader): number =>
  count(reader, `SELECT COUNT(*) AS n FROM proposal WHERE state = 'pending' AND deleted = 0`);

export const countPendingAbout = (reader: Reader, subject: string): number =>
  count(
    reader,
    `SELECT COUNT(*) AS n FROM proposal WHERE subject_id = ? AND +state = 'pending' AND deleted = 0`,
    subject,
  );

export const countPendingOfHousehold = (reader: Reader, householdId: string): number =>
  count(
    reader,
    `SELECT COUNT(*) AS n FROM proposal WHERE household_id = ? AND +state = 'pending' AND deleted = 0`,
    householdId,
  );

/** Decisions about one person since a day (a visit's start), for the tick beside the name. */
export const countDecidedAbout = (reader: Reader, subject: string, since: string): number =>
  count(
    reader,
    `SELECT COUNT(*) AS n FROM proposal
      WHERE subject_id = ? AND +state IN ('confirmed', 'corrected', 'disputed') AND decided_at >= ? AND deleted = 0`,
    subject,
    since,
  );
