import { expect, test } from 'vitest';
import type { SyncStatus } from '../../shared/contract/views.ts';
import { loadPercent, pillOf } from './pill.ts';

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

test('a load is never at 100 % before it is complete', () => {
  expect(loadPercent({ done: 999, total: 1000, areasDone: 1, areas: 2, complete: false })).toBe(99);
  expect(loadPercent({ done: 1000, total: 1000, areasDone: 1, areas: 2, complete: false })).toBe(99);
  expect(loadPercent({ done: 0, total: 0, areasDone: 0, areas: 0, complete: false })).toBe(0);
  expect(loadPercent({ done: 1000, total: 1000, areasDone: 2, areas: 2, complete: true })).toBe(100);
});
