import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { problemOf, type Answer, type Problem } from './problem.ts';

export interface Load<T> {
  /** The last good answer; stays while a newer one is fetched. */
  readonly data: ShallowRef<T | null>;
  readonly problem: ShallowRef<Problem | null>;
  readonly pending: Ref<boolean>;
  /** Fetches again; an older answer that arrives late is dropped. Never rejects. */
  reload(): Promise<void>;
}

/** Fetches what a screen shows, with its states: pending, there, failed. Starts with the first `reload()`. */
export function useLoad<T>(fetch: () => Promise<T>): Load<T> {
  const data = shallowRef<T | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const pending = ref(false);
  let latest = 0;
  onScopeDispose(() => {
    latest = -1;
  });

  async function reload(): Promise<void> {
    if (latest < 0) return;
    const turn = ++latest;
    pending.value = true;
    try {
      const found = await fetch();
      if (turn !== latest) return;
      data.value = found;
      problem.value = null;
    } catch (error) {
      if (turn === latest) problem.value = error instanceof FailedLoad ? error.problem : problemOf(error);
    } finally {
      if (turn === latest) pending.value = false;
    }
  }
  return { data, problem, pending, reload };
}

class FailedLoad extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
}

/** Inside `useLoad`: the value of a `Result`, or its failure as the load's problem. */
export function valueOf<T>(result: Answer<T>): T {
  if (result.ok) return result.value;
  throw new FailedLoad(result.failure);
}
