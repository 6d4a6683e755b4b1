import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { CallInput, CallOutput } from '../../shared/contract/calls.ts';
import type { ResidentView } from '../../shared/contract/views.ts';
import { useClient } from '../app/client.ts';
import { problemOf, type Problem } from '../components/problem.ts';

/** One person's page, and what a worker can do about his fields and about what departments report of him. */
export const useResidentStore = defineStore('resident', () => {
  const client = useClient();
  const id = ref<string | null>(null);
  const resident = ref<ResidentView | null>(null);
  const problem = ref<Problem | null>(null);
  let reading = 0;

  async function read(): Promise<void> {
    const wanted = id.value;
    if (wanted === null) return;
    const turn = ++reading;
    try {
      const result = await client.call('residents.open', { residentId: wanted });
      if (turn !== reading) return;
      resident.value = result.ok ? result.value : null;
      problem.value = result.ok ? null : result.failure;
    } catch (error) {
      if (turn === reading) problem.value = problemOf(error);
    }
  }

  async function open(residentId: string): Promise<void> {
    if (id.value !== residentId) resident.value = null;
    id.value = residentId;
    problem.value = null;
    await read();
  }

  /** Leaves nothing of the person in the window's memory. */
  function close(): void {
    reading += 1;
    id.value = null;
    resident.value = null;
    problem.value = null;
  }

  async function confirm(proposalIds: string[], how: 'phone' | 'document'): Promise<CallOutput<'proposals.confirm'>> {
    const result = await client.call('proposals.confirm', { proposalIds, visitId: null, how });
    await read();
    return result;
  }
  async function dispute(proposalId: string, reason: string): Promise<CallOutput<'proposals.dispute'>> {
    const result = await client.call('proposals.dispute', { proposalId, reason, visitId: null });
    await read();
    return result;
  }
  async function correct(input: CallInput<'proposals.correct'>): Promise<CallOutput<'proposals.correct'>> {
    const result = await client.call('proposals.correct', input);
    await read();
    return result;
  }
  async function later(proposalId: string): Promise<CallOutput<'proposals.later'>> {
    const result = await client.call('proposals.later', { proposalId });
    await read();
    return result;
  }
  async function undo(proposalId: string): Promise<CallOutput<'proposals.undo'>> {
    const result = await client.call('proposals.undo', { proposalId });
    await read();
    return result;
  }

  client.onChanged(['resident', 'household', 'membership', 'proposal', 'conflict'], read);
  return { id, resident, problem, open, close, read, confirm, dispute, correct, later, undo };
});
