import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { CallInput, CallOutput } from '../../shared/contract/calls.ts';
import type { OutboxLine } from '../../shared/contract/views.ts';
import { useClient } from '../app/client.ts';
import { problemOf, type Problem } from '../components/problem.ts';

export type OutboxFilter = NonNullable<CallInput<'sync.outbox'>['filter']>;
export const outboxFilters = [
  'waiting',
  'rejected',
  'answered',
  'set-aside',
] as const satisfies readonly OutboxFilter[];

/** At most so many changes are shown of one kind; the count beside the tab tells how many there are. */
export const outboxLimit = 200;

/** What this device changed and what became of it, and the few things a worker can do about the exchange. */
export const useOutboxStore = defineStore('outbox', () => {
  const client = useClient();
  const filter = ref<OutboxFilter>('waiting');
  const lines = ref<readonly OutboxLine[] | null>(null);
  const problem = ref<Problem | null>(null);
  let listing = 0;

  async function list(): Promise<void> {
    const turn = ++listing;
    try {
      const found = await client.call('sync.outbox', { filter: filter.value, limit: outboxLimit });
      if (turn !== listing) return;
      lines.value = found;
      problem.value = null;
    } catch (error) {
      if (turn === listing) problem.value = problemOf(error);
    }
  }

  async function show(wanted: OutboxFilter): Promise<void> {
    if (filter.value !== wanted) lines.value = null;
    filter.value = wanted;
    await list();
  }

  async function resend(deltaId: string): Promise<CallOutput<'sync.resend'>> {
    const result = await client.call('sync.resend', { deltaId });
    await list();
    return result;
  }

  async function setAside(deltaId: string): Promise<CallOutput<'sync.setAside'>> {
    const result = await client.call('sync.setAside', { deltaId });
    await list();
    return result;
  }

  async function syncNow(): Promise<void> {
    await client.call('sync.now', {});
  }

  async function pause(paused: boolean): Promise<void> {
    await client.call('sync.pause', { paused });
  }

  return { filter, lines, problem, list, show, resend, setAside, syncNow, pause };
});
