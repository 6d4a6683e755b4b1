import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { CallInput, CallOutput } from '../../shared/contract/calls.ts';
import type { ConflictLine, ConflictPage } from '../../shared/contract/views.ts';
import { useClient } from '../app/client.ts';
import { problemOf, type Problem } from '../components/problem.ts';

export type ConflictState = NonNullable<CallInput<'conflicts.list'>['state']>;
export const conflictStates = ['open', 'settled', 'noted'] as const satisfies readonly ConflictState[];

/** Conflicts of one door, in the order of the list. */
export interface ConflictGroup {
  readonly key: string;
  readonly placeText: string;
  readonly householdId: string | null;
  readonly lines: readonly ConflictLine[];
}

/** Groups by household; the group whose conflict came first keeps its place. */
export function groupByHousehold(lines: readonly ConflictLine[]): ConflictGroup[] {
  const groups = new Map<string, ConflictLine[]>();
  for (const line of lines) {
    const key = line.householdId ?? line.subject.id;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups].map(([key, members]) => ({
    key,
    placeText: members[0]?.placeText ?? '',
    householdId: members[0]?.householdId ?? null,
    lines: members,
  }));
}

/** The one to look at after `id` is settled: the next in the list, or the one before the last, or none. */
export function nextAfter(lines: readonly ConflictLine[], id: string): string | null {
  const at = lines.findIndex((line) => line.id === id);
  return (lines[at + 1] ?? lines[at - 1])?.id ?? null;
}

/** What disagrees, and the page of the one being looked at. */
export const useConflictsStore = defineStore('conflicts', () => {
  const client = useClient();
  const state = ref<ConflictState>('open');
  const lines = ref<readonly ConflictLine[] | null>(null);
  const listProblem = ref<Problem | null>(null);
  const id = ref<string | null>(null);
  const page = ref<ConflictPage | null>(null);
  const pageProblem = ref<Problem | null>(null);
  let listing = 0;
  let reading = 0;

  const groups = computed(() => groupByHousehold(lines.value ?? []));
  /** As the list shows them, group by group. */
  const inOrder = computed(() => groups.value.flatMap((group) => group.lines));

  async function list(): Promise<void> {
    const turn = ++listing;
    try {
      const found = await client.call('conflicts.list', { state: state.value });
      if (turn !== listing) return;
      lines.value = found;
      listProblem.value = null;
    } catch (error) {
      if (turn === listing) listProblem.value = problemOf(error);
    }
  }

  async function show(wanted: ConflictState): Promise<void> {
    if (state.value !== wanted) lines.value = null;
    state.value = wanted;
    await list();
  }

  async function read(): Promise<void> {
    const wanted = id.value;
    if (wanted === null) return;
    const turn = ++reading;
    try {
      const result = await client.call('conflicts.open', { conflictId: wanted });
      if (turn !== reading) return;
      page.value = result.ok ? result.value : null;
      pageProblem.value = result.ok ? null : result.failure;
    } catch (error) {
      if (turn === reading) pageProblem.value = problemOf(error);
    }
  }

  async function open(conflictId: string | null): Promise<void> {
    if (id.value !== conflictId) page.value = null;
    id.value = conflictId;
    pageProblem.value = null;
    await read();
  }

  /** Leaves nothing of the people concerned in the window's memory. */
  function leave(): void {
    listing += 1;
    reading += 1;
    state.value = 'open';
    lines.value = null;
    id.value = null;
    page.value = null;
  }

  const unmask = (input: CallInput<'fields.unmask'>): Promise<CallOutput<'fields.unmask'>> =>
    client.call('fields.unmask', input);

  /**
   * Settles one. What is settled leaves the open ones here and now, and a list asked for before cannot bring it back:
   * between this answer and the next list nothing may open it again as one that waits.
   */
  async function settle(input: CallInput<'conflicts.settle'>): Promise<CallOutput<'conflicts.settle'>> {
    const result = await client.call('conflicts.settle', input);
    if (result.ok && state.value === 'open' && lines.value !== null) {
      listing += 1;
      lines.value = lines.value.filter((line) => line.id !== input.conflictId);
    }
    return result;
  }

  client.onChanged(['conflict', 'resident', 'household', 'visit', 'visit_answer', 'proposal'], async () => {
    if (lines.value === null) return;
    await list();
    await read();
  });

  return {
    state,
    lines,
    groups,
    inOrder,
    listProblem,
    id,
    page,
    pageProblem,
    show,
    list,
    open,
    read,
    leave,
    unmask,
    settle,
  };
});
