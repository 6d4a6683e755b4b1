import type { NextStep } from '../../shared/result.ts';
import { CallError } from './call-error.ts';

/** What a person is told when something did not work: a stable code, what to do next, small facts for the wording. */
export interface Problem {
  readonly code: string;
  readonly next: NextStep;
  readonly facts?: Readonly<Record<string, string | number>> | undefined;
}

/** What a call with expected failures resolves to, as screens see it. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Problem };

/** What a thrown thing means to the person at the screen. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof CallError)) return { code: 'window.failed', next: 'reload' };
  switch (error.code) {
    case 'call.locked':
      return { code: error.code, next: 'unlock' };
    case 'call.forbidden':
      return { code: error.code, next: 'call-supervisor' };
    default:
      return { code: error.code, next: 'retry' };
  }
}
