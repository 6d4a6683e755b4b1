/** What a person can do about a failure; the renderer words it. */
export type NextStep =
  | 'retry'
  | 'correct'
  | 'reload'
  | 'unlock'
  | 'enrol-again'
  | 'call-supervisor'
  | 'free-space'
  | 'update-app'
  | 'restore-copy'
  | 'wait';

/** An expected failure: a stable code and the next step, never prose. */
export interface Failure<C extends string = string> {
  readonly code: C;
  readonly next: NextStep;
  /** Small facts for the wording, such as a count or a date. Never personal data. */
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** Outcome of work that is expected to fail sometimes. Plain data, so it crosses process walls unchanged. */
export type Result<T, C extends string = string> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure<C> };

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

export function fail<C extends string>(
  code: C,
  next: NextStep,
  facts?: Readonly<Record<string, string | number>>,
): { readonly ok: false; readonly failure: Failure<C> } {
  return { ok: false, failure: facts === undefined ? { code, next } : { code, next, facts } };
}

/** Closes a switch: a new union member becomes a compile error at every place that must handle it. */
export function unreachable(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
