import type { SyncStatus } from '../../shared/contract/views.ts';
import type { NextStep } from '../../shared/result.ts';
import { loadPercent } from '../app/pill.ts';

/** The state of the exchange as one sentence: a key under `sync.sentence` and its number. */
export interface Sentence {
  readonly key: string;
  readonly count: number;
}

/** Problems that end the exchange until a person acts. */
const standstill: ReadonlySet<string> = new Set([
  'device.revoked',
  'device.forked',
  'schema.too-old',
  'lease.over',
  'disk.full',
]);

/** What the page says first: what needs a person, then what is under way, then what waits. */
export function sentenceOf(status: SyncStatus): Sentence {
  const { problem, waiting } = status;
  if (problem !== null && standstill.has(problem)) return { key: `problem.${problem}`, count: waiting };
  if (status.rejected > 0) return { key: 'rejected', count: status.rejected };
  if (status.phase === 'paused') return { key: waiting > 0 ? 'pausedWaiting' : 'paused', count: waiting };
  if (!status.load.complete && status.phase === 'loading') return { key: 'loading', count: loadPercent(status) };
  if (problem === 'unavailable') return { key: 'unavailable', count: waiting };
  if (!status.online || problem === 'offline')
    return { key: waiting > 0 ? 'offlineWaiting' : 'offline', count: waiting };
  switch (status.phase) {
    case 'connecting':
    case 'pulling':
      return { key: status.phase, count: 0 };
    case 'pushing':
      return { key: 'pushing', count: waiting };
    case 'files':
      return { key: 'files', count: status.waitingFiles };
    default:
      break;
  }
  if (waiting > 0) return { key: 'waiting', count: waiting };
  if (status.waitingFiles > 0) return { key: 'waitingFiles', count: status.waitingFiles };
  return { key: status.lastSuccess === null ? 'never' : 'done', count: 0 };
}

/** What a person can do about each problem. */
export function nextStepOf(problem: NonNullable<SyncStatus['problem']>): NextStep {
  switch (problem) {
    case 'offline':
    case 'unavailable':
      return 'wait';
    case 'device.revoked':
      return 'call-supervisor';
    case 'device.forked':
      return 'enrol-again';
    case 'schema.too-old':
      return 'update-app';
    case 'lease.over':
      return 'retry';
    case 'disk.full':
      return 'free-space';
    case 'refused':
      return 'correct';
  }
}
