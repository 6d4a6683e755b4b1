import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { CallInput, CallOutput } from '../../shared/contract/calls.ts';
import type { VaultStatus } from '../../shared/contract/views.ts';
import { useClient } from './client.ts';

/** Who is at the device, and whether its file is open. */
export const useVaultStore = defineStore('vault', () => {
  const client = useClient();
  const status = ref<VaultStatus | null>(null);
  const person = computed(() => status.value?.current ?? null);
  const unlocked = computed(() => status.value?.state === 'unlocked');
  const service = ref<'up' | 'down'>('up');

  async function refresh(): Promise<void> {
    status.value = await client.call('vault.status', {});
  }
  async function enrol(input: CallInput<'vault.enrol'>): Promise<CallOutput<'vault.enrol'>> {
    const result = await client.call('vault.enrol', input);
    if (result.ok) status.value = result.value;
    return result;
  }
  async function unlock(userId: string, password: string): Promise<CallOutput<'vault.unlock'>> {
    const result = await client.call('vault.unlock', { userId, password });
    // A refusal also changes what is to be seen: tries left, time of the lock-out, a file that will not open.
    if (result.ok) status.value = result.value;
    else await refresh();
    return result;
  }
  async function lock(): Promise<void> {
    status.value = await client.call('vault.lock', {});
  }

  client.onVault((next) => {
    status.value = next;
  });
  client.onService((state) => {
    service.value = state;
    if (state === 'up') void refresh();
  });

  return { status, person, unlocked, service, refresh, enrol, unlock, lock };
});
