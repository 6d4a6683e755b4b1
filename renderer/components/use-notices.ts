import { readonly, ref, type DeepReadonly, type Ref } from 'vue';
import { problemOf, type Problem } from './problem.ts';

export interface Notice {
  readonly id: number;
  readonly text: string | null;
  readonly problem: Problem | null;
  /** Takes the step back; shown as a button with its key. */
  readonly undo: (() => Promise<unknown>) | null;
}

/** How long a notice stays, in milliseconds. Failures stay until closed. */
const stay = 8000;
const notices = ref<Notice[]>([]);
let last = 0;

function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

function show(notice: Omit<Notice, 'id'>): void {
  const id = ++last;
  // One at a time: the newest step is the one to take back.
  notices.value = [{ ...notice, id }];
  if (notice.problem === null) setTimeout(() => dismiss(id), stay);
}

/** Short words at the foot of the window: what was done (with undo), or what did not work. Announced to readers. */
export function useNotices(): {
  readonly notices: DeepReadonly<Ref<Notice[]>>;
  say(text: string): void;
  offerUndo(text: string, undo: () => Promise<unknown>): void;
  /** A `Result` failure. */
  refused(problem: Problem): void;
  /** A thrown error. */
  failed(error: unknown): void;
  dismiss(id: number): void;
} {
  return {
    notices: readonly(notices),
    say: (text) => show({ text, problem: null, undo: null }),
    offerUndo: (text, undo) => show({ text, problem: null, undo }),
    refused: (problem) => show({ text: null, problem, undo: null }),
    failed: (error) => show({ text: null, problem: problemOf(error), undo: null }),
    dismiss,
  };
}
