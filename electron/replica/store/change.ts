import type { EntityName } from '../../../shared/domain/entities.ts';
import type { Source } from '../../../shared/domain/sources.ts';
import type { FieldValue } from '../../../shared/domain/values.ts';
import type { Reason } from '../../../shared/sync/delta.ts';

/** One command's change to one row. */
export interface Change {
  readonly entity: EntityName;
  readonly row: string;
  /**
   * `create` of a row that is there already is an update of it; `update` or `create` of a deleted row brings it back;
   * `update` or `delete` of a row that was never there throws.
   */
  readonly op: 'create' | 'update' | 'delete';
  /** The row's area; for a row that exists, the one it has. */
  readonly area: string;
  /** Only what changes; what is the same already is left out of the delta. Empty for `delete`. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly source: Source;
  readonly reason: Reason;
}
