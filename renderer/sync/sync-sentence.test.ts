import { expect, test } from 'vitest';
import { SyncProblem, type SyncStatus } from '../../shared/contract/views.ts';
import { rejectionCodes } from '../../shared/sync/delta.ts';
import { messages } from './messages.ts';
import { nextStepOf, sentenceOf } from './sync-sentence.ts';

const calm: SyncStatus = {
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

test.each<[string, Partial<SyncStatus>, string, number]>([
  ['all is exchanged', {}, 'done', 0],
  ['never exchanged', { lastSuccess: null }, 'never', 0],
  ['work waits', { waiting: 17 }, 'waiting', 17],
  ['only pictures wait', { waitingFiles: 3 }, 'waitingFiles', 3],
  ['no network with work', { online: false, problem: 'offline', waiting: 17 }, 'offlineWaiting', 17],
  ['no network without work', { online: false, problem: 'offline' }, 'offline', 0],
  ['refused work goes before a lost network', { online: false, rejected: 2, waiting: 9 }, 'rejected', 2],
  [
    'a revoked device goes before refused work',
    { problem: 'device.revoked', rejected: 2 },
    'problem.device.revoked',
    0,
  ],
  ['paused', { phase: 'paused', waiting: 1 }, 'pausedWaiting', 1],
  [
    'the first load',
    { phase: 'loading', load: { done: 999, total: 1000, areasDone: 0, areas: 2, complete: false } },
    'loading',
    49,
  ],
])('%s', (_name, part, key, count) => expect(sentenceOf({ ...calm, ...part })).toEqual({ key, count }));

/** The text under a key in dots. */
function textAt(texts: unknown, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>((at, part) => (typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined), texts);
}

test('every problem and every reason of a refusal has its words in both languages', () => {
  for (const language of [messages.zh, messages.en]) {
    for (const problem of SyncProblem.options) {
      expect(textAt(language, `problem.${problem}`), problem).toBeTypeOf('string');
      expect(nextStepOf(problem)).toBeTypeOf('string');
    }
    for (const code of rejectionCodes) expect(textAt(language, `rejection.${code}`), code).toBeTypeOf('string');
  }
});
