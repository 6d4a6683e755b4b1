import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { SyncStatus } from '../../shared/contract/views.ts';
import { useClient } from './client.ts';

/** How the exchange with the centre stands; kept fresh by the service's events. */
export const useSyncStore = defineStore('sync-status', () => {
  const client = useClient();
  const status = ref<SyncStatus | null>(null);

  async function refresh(): Promise<void> {
    status.value = await client.call('sync.status', {});
  }
  client.onSync((next) => {
    status.value = next;
  });
  // The numbers of the pill follow the worker's own changes at once, not at the next exchange.
  client.onChanged(['visit', 'visit_answer', 'proposal', 'conflict', 'attachment', 'resident', 'household'], refresh);

  return { status, refresh };
});
