import type { SyncStatus } from '../../shared/contract/views.ts';

/** What the pill says: words (message keys under `app.pill` with their numbers) and a tone. */
export interface Pill {
  readonly tone: 'ok' | 'waits' | 'wrong' | 'plain';
  readonly words: readonly { readonly key: string; readonly count?: number; readonly at?: string }[];
}

const wrong: Readonly<Partial<Record<NonNullable<SyncStatus['problem']>, string>>> = {
  'device.revoked': 'revoked',
  'device.forked': 'forked',
  'schema.too-old': 'too-old',
  'lease.over': 'lease',
  'disk.full': 'disk',
};

/**
 * How far the first load is, in whole percent; never 100 before it is complete, and never falling. Each area weighs the
 * same: how many rows an area has is known only once it has begun.
 */
export function loadPercent({ load, areas }: Pick<SyncStatus, 'load' | 'areas'>): number {
  if (load.complete) return 100;
  if (load.areas === 0) return 0;
  const whole = areas.filter(({ complete }) => complete).reduce((sum, { rows }) => sum + rows, 0);
  const open = load.total - whole;
  const part = open <= 0 ? 0 : Math.min(1, Math.max(0, (load.done - whole) / open));
  return Math.min(99, Math.floor((100 * (load.areasDone + part)) / load.areas));
}

/**
 * Whether there is something to work with before the first load is complete: a community's people. The county's own rows
 * (staff and the like, codes that end in zeros) are no work.
 */
export const isUsable = ({ load, areas }: Pick<SyncStatus, 'load' | 'areas'>): boolean =>
  load.complete || areas.some(({ complete, code }) => complete && !code.endsWith('000'));

/** Network, waiting changes and last success, in this order; what needs a person comes first. */
export function pillOf(status: SyncStatus): Pill {
  const waiting = status.waiting > 0 ? [{ key: 'waiting', count: status.waiting }] : [];
  const files = status.waitingFiles > 0 ? [{ key: 'waiting-files', count: status.waitingFiles }] : [];
  const last = status.lastSuccess === null ? { key: 'never' } : { key: 'last', at: status.lastSuccess };

  const fault = status.problem === null ? undefined : wrong[status.problem];
  if (fault !== undefined) return { tone: 'wrong', words: [{ key: fault }, ...waiting] };
  if (status.rejected > 0) return { tone: 'wrong', words: [{ key: 'refused', count: status.rejected }, ...waiting] };
  if (status.phase === 'paused') return { tone: 'waits', words: [{ key: 'paused' }, ...waiting, last] };
  if (!status.load.complete && status.phase === 'loading')
    return { tone: 'plain', words: [{ key: 'loading', count: loadPercent(status) }] };
  if (status.problem === 'unavailable') return { tone: 'waits', words: [{ key: 'unavailable' }, ...waiting, last] };
  if (!status.online) return { tone: 'waits', words: [{ key: 'offline' }, ...waiting, last] };
  switch (status.phase) {
    case 'connecting':
    case 'pushing':
    case 'pulling':
      return { tone: 'plain', words: [{ key: status.phase }, ...waiting] };
    case 'files':
      return { tone: 'plain', words: [{ key: 'files' }, ...files] };
    default:
      break;
  }
  if (status.waiting > 0) return { tone: 'waits', words: [{ key: 'online' }, ...waiting] };
  if (status.waitingFiles > 0) return { tone: 'plain', words: [{ key: 'synced' }, ...files] };
  return { tone: 'ok', words: [{ key: 'synced' }, last] };
}
