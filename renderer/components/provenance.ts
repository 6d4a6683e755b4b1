import type { Author } from '../../shared/contract/views.ts';
import { isDepartment, type Source } from '../../shared/domain/sources.ts';
import type { Reason } from '../../shared/sync/delta.ts';

/** What is known about where a value comes from. */
export interface Origin {
  readonly source: Source | null;
  readonly by: Author | null;
  readonly reason: Reason | null;
}

/** Which part a person had in a value that does not come from him. */
export type Part = 'confirmed' | 'settled';

/** Where a value comes from, for words to be put to. */
export interface Told {
  /** The source to name; null where naming it would say that somebody saw what he only settled. */
  readonly source: Source | null;
  /** The person to name; null where a department or the product itself stands alone. */
  readonly person: Author | null;
  /** Named with the person; null where the value is simply his. */
  readonly part: Part | null;
}

/**
 * Who is to be named for a value. A department's value that a worker confirmed has both. A settled dispute is written with
 * the source `visit`, and yet nobody need have been there: it names who settled it, and the source only of a department.
 */
export function tellOrigin({ source, by, reason }: Origin): Told {
  // Feeds and the product itself are no persons: they have no name.
  const person = by === null || by.id === 'system' || by.name === '' ? null : by;
  const fromDepartment = source !== null && isDepartment(source);
  if (reason?.kind === 'resolve' && person !== null)
    return { source: fromDepartment ? source : null, person, part: 'settled' };
  const confirmed = fromDepartment && person !== null && (reason === null || reason.kind === 'proposal');
  return { source, person, part: confirmed ? 'confirmed' : null };
}
