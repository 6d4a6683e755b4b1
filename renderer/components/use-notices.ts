import { computed, onBeforeUnmount, readonly, ref, shallowRef, watch, type DeepReadonly, type Ref } from 'vue';
import { problemOf, type Problem } from './problem.ts';

export interface Notice {
  readonly id: number;
  /** Asked whenever it is shown, so that the words follow the language. */
  readonly text: (() => string) | null;
  readonly problem: Problem | null;
  /** Takes the step back; shown as a button with its key. */
  readonly undo: (() => Promise<unknown>) | null;
  /** Told on the way to another page, about what that page shows: it goes along, once. */
  readonly onNextPage: boolean;
}

/** How long a notice stays, in milliseconds. Failures stay until closed. */
const stay = 8000;
const notices = ref<Notice[]>([]);
let last = 0;

function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** To be called when another page is shown. */
export function leaveNotices(): void {
  notices.value = notices.value
    .filter((notice) => notice.onNextPage)
    .map((notice) => ({ ...notice, onNextPage: false }));
}

const places = shallowRef<readonly HTMLElement[]>([]);
/** Where notices are shown now; null where no page keeps room for them. */
export const noticePlace = computed(() => places.value.at(-1) ?? null);

/**
 * Keeps room for notices at this element, so that they cover nothing; a page's own room goes before the shell's.
 * @param options.last used only while no page has room of its own
 */
export function useNoticePlace(
  element: Readonly<Ref<HTMLElement | null>>,
  { last = false }: { readonly last?: boolean } = {},
): void {
  const put = (now: HTMLElement | null, before: HTMLElement | null): void => {
    const others = places.value.filter((place) => place !== before && place !== now);
    if (now === null) places.value = others;
    else places.value = last ? [now, ...others] : [...others, now];
  };
  watch(element, (now, before) => put(now, before ?? null), { immediate: true, flush: 'post' });
  onBeforeUnmount(() => put(null, element.value));
}

function show(notice: Omit<Notice, 'id' | 'onNextPage'>, onNextPage = false): void {
  const id = ++last;
  // One at a time: the newest step is the one to take back.
  notices.value = [{ ...notice, id, onNextPage }];
  if (notice.problem === null) setTimeout(() => dismiss(id), stay);
}

/** Short words at the foot of the window: what was done (with undo), or what did not work. Announced to readers. */
export function useNotices(): {
  readonly notices: DeepReadonly<Ref<Notice[]>>;
  say(text: () => string): void;
  offerUndo(text: () => string, undo: () => Promise<unknown>): void;
  /** A `Result` failure. */
  refused(problem: Problem, options?: { readonly onNextPage?: boolean }): void;
  /** A thrown error. */
  failed(error: unknown): void;
  dismiss(id: number): void;
} {
  return {
    notices: readonly(notices),
    say: (text) => show({ text, problem: null, undo: null }),
    offerUndo: (text, undo) => show({ text, problem: null, undo }),
    refused: (problem, options) => show({ text: null, problem, undo: null }, options?.onNextPage),
    failed: (error) => show({ text: null, problem: problemOf(error), undo: null }),
    dismiss,
  };
}
