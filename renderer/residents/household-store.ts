import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { HouseholdView } from '../../shared/contract/views.ts';
import { useClient } from '../app/client.ts';
import { problemOf, type Problem } from '../components/problem.ts';

/** One door's page. */
export const useHouseholdStore = defineStore('household', () => {
  const client = useClient();
  const id = ref<string | null>(null);
  const household = ref<HouseholdView | null>(null);
  const problem = ref<Problem | null>(null);
  let reading = 0;

  async function read(): Promise<void> {
    const wanted = id.value;
    if (wanted === null) return;
    const turn = ++reading;
    try {
      const result = await client.call('households.open', { householdId: wanted });
      if (turn !== reading) return;
      household.value = result.ok ? result.value : null;
      problem.value = result.ok ? null : result.failure;
    } catch (error) {
      if (turn === reading) problem.value = problemOf(error);
    }
  }

  async function open(householdId: string): Promise<void> {
    if (id.value !== householdId) household.value = null;
    id.value = householdId;
    problem.value = null;
    await read();
  }

  function close(): void {
    reading += 1;
    id.value = null;
    household.value = null;
    problem.value = null;
  }

  client.onChanged(['household', 'membership', 'resident', 'visit', 'proposal', 'address'], read);
  return { id, household, problem, open, close, read };
});
