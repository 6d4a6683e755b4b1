import type { Reader } from './database.ts';
import { findLiveRow, select, selectOne, selectRows, type EntityRow } from './decoding.ts';

/** A day's route is a few dozen doors; a backlog of a year must not freeze the morning. */
const mostVisitsOfADay = 300;

export const findVisit = (reader: Reader, id: string): EntityRow<'visit'> | undefined =>
  findLiveRow(reader, 'visit', id);

/**
 * Visits of one person's day: planned for it, overdue and not closed, or closed during it.
 * @param from first instant of the civil day at UTC+8
 * @param until first instant of the next one
 */
export function visitsOfDay(
  reader: Reader,
  worker: string,
  day: string,
  from: string,
  until: string,
): readonly EntityRow<'visit'>[] {
  // Three index walks instead of one OR: each by an index of its own.
  return selectRows(
    reader,
    'visit',
    `WHERE t.id IN (
       SELECT id FROM visit INDEXED BY visit_planned WHERE planned_on = ?
       UNION ALL SELECT id FROM visit INDEXED BY visit_open WHERE state IN ('planned', 'started') AND planned_on < ?
       UNION ALL SELECT id FROM visit INDEXED BY visit_ended WHERE ended_at >= ? AND ended_at < ?)
     AND t.deleted = 0 AND (t.worker_id = ? OR t.worker_id IS NULL)
     ORDER BY t.planned_on = ? DESC, t.planned_on DESC, t.id LIMIT ${String(mostVisitsOfADay)}`,
    day,
    day,
    from,
    until,
    worker,
    day,
  );
}

/** Latest visits of a household, newest first. */
export const visitsOfHousehold = (reader: Reader, householdId: string, limit = 20): readonly EntityRow<'visit'>[] =>
  selectRows(
    reader,
    'visit',
    'WHERE t.household_id = ? AND t.deleted = 0 ORDER BY t.planned_on DESC, t.id DESC LIMIT ?',
    householdId,
    limit,
  );

export const answersOf = (reader: Reader, visitId: string): readonly EntityRow<'visit_answer'>[] =>
  selectRows(reader, 'visit_answer', 'WHERE t.visit_id = ? AND t.deleted = 0 ORDER BY t.id LIMIT 2000', visitId);

/** Answers of the household's last finished visit before this one: what the next visit is pre-filled from. */
export function lastAnswers(
  reader: Reader,
  visit: EntityRow<'visit'>,
): {
  readonly at: string | null;
  readonly answers: readonly EntityRow<'visit_answer'>[];
} {
  const last = selectOne<{ id: string; ended_at: string | null }>(
    reader,
    `SELECT id, ended_at FROM visit WHERE household_id = ? AND id <> ? AND state = 'done' AND deleted = 0
      ORDER BY ended_at DESC, planned_on DESC LIMIT 1`,
    visit.values.household_id,
    visit.id,
  );
  if (last === undefined) return { at: null, answers: [] };
  return { at: last.ended_at, answers: answersOf(reader, last.id) };
}

/** Unsent changes by the visit they were made in. */
export function waitingByVisit(reader: Reader): ReadonlyMap<string, number> {
  const lines = select<{ visit: string; waiting: number }>(
    reader,
    `SELECT json_extract(body, '$.reason.visit') AS visit, COUNT(*) AS waiting FROM outbox
      WHERE state IN ('waiting', 'sent') AND json_extract(body, '$.reason.visit') IS NOT NULL GROUP BY 1`,
  );
  return new Map(lines.map((line) => [line.visit, line.waiting]));
}
