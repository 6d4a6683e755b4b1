import { expect, test } from 'vitest';
import type { SyncStatus } from '../../shared/contract/views.ts';
import { isUsable, loadPercent, pillOf } from './pill.ts';

const quiet: SyncStatus = {
  phase: 'idle',
  online: true,
  load: { done: 10, total: 10, areasDone: 1, areas: 1, complete: true },
  waiting: 0,
  waitingFiles: 0,
  rejected: 0,
  conflicts: 0,
  lastSuccess: '2026-11-21T00:12:00.000Z',
  nextTry: null,
  bytesUp: 0,
  bytesDown: 0,
  rowsPulled: 0,
  problem: null,
  areas: [],
};
const says = (change: Partial<SyncStatus>): string => {
  const { tone, words } = pillOf({ ...quiet, ...change });
  return [tone, ...words.map(({ key, count }) => (count === undefined ? key : `${key} ${count}`))].join(', ');
};

test.each([
  ['all is well', {}, 'ok, synced, last'],
  ['never synced yet', { lastSuccess: null }, 'ok, synced, never'],
  ['offline with work', { online: false, problem: 'offline', waiting: 17 }, 'waits, offline, waiting 17, last'],
  ['online with work', { waiting: 2 }, 'waits, online, waiting 2'],
  ['pushing', { phase: 'pushing', waiting: 2 }, 'plain, pushing, waiting 2'],
  ['photos to go', { waitingFiles: 3 }, 'plain, synced, waiting-files 3'],
  ['paused by hand', { phase: 'paused', waiting: 1 }, 'waits, paused, waiting 1, last'],
  ['gateway without its database', { problem: 'unavailable' }, 'waits, unavailable, last'],
  ['refused changes need a person, also offline', { online: false, rejected: 1 }, 'wrong, refused 1'],
  [
    'a revoked device says that first',
    { problem: 'device.revoked', rejected: 4, waiting: 5 },
    'wrong, revoked, waiting 5',
  ],
] as const)('%s', (_edge, change, text) => expect(says(change)).toBe(text));

const area = (code: string, rows: number, complete: boolean): SyncStatus['areas'][number] => ({
  code,
  name: code,
  rows,
  complete,
  checkedAt: null,
});
const load = (done: number, total: number, areasDone: number, complete = false): SyncStatus['load'] => ({
  done,
  total,
  areasDone,
  areas: 3,
  complete,
});
const county = area('330211000000', 14, true);

test('a load is never at 100 % before it is complete, and does not fall when the next area begins', () => {
  const percents = [
    loadPercent({ load: load(0, 0, 0), areas: [] }),
    loadPercent({ load: load(14, 14, 1), areas: [county] }),
    loadPercent({ load: load(14, 4014, 1), areas: [county, area('330211001001', 0, false)] }),
    loadPercent({ load: load(2014, 4014, 1), areas: [county, area('330211001001', 2000, false)] }),
    loadPercent({ load: load(4014, 4014, 2), areas: [county, area('330211001001', 4000, true)] }),
    loadPercent({ load: load(9000, 9000, 3), areas: [] }),
    loadPercent({ load: load(9000, 9000, 3, true), areas: [] }),
  ];
  expect(percents).toEqual([0, 33, 33, 50, 66, 99, 100]);
});

test('the rows of the county alone are nothing to work with', () => {
  expect(isUsable({ load: load(14, 14, 1), areas: [county] })).toBe(false);
  expect(isUsable({ load: load(4014, 4014, 2), areas: [county, area('330211001001', 4000, true)] })).toBe(true);
  expect(isUsable({ load: load(14, 14, 3, true), areas: [] })).toBe(true);
});
