import type { SyncStatus } from '../../../shared/contract/views.ts';
import { countUploads } from './blobs.ts';
import { heldAreas } from './areas.ts';
import { readMeta } from './meta.ts';
import { countRejected, countWaiting } from './outbox.ts';
import type { Reader } from './sqlite.ts';

/** The part of the exchange's state that the replica holds. */
export type SyncState = Pick<
  SyncStatus,
  'load' | 'waiting' | 'waitingFiles' | 'rejected' | 'conflicts' | 'lastSuccess' | 'areas'
>;

/** Where a replica stands that is not open. */
export const closedSyncStatus: SyncStatus = {
  phase: 'idle',
  online: false,
  load: { done: 0, total: 0, areasDone: 0, areas: 0, complete: false },
  waiting: 0,
  waitingFiles: 0,
  rejected: 0,
  conflicts: 0,
  lastSuccess: null,
  nextTry: null,
  bytesUp: 0,
  bytesDown: 0,
  rowsPulled: 0,
  problem: null,
  areas: [],
};

/** Open conflicts of the centre, and clashes between pulled values and unsent work. */
const countConflicts = (reader: Reader): number =>
  reader
    .prepare<{ n: number }>(
      `SELECT (SELECT count(*) FROM conflict WHERE state = 'open' AND deleted = 0)
        + (SELECT count(*) FROM pending WHERE received_version > base_version AND received_value <> base_value
            AND received_value <> mine) AS n`,
      'sync-state.conflicts',
    )
    .get()?.n ?? 0;

export function readSyncState(reader: Reader): SyncState {
  const areas = heldAreas(reader);
  const whole = areas.filter((area) => area.state === 'whole').length;
  const lastSuccess = readMeta(reader, 'last_success') ?? null;
  const sum = (number: (area: (typeof areas)[number]) => number): number =>
    areas.reduce((total, area) => total + number(area), 0);
  return {
    load: {
      done: sum((area) => area.loaded),
      total: sum((area) => Math.max(area.total, area.loaded)),
      areasDone: whole,
      areas: areas.length,
      // Before the first session nobody knows which areas there will be.
      complete: whole === areas.length && (areas.length > 0 || lastSuccess !== null),
    },
    waiting: countWaiting(reader),
    waitingFiles: countUploads(reader),
    rejected: countRejected(reader),
    conflicts: countConflicts(reader),
    lastSuccess,
    areas: areas.map((area) => ({
      code: area.code,
      name: area.name,
      rows: area.state === 'whole' ? area.rows : area.loaded,
      complete: area.state === 'whole',
      checkedAt: area.checkedAt,
    })),
  };
}
