import { computed, ref, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { useClient } from '../app/client.ts';
import type { Answer, Problem } from '../components/problem.ts';
import { useLoad, valueOf } from '../components/use-load.ts';
import { useNotices } from '../components/use-notices.ts';
import type { VisitView } from '../../shared/contract/views.ts';

export interface OpenVisit {
  readonly visit: ShallowRef<VisitView | null>;
  readonly problem: ShallowRef<Problem | null>;
  /** Something is being written right now. */
  readonly saving: Ref<boolean>;
  /** The visit takes changes: started and not closed. */
  readonly editable: ComputedRef<boolean>;
  reload(): Promise<void>;
  /**
   * Runs one command and shows the visit as it is then. A failure is told to the worker.
   * @returns the command's value, or null when it failed
   */
  run<T>(command: () => Promise<Answer<T>>): Promise<T | null>;
}

/** One visit on screen, kept fresh by the service's events. */
export function useVisit(visitId: string): OpenVisit {
  const client = useClient();
  const notices = useNotices();
  const { data, problem, reload } = useLoad(async () => valueOf(await client.call('visits.open', { visitId })));
  const running = ref(0);
  client.onChanged(
    ['visit', 'visit_answer', 'proposal', 'attachment', 'conflict', 'household', 'resident', 'membership'],
    reload,
  );

  async function run<T>(command: () => Promise<Answer<T>>): Promise<T | null> {
    running.value += 1;
    try {
      const result = await command();
      if (!result.ok) {
        notices.refused(result.failure);
        return null;
      }
      return result.value;
    } catch (error) {
      notices.failed(error);
      return null;
    } finally {
      await reload();
      running.value -= 1;
    }
  }

  return {
    visit: data,
    problem,
    saving: computed(() => running.value > 0),
    editable: computed(() => data.value?.card.state === 'started'),
    reload,
    run,
  };
}
