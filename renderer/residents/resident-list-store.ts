import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { CallInput } from '../../shared/contract/calls.ts';
import type { ResidentLine } from '../../shared/contract/views.ts';
import { useClient } from '../app/client.ts';
import { problemOf, type Problem } from '../components/problem.ts';

type Wanted = CallInput<'residents.list'>;
export type ResidentFilter = NonNullable<Wanted['filter']>;
export type ResidentOrder = NonNullable<Wanted['order']>;

export const residentFilters = [
  'all',
  'with-changes',
  'alone',
  'elder',
  'child',
  'disabled',
  'relief',
  'deceased',
] as const satisfies readonly ResidentFilter[];

export const residentOrders = ['place', 'name', 'age'] as const satisfies readonly ResidentOrder[];

/** Rows asked for at once: some three screens full. */
export const pageSize = 100;
/** Pages kept in memory; those furthest from what is on screen are let go first. */
const keptPages = 60;

/**
 * The list of people, read page by page as it scrolls. What was asked for stays while the worker looks at one person,
 * so that coming back shows the same place.
 */
export const useResidentListStore = defineStore('resident-list', () => {
  const client = useClient();
  const text = ref('');
  const filter = ref<ResidentFilter>('all');
  const order = ref<ResidentOrder>('place');
  /** Pixels scrolled, for coming back. */
  const scrolled = ref(0);
  /** How many people the question finds; null until the first answer. */
  const total = ref<number | null>(null);
  const problem = ref<Problem | null>(null);
  /** True while the answer on screen belongs to an older question. */
  const asking = ref(false);
  /** Raised with every new answer to a new question; the list scrolls up on it. */
  const answers = ref(0);
  const pages = shallowRef<ReadonlyMap<number, readonly ResidentLine[]>>(new Map());

  let question = 0;
  let answered = 0;
  let working = false;
  /** A new question shows its answer from the top; the same question asked again keeps the place. */
  let fromTop = true;
  let shown: readonly [first: number, last: number] = [0, 0];
  let filling = false;

  const ask = (page: number) =>
    client.call('residents.list', {
      text: text.value.trim(),
      filter: filter.value,
      order: order.value,
      offset: page * pageSize,
      limit: pageSize,
    });

  const rowAt = (index: number): ResidentLine | undefined =>
    pages.value.get(Math.floor(index / pageSize))?.[index % pageSize];

  /** Pages that stay: those on screen, and the nearest of the others. */
  function keepNear(all: Map<number, readonly ResidentLine[]>): Map<number, readonly ResidentLine[]> {
    if (all.size <= keptPages) return all;
    const distance = (page: number): number => Math.max(shown[0] - page, page - shown[1], 0);
    return new Map([...all].sort(([a], [b]) => distance(a) - distance(b)).slice(0, keptPages));
  }

  /** Answers the newest question; those typed meanwhile wait for one answer only, the older ones are dropped. */
  async function work(): Promise<void> {
    if (working) return;
    working = true;
    try {
      while (answered !== question) {
        const current = question;
        const wanted = fromTop ? [0] : range(shown[0], shown[1]);
        const found = await Promise.all(wanted.map(async (page) => [page, await ask(page)] as const));
        if (current !== question) continue;
        answered = current;
        pages.value = new Map(found.map(([page, answer]) => [page, answer.rows]));
        total.value = found[0]?.[1].total ?? 0;
        problem.value = null;
        if (fromTop) answers.value += 1;
        fromTop = false;
      }
    } catch (error) {
      answered = question;
      problem.value = problemOf(error);
    } finally {
      working = false;
      asking.value = false;
    }
  }

  /** Asks anew, from the top. Old rows stay on screen until the answer is there. */
  async function search(): Promise<void> {
    question += 1;
    asking.value = true;
    scrolled.value = 0;
    fromTop = true;
    await work();
  }

  /** Asks the same again for what is on screen, where rows have changed. */
  async function refresh(): Promise<void> {
    if (total.value === null) return;
    question += 1;
    await work();
  }

  /**
   * Reads the pages that these rows stand on, where they are not there yet. A fast scroll passes many rows: only those
   * it has come to when the last pages arrive are read next.
   */
  async function ensure(first: number, last: number): Promise<void> {
    shown = [Math.floor(first / pageSize), Math.floor(Math.max(first, last) / pageSize)];
    if (filling) return;
    filling = true;
    try {
      let missing = missingPages();
      while (missing.length > 0) {
        const current = question;
        const found = await Promise.all(missing.map(async (page) => [page, await ask(page)] as const));
        // A newer question took over; its own answer brings the first pages.
        if (current !== question || answered !== current) return;
        pages.value = keepNear(
          new Map([...pages.value, ...found.map(([page, answer]) => [page, answer.rows] as const)]),
        );
        total.value = found[0]?.[1].total ?? total.value;
        missing = missingPages();
      }
    } catch (error) {
      problem.value = problemOf(error);
    } finally {
      filling = false;
    }
  }
  const missingPages = (): number[] => range(shown[0], shown[1]).filter((page) => !pages.value.has(page));

  client.onChanged(['resident', 'household', 'membership', 'address', 'proposal'], refresh);

  const empty = computed(() => total.value === 0);
  return {
    text,
    filter,
    order,
    scrolled,
    total,
    problem,
    asking,
    answers,
    pages,
    empty,
    rowAt,
    search,
    refresh,
    ensure,
  };
});

const range = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, step) => first + step);
